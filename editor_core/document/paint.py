"""What a stroke or a fill does to the pixels it covers: uint8 before (h, w, channels) and coverage (h, w, 1)."""

import numpy as np

from editor_core.document.tiles import Pixels


def add_mask(before: Pixels, coverage: Pixels) -> Pixels:
    return np.maximum(before, coverage)


def subtract_mask(before: Pixels, coverage: Pixels) -> Pixels:
    """max(0, before - coverage): the same shape, soft edge and all, takes away all that it added."""
    left: Pixels = before - np.minimum(before, coverage)
    return left


def paint_over(before: Pixels, coverage: Pixels, colour: tuple[int, int, int], keep_alpha: bool) -> Pixels:
    """A colour over straight RGBA (W3C source-over); ``keep_alpha``: clear pixels stay clear (source-atop)."""
    painted = np.empty_like(before)
    if not keep_alpha and not before[..., 3].any():
        painted[..., :3] = colour
        painted[..., 3:] = coverage
        return _cleared(painted)
    source = coverage[..., 0] * np.float32(1 / 255)
    backdrop = before[..., 3] * np.float32(1 / 255)
    alpha = backdrop if keep_alpha else source + backdrop * (1 - source)
    share = source if keep_alpha else np.divide(source, alpha, out=np.zeros_like(source), where=alpha > 0)
    for channel, value in enumerate(colour):
        plane = before[..., channel].astype(np.float32)
        painted[..., channel] = np.rint(plane + share * (np.float32(value) - plane))
    painted[..., 3] = before[..., 3] if keep_alpha else np.rint(alpha * 255)
    return _cleared(painted)


def lay_over(before: Pixels, coverage: Pixels, pixels: Pixels, keep_alpha: bool) -> Pixels:
    """Straight RGBA pixels over others, as far as they are covered (W3C source-over, or source-atop)."""
    source = coverage[..., 0] * (pixels[..., 3] * np.float32(1 / 65025))
    backdrop = before[..., 3] * np.float32(1 / 255)
    alpha = backdrop if keep_alpha else source + backdrop * (1 - source)
    share = source if keep_alpha else np.divide(source, alpha, out=np.zeros_like(source), where=alpha > 0)
    laid = np.empty_like(before)
    for channel in range(3):
        plane = before[..., channel].astype(np.float32)
        laid[..., channel] = np.rint(plane + share * (pixels[..., channel] - plane))
    laid[..., 3] = before[..., 3] if keep_alpha else np.rint(alpha * 255)
    return _cleared(laid)


def erase(before: Pixels, coverage: Pixels) -> Pixels:
    """What is covered becomes clear."""
    erased = before.copy()
    erased[..., 3] = (before[..., 3].astype(np.uint16) * (255 - coverage[..., 0]) + 127) // 255
    return _cleared(erased)


def held_to(coverage: Pixels, selected: Pixels) -> Pixels:
    """Coverage (h, w, 1) as far as a selection (h, w) lets it."""
    held: Pixels = ((coverage.astype(np.uint16) * selected[..., None] + 127) // 255).astype(np.uint8)
    return held


def _cleared(pixels: Pixels) -> Pixels:
    """All zero where nothing is seen, so that such pixels cost nothing and have no extent."""
    pixels[pixels[..., 3] == 0] = 0
    return pixels
