"""Figures of one result that need no network.

Against the true picture where there is one: L1 and L2 (MagicBrush's, colours 0..1), PSNR, SSIM, MS-SSIM, GMSD,
HaarPSI. Outside the given mask, against the picture as it was: PSNR, MSE and SSIM (PIE-Bench's background). The change
inside and outside the mask, C_m and C_non, and their ratio (InstDiffEdit's equations II and III). IoU of what changed
with the mask (equation I). What is seen of the mask's edge: colour steps (CIEDE2000) in the ring of four pixels on
either side, over those before. Sharpness, the mean gradient of lightness in levels of L* to the next pixel.
"""

import math
from importlib.util import find_spec

import numpy as np
import torch
from numpy.typing import NDArray

from editor_core.base.errors import EditorError
from editor_core.evaluation.likeness import gmsd, haarpsi
from editor_core.evaluation.ring import Ring, Trace, lab_of

_CHANGED = 10  # levels of 255 from which on a pixel counts as changed
_SMALLEST = 176  # pixels a side: four halvings must leave the 11 of the Gaussian
Picture = NDArray[np.uint8]


def figures(
    before: Picture, result: Picture, mask: Picture | None, after: Picture | None
) -> dict[str, float]:
    """By name; NaN where a figure cannot be. Pictures uint8 (H, W, 3), mask uint8 (H, W)."""
    found: dict[str, float] = {}
    if after is not None:
        error = (result.astype(np.float64) - after) / 255
        found |= {"l1": float(np.abs(error).mean()), "l2": float((error**2).mean())}
        found |= {"psnr": _psnr(float((error**2).mean())), "ssim": ssim(result, after)}
        found |= {
            "ms_ssim": ms_ssim(result, after),
            "gmsd": gmsd(result, after),
            "haarpsi": haarpsi(result, after),
        }
    if mask is not None:
        found |= _by_mask(before, result, mask > 0)
        found["ring"] = ring(before, result, mask)
    found["sharpness"] = sharpness(result)
    return found


def sharpness(picture: Picture) -> float:
    """The mean gradient of lightness, in levels of L* to the next pixel."""
    return float(np.hypot(*np.gradient(lab_of(picture)[..., 0])).mean())


def ring(before: Picture, result: Picture, mask: Picture) -> float:
    """The median colour step at the mask's edge over the one before; NaN where the mask has no edge."""
    try:
        return Trace.between([Ring.of(before, mask)], [Ring.of(result, mask)]).median
    except ValueError:
        return math.nan


def _by_mask(before: Picture, result: Picture, inside: NDArray[np.bool_]) -> dict[str, float]:
    change = np.abs(result.astype(np.float64) - before) / 255
    by_pixel = change.mean(2)
    outside = ~inside
    c_m = float(by_pixel[inside].mean()) if inside.any() else math.nan
    c_non = float(by_pixel[outside].mean()) if outside.any() else math.nan
    mse = float((change[outside] ** 2).mean()) if outside.any() else math.nan
    moved = np.abs(result.astype(int) - before).max(2) >= _CHANGED
    either = int((moved | inside).sum())
    pasted = np.where(inside[..., None], before, result)
    return {
        "background_psnr": _psnr(mse),
        "background_mse": mse,
        "background_ssim": ssim(pasted, before) if outside.any() else math.nan,
        "c_m": c_m,
        "c_non": c_non,
        "c_ratio": c_m / c_non if c_non else math.nan,
        "iou": int((moved & inside).sum()) / either if either else math.nan,
        "changed_outside": float((result != before).any(2)[outside].sum()),
    }


def ssim(one: Picture, other: Picture) -> float:
    """Structural similarity with a Gaussian of 11 pixels (Wang et al. 2004), by torchmetrics."""
    from torchmetrics.functional.image import structural_similarity_index_measure

    found = structural_similarity_index_measure(_tensor(one), _tensor(other), data_range=1.0)
    return float(found[0] if isinstance(found, tuple) else found)


def ms_ssim(one: Picture, other: Picture) -> float:
    """The same at five scales (Wang, Simoncelli and Bovik 2003); NaN for a side under 176 pixels."""
    from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

    if min(one.shape[:2]) < _SMALLEST:
        return math.nan
    return float(multiscale_structural_similarity_index_measure(_tensor(one), _tensor(other), data_range=1.0))


def check_installed() -> None:
    """Raises EditorError where torchmetrics is not."""
    if not find_spec("torchmetrics"):
        raise EditorError("Benchmarks need torchmetrics: pip install palimpsest-editor[bench].")


def decibels(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """PSNR of colours 0..255; infinite where nothing differs."""
    mse = float(((one.astype(np.float64) - other) ** 2).mean()) / 255**2
    return math.inf if mse == 0 else _psnr(mse)


def _tensor(picture: Picture) -> torch.Tensor:
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255


def _psnr(mse: float) -> float:
    """dB of a mean squared error of colours 0..1; NaN where nothing differs, as there is no such number."""
    return -10 * math.log10(mse) if mse > 0 else math.nan
