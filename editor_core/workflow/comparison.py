"""The same edit by several methods: what each is asked."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.messages.requests import Edit, OpenPicture, RunBaseline, Sampling
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import RECOLOUR, REDRAW, REPAINT, REWORD
from editor_core.workflow.turns import base_turn, edit_request

OURS = (REWORD, REPAINT, REDRAW, RECOLOUR)


def settings_of(method: str, before: str, after: str) -> dict[str, Any]:
    """What one of our methods is told when words change: Repaint paints the part that is new, once."""
    return {"phrase": painted_phrase(before, after), "variants": 1} if method == REPAINT else {}


def compared_request(
    document: Document,
    turn: Turn,
    prompt: str,
    method: str,
    *,
    mask: np.ndarray | None = None,
    sketch: np.ndarray | None = None,
    instruction: str = "",
    models: Mapping[str, str] | None = None,
) -> Edit | RunBaseline:
    """Ask for a turn's edit by a method of any name, ours or one that ours are compared with.

    mask: uint8 (H, W). sketch: as drawn, uint8 (H, W) or (H, W, 3); Redraw reads it, and baselines that can.
    models: a method's name to the folder of weights that it needs. Raises ProjectError.
    """
    if method not in OURS:
        return RunBaseline(base_turn(turn), prompt, method, mask, sketch, instruction, dict(models or {}))
    return edit_request(
        document,
        prompt,
        turn_id=turn.id,
        mask=mask,
        method=method,
        parameters=settings_of(method, turn.prompt, prompt),
        sketch=sketch if method == REDRAW else None,
    )


def adoption_request(turn: Turn, image: np.ndarray, prompt: str) -> OpenPicture:
    """Ask for the trajectory of what another method made of a turn, uint8 (H, W, 3), so that it can be edited on."""
    sampling = Sampling(turn.seed, turn.steps, turn.guidance, turn.negative, turn.sampler)
    return OpenPicture(image, prompt, sampling)
