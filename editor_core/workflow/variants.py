"""Several results of one edit as several edits, which different workers can do at the same time."""

from dataclasses import replace

from editor_core.messages.requests import Edit
from editor_core.workflow.proposal import REPAINT

_SEEDS = 2**64  # as the engines count them, which are not imported here: they bring torch


def one_by_one(request: Edit) -> list[Edit]:
    """An edit that asks for several results as edits that ask for one each, from the same noise."""
    count = request.parameters.get("variants", 1) if request.method == REPAINT else 1
    if count < 2:  # 0 leaves it to the method
        return [request]
    first = request.parameters.get("seed")
    first = request.base.seed + 1 if first is None else first
    return [
        replace(request, parameters={**request.parameters, "variants": 1, "seed": (first + number) % _SEEDS})
        for number in range(count)
    ]
