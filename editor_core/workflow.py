"""Between the document and the session: turns become requests, results become turns.

The window and the headless commands both go through here, so that an edit means the same in either.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.errors import ProjectError
from editor_core.session.events import TurnResult
from editor_core.session.requests import BaseTurn, Edit

_SHARED = [f.name for f in dataclasses.fields(BaseTurn)]


def base_turn(turn: Turn) -> BaseTurn:
    """What an engine needs of a turn of the document; arrays are shared, they are read-only."""
    return BaseTurn(**{name: getattr(turn, name) for name in _SHARED})


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
) -> Edit:
    """Ask for an edit of a turn, the shown one unless another is named.

    mask: uint8 (H, W), nonzero where the picture may change. Raises ProjectError when there is no such turn.
    """
    turn_id = turn_id or document.history.current_id
    if turn_id is None:
        raise ProjectError("There is no turn to edit yet: make or open a picture first.")
    if turn_id not in document.history:
        raise ProjectError(f"There is no turn {turn_id} in this project.")
    lineage = tuple(base_turn(document.history[step]) for step in document.history.path(turn_id))
    return Edit(lineage, prompt, mask, method, dict(parameters or {}), negative, guidance)


def turn_from_result(result: TurnResult, parent: str | None) -> Turn:
    """A new turn of the document, child of ``parent``."""
    fields = {f.name: getattr(result, f.name) for f in dataclasses.fields(TurnResult)}
    return Turn(parent=parent, **fields)
