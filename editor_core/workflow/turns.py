"""Between the document and the session: turns become requests, results become turns.

The window and the headless commands both go through here, so that an edit means the same in either.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from editor_core.base.errors import NothingToChangeError, ProjectError
from editor_core.document.document import Document
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import Turn
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, Generate, OpenPicture, Sampling, Upscale
from editor_core.project.image_io import over_white, read_image

_SHARED = [f.name for f in dataclasses.fields(BaseTurn)]


def base_turn(turn: Turn | TurnResult) -> BaseTurn:
    """What an engine needs of a turn, be it of the document yet or not; arrays are shared, they are read-only."""
    return BaseTurn(**{name: getattr(turn, name) for name in _SHARED})


def needs_mask(turn: Turn, largest: int) -> bool:
    """Whether a turn's picture is too large to be edited without a mask: then there is no trajectory of all of it.

    largest: pixels; how long the sides of a picture may be that the model sees as a whole.
    """
    return "trajectory" not in turn.latents and max(turn.shape) > largest


def generate_request(
    prompt: str,
    sampling: Sampling,
    size: tuple[int | None, int | None] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Generate:
    """Ask for a new picture, of the model's own size unless another (width, height) is named.

    Of the parameters "reference" is the path of a picture, which the request takes along.
    Raises ImageFileError for a reference that cannot be read.
    """
    width, height = size or (None, None)
    given = dict(parameters or {})
    return Generate(prompt, width, height, sampling, parameters=given, reference=_reference_in(given))


def edit_request(
    document: Document,
    prompt: str,
    *,
    turn_id: str | None = None,
    mask: np.ndarray | None = None,
    method: str = "fisedit",
    parameters: Mapping[str, Any] | None = None,
    negative: str | None = None,
    guidance: float | None = None,
    sketch: np.ndarray | None = None,
    strength: float = 1.0,
) -> Edit:
    """Ask for an edit of a turn, the shown one unless another is named.

    mask: uint8 (H, W), nonzero where the picture may change, less where it is grey. sketch: uint8 (H, W), lines as
    drawn. strength: 0..1, how far the picture is noised before it is denoised.
    Of the parameters "reference" is the path of a picture, which the request takes along.
    Raises ProjectError when there is no such turn, and ImageFileError for a reference that cannot be read.
    """
    turn_id = turn_id or document.history.current_id
    if turn_id is None:
        raise ProjectError("There is no turn to edit yet. Create or open a picture first.")
    if turn_id not in document.history:
        raise ProjectError("There is no turn {turn_id} in this project.", turn_id=turn_id)
    lineage, given = lineage_of(document, turn_id), dict(parameters or {})
    picture = _reference_in(given)
    return Edit(lineage, prompt, mask, method, given, negative, guidance, sketch, strength, reference=picture)


def _reference_in(parameters: Mapping[str, Any]) -> np.ndarray | None:
    path = parameters.get("reference")
    return over_white(read_image(Path(path).expanduser())) if isinstance(path, str) and path else None


def lineage_of(document: Document, turn_id: str) -> tuple[BaseTurn, ...]:
    """The turns an edit builds on: from the last one that depends on none before, its picture read anew or upscaled."""
    path = [document.history[step] for step in document.history.path(turn_id)]
    first = max((n for n, turn in enumerate(path) if turn.method in ("open", "upscale")), default=0)
    return tuple(base_turn(turn) for turn in path[first:])


def upscale_request(
    document: Document,
    factor: int,
    turn_id: str | None = None,
    upscaler: str = "",
    repaint: bool | None = None,
) -> Upscale:
    """Ask for the picture of a turn, the shown one unless another is named, at more pixels. Raises ProjectError."""
    turn_id = turn_id or document.history.current_id
    if turn_id is None:
        raise ProjectError("There is no turn to edit yet. Create or open a picture first.")
    if turn_id not in document.history:
        raise ProjectError("There is no turn {turn_id} in this project.", turn_id=turn_id)
    return Upscale(base_turn(document.history[turn_id]), factor, upscaler, repaint)


def painted_picture(document: DocumentSnapshot, turn: Turn) -> np.ndarray | None:
    """The picture, uint8 (H, W, 3), if it was painted, moved or hidden in since ``turn``, else None."""
    picture = document.picture()
    return None if np.array_equal(picture, turn.image) else picture


def painting_request(document: Document, turn: Turn, picture: np.ndarray) -> OpenPicture:
    """Ask for the trajectory of a picture that was painted on the shown turn."""
    sampling = Sampling(turn.seed, turn.steps, turn.guidance, turn.negative, turn.sampler)
    return OpenPicture(picture, turn.prompt, sampling, lineage=lineage_of(document, turn.id))


def painted_turn(result: TurnResult, parent: Turn) -> Turn:
    """The painting as a turn after ``parent``; its mask is where pixels differ."""
    changed = (result.image != parent.image).any(axis=2)
    return turn_from_result(dataclasses.replace(result, mask=changed.astype(np.uint8) * 255), parent.id)


def turn_from_result(result: TurnResult, parent: str | None) -> Turn:
    """A new turn of the document, child of ``parent``."""
    fields = {f.name: getattr(result, f.name) for f in dataclasses.fields(TurnResult)}
    return Turn(parent=parent, **fields)


def inversion_request(turn: Turn, how: str) -> OpenPicture:
    """Ask for the noise behind a turn's picture, found in another way. Raises NothingToChangeError if it is known."""
    if turn.record.inversion == how:
        raise NothingToChangeError("This picture was already inverted with this method: {way}.", way=how)
    sampling = Sampling(turn.seed, turn.steps, turn.guidance, turn.negative, turn.sampler)
    return OpenPicture(turn.image, turn.prompt, sampling, how)


def inverted_turn(result: TurnResult, turn: Turn) -> Turn:
    """The turn's picture with the trajectory that was found, as a child in which no pixel changed."""
    nothing = np.zeros(turn.image.shape[:2], np.uint8)
    return turn_from_result(dataclasses.replace(result, mask=nothing), turn.id)
