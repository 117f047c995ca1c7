"""How often each level occurs in a picture."""

import numpy as np

LEVELS = 256


def histogram(pixels: np.ndarray) -> np.ndarray:
    """float64 (4, 256): of all three channels together, of red, green and blue, each with a peak of 1.

    pixels: uint8 (H, W, 3 or 4); what is clear does not count. Pure black and white count for the peak no more than
    the highest level between them, or a picture on paper would show nothing else.
    """
    seen = pixels[..., :3].reshape(-1, 3)
    if pixels.shape[2] == 4:
        seen = seen[pixels[..., 3].ravel() > 0]
    channels = np.stack([np.bincount(seen[:, channel], minlength=LEVELS) for channel in range(3)])
    counts = np.vstack([channels.sum(axis=0), channels]).astype(np.float64)
    peaks = counts[:, 1:-1].max(axis=1, keepdims=True)
    peaks = np.where(peaks > 0, peaks, np.maximum(counts.max(axis=1, keepdims=True), 1))
    return np.asarray((counts / peaks).clip(0, 1))
