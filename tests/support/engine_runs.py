"""Running engines in tests without a session."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cache import ActivationCache, Budget
from editor_core.backbones.registry import backbone_of
from editor_core.backbones.unet.sparse import Choice
from editor_core.engines import registry
from editor_core.engines.common.context import EngineContext
from editor_core.engines.generate import generate
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, Generate
from editor_core.models.beside import model_beside


class ListeningContext(EngineContext):
    """Keeps what it was told: ``heard`` sentences and ``told`` progress."""

    heard: list[str]
    told: list[tuple[str, int, int]]


@contextmanager
def context_for(bundle, folder: Path | None = None) -> Iterator[ListeningContext]:
    """A context with a cache of its own beside the model, in memory unless a folder is given."""
    heard: list[str] = []
    told: list[tuple[str, int, int]] = []
    near = 128 << 20 if bundle.device.type == "cuda" else 0
    budget = Budget(device_bytes=near, ram_bytes=256 << 20, disk_bytes=256 << 20 if folder else 0)
    with ActivationCache(folder, budget, bundle.device) as cache:
        context = ListeningContext(
            bundle=bundle,
            backbone=backbone_of(bundle.unet),
            model_beside=lambda source: _beside(bundle, source),
            cache=cache,
            progress=lambda *step: told.append(step),
            preview=lambda image: None,
            region=lambda mask: None,
            notice=lambda message: heard.append(str(message)),
            check_cancelled=lambda: None,
        )
        context.heard, context.told = heard, told
        yield context


def _beside(bundle, source):
    other = model_beside(bundle, source)
    return other, backbone_of(other.unet)


def rows_only(unet, region, *_) -> Choice:
    """Stands for the cost model, which would compute tiny networks densely."""
    return Choice(len(region.levels), (False,) * len(region.levels))


def engine_edit(context: EngineContext, request: Edit) -> TurnResult:
    context.stages.clear()
    return registry.engine(request.method).edit(request, context)


def as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{f.name: getattr(result, f.name) for f in dataclasses.fields(BaseTurn)})


_FIRST: dict[tuple[int, str], tuple[object, BaseTurn, list]] = {}


def first_turn(context: EngineContext, request: Generate) -> BaseTurn:
    """What `generate` makes, sampled once a process for each model; a later context is given what that recorded."""
    name, cache = (id(context.bundle), repr(request)), context.cache
    if name not in _FIRST:
        turn = as_base(generate(request, context, 3))
        cost = {space.name: space.cost_seconds for space in cache.spaces()}[turn.cache_space]
        kept = [
            (key, cache.get(key), cost, cache.info(key).row_dim, cache.info(key).note)
            for key in cache.keys(turn.cache_space)
        ]
        _FIRST[name] = context.bundle, turn, kept
    else:
        for entry in _FIRST[name][2]:
            cache.put(*entry)
    return _FIRST[name][1]
