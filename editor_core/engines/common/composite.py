"""Putting a painted region back into the picture so that nothing outside moves by a single pixel."""

import numpy as np

from editor_core.pixels.opencv import cv2

_FEATHER = 6  # pixels over which a found region fades into what was there


def soft_edge(region: np.ndarray, downscale: int, height: int, width: int) -> np.ndarray:
    """The opacity uint8 (H, W) of a region found on the latent grid, bool (h, w).

    Full on the region itself and fading outside it, where the decoder's reach makes old and new nearly alike, so that
    no seam shows. Exactly 0 beyond the fade.
    """
    hard = np.kron(region.astype(np.float32), np.ones((downscale, downscale), np.float32))[:height, :width]
    distance = cv2.distanceTransform((hard < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    if not region.any():
        return np.zeros((height, width), np.uint8)
    found: np.ndarray = np.rint(255 * np.clip(1 - distance / _FEATHER, 0, 1)).astype(np.uint8)
    return found


def inner_edge(mask: np.ndarray, fade: float = _FEATHER / 2) -> np.ndarray:
    """The opacity uint8 (H, W) of a mask the artist gave, uint8 (H, W): the mask and no more, soft just inside.

    The edge fades over ``fade`` pixels, where the mask is narrow over less.
    """
    inside = (mask > 0).astype(np.uint8)
    if inside.all():
        return mask.copy()
    distance = depth_in(inside)
    widths: np.ndarray | float = fade
    if fade > _FEATHER / 2:
        around = 2 * int(fade) + 1
        local = cv2.dilate(distance, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (around, around)))
        widths = np.clip(local / 2, _FEATHER / 2, fade)
    soft = np.rint(mask * np.clip(distance / widths, 0, 1)).astype(np.uint8)
    opacity: np.ndarray = np.maximum(soft, inside)  # a faint mask is one, too
    return opacity


def depth_in(inside: np.ndarray) -> np.ndarray:
    """float32 (H, W): how far each pixel of ``inside``, (H, W), lies from its edge; the picture's rim is none."""
    framed = cv2.copyMakeBorder((inside > 0).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1])


def composite(below: np.ndarray, above: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """Lay ``above`` over ``below`` (both uint8 (H, W, 3)); where opacity, uint8 (H, W), is 0 the bytes are below's."""
    alpha = opacity[..., None].astype(np.float32) / 255
    mixed = below + (above.astype(np.float32) - below) * alpha
    return np.where(opacity[..., None] > 0, np.rint(mixed).astype(np.uint8), below)
