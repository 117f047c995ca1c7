"""Pictures, masks and parameters between callers and requests; what a turn keeps, as arrays."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from editor_core.base.errors import ProjectError
from editor_core.document.turns import Turn
from editor_core.engines.embctrl import EmbCtrlParameters
from editor_core.engines.fisedit_parameters import FISEditParameters
from editor_core.engines.generate import GenerateParameters
from editor_core.engines.instdiffedit import InstDiffEditParameters
from editor_core.engines.masafusion import MaSaFusionParameters
from editor_core.project.image_io import over_white, read_image

Picture: TypeAlias = NDArray[np.uint8]
File: TypeAlias = str | os.PathLike[str]
Parameters: TypeAlias = (
    FISEditParameters
    | InstDiffEditParameters
    | MaSaFusionParameters
    | EmbCtrlParameters
    | GenerateParameters
    | Mapping[str, Any]
    | None
)


def trajectory(turn: Turn) -> NDArray[np.float32]:
    """The latents at every step, float32 (steps + 1, C, h, w), noise first.

    Raises EditorError for a turn of a picture larger than the model sees at once, which has none of its own.
    """
    if "trajectory" not in turn.latents:
        raise ProjectError("This turn has no trajectory: its picture was edited in a window.")
    return np.asarray(turn.latents["trajectory"], np.float32)


def region(turn: Turn) -> NDArray[np.bool_] | None:
    """bool (h, w): the latent positions that an incremental edit computed; None where all were."""
    return turn.latents["region"].astype(bool) if "region" in turn.latents else None


def mask_of(mask: NDArray[Any]) -> Picture:
    """uint8 (H, W), white where the picture may change; floats from 0 to 1 become greys."""
    given = np.asarray(mask)
    shares = given.clip(0, 1) if given.dtype.kind == "f" else given != 0
    return np.asarray(np.ceil(255 * shares), np.uint8)


def by_name(parameters: Parameters, method: str) -> dict[str, Any]:
    """A method's parameters as a request has them; one variant unless more are asked for."""
    found = (
        dict(parameters or {})
        if parameters is None or isinstance(parameters, Mapping)
        else dataclasses.asdict(parameters)
    )
    if method == "instdiffedit" and not found.get("variants"):
        found["variants"] = 1
    return found


def pixels_of(picture: Picture | File) -> Picture:
    """uint8 (H, W, 3). Raises EditorError for a file that cannot be read, ValueError for other pixels."""
    if isinstance(picture, str | os.PathLike):
        return over_white(read_image(Path(picture)))
    pixels = np.asarray(picture)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"a picture is uint8 (H, W, 3), not {pixels.dtype} {pixels.shape}")
    return pixels
