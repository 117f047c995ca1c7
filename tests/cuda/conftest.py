"""Every body here runs on a card, where there is one, and always on the processor."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from editor_core.backbones.rows import Sparsity
from editor_core.backbones.unet import backbone, row_step
from editor_core.backbones.unet.policy import CostModel
from editor_core.backbones.unet.step_graph import StepGraphs
from support.captures import repeat
from support.engine_runs import rows_only
from support.places import CARDS, PROCESSOR, Place, params

HERE = Path(__file__).parent
COSTS = CostModel(*[1e-9] * len(fields(CostModel)))
"""Any: what a step costs on this machine takes seconds to find out, and decides nothing here."""


@pytest.fixture(params=params(PROCESSOR, *CARDS))
def place(request) -> Place:
    return request.param


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the processor each body runs once, with its first parameters: there it is rehearsed, on a card it tests."""
    kept, gone = [], []
    seen = set()
    for item in items:
        spec = getattr(item, "callspec", None)
        ours = item.path.parent == HERE and spec is not None and isinstance(spec.params.get("place"), Place)
        name = (item.path, getattr(item, "originalname", None))
        if not ours or spec.params["place"].on_card or name not in seen:
            kept.append(item)
        else:
            gone.append(item)
        if ours and not spec.params["place"].on_card:
            seen.add(name)
    items[:] = kept
    if gone:
        config.hook.pytest_deselected(items=gone)


@pytest.fixture(autouse=True)
def rows_everywhere(monkeypatch):
    """Tiny networks would be computed densely, as costs say; here rows are what is tested."""
    monkeypatch.setattr(row_step, "costs_here", lambda *_: COSTS)
    monkeypatch.setattr(row_step, "choose", rows_only)


@pytest.fixture(autouse=True)
def captures_everywhere(monkeypatch) -> Iterator[list[StepGraphs]]:
    """The captured steps of each U-Net; on the processor a capture repeats the step in the same memory."""
    monkeypatch.setattr(Sparsity, "on", lambda sparsity, device: sparsity)
    kept: list[StepGraphs] = []

    class Graphs(StepGraphs):
        def follow(self, unet):
            self._capture = None if next(unet.parameters()).is_cuda else repeat
            kept.append(self)
            super().follow(unet)

    monkeypatch.setattr(backbone, "StepGraphs", Graphs)
    yield kept
    for graphs in kept:
        graphs.clear()


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    """What goes wrong on the card in one test must not show in the next."""
    yield
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.synchronize()
