"""The engines on a card against the processor's float32: the same edit of the same turn.

Bases are made on the processor, so that both sides begin alike; what they left behind is computed again at the place.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture
from editor_core.engines.regions.find_mask import EncodedPictures, find_mask
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, FindMask, Generate, OpenPicture, Sampling
from support.engine_runs import ListeningContext, as_base, context_for, engine_edit
from support.places import (
    CARDS,
    CHANGE_ERROR,
    ERROR,
    HALVES,
    OVERLAP,
    PROCESSOR,
    Place,
    assert_alike,
    assert_nothing_outside,
    assert_same_change,
    bundle_at,
    error,
    overlap,
    params,
)
from support.tiny_models import sketching_folder

KINDS = ("default", "sd1", "sd2")
HEIGHT, WIDTH, STEPS = 64, 96, 4
SAMPLING = Sampling(seed=3, steps=STEPS, guidance=3.0)
BEFORE, AFTER, THEN = "a red cat on the sofa", "a green owl in the snow", "a blue dog on the red table"


@pytest.fixture(params=params(*HALVES, CARDS[0]))
def place(request) -> Place:
    """The processor takes part in bfloat16: float32 against itself would tell nothing."""
    return request.param


@dataclass(eq=False)
class Both:
    """The same runs, on the processor in float32 and at a place."""

    here: ListeningContext
    there: ListeningContext
    place: Place

    def edit(self, request: Edit) -> tuple[TurnResult, TurnResult]:
        return engine_edit(self.there, request), engine_edit(self.here, request)

    def all_results(self, request: Edit) -> list[tuple[TurnResult, TurnResult]]:
        """Of an edit with several."""
        return list(zip(variants(self.there, request), variants(self.here, request), strict=True))


def variants(context: ListeningContext, request: Edit) -> list[TurnResult]:
    """All results of an edit, in their order."""
    told: list[TurnResult] = []
    context.variant = told.append
    last = engine_edit(context, request)
    return [*told, last]


@contextmanager
def both(kind: str, place: Place) -> Iterator[Both]:
    folder = sketching_folder(kind)
    with context_for(bundle_at(folder, PROCESSOR)) as here, context_for(bundle_at(folder, place)) as there:
        here.live_preview = False
        yield Both(here, there, place)


@functools.cache
def base_of(kind: str) -> BaseTurn:
    with context_for(bundle_at(sketching_folder(kind), PROCESSOR)) as context:
        return as_base(generate(Generate(BEFORE, WIDTH, HEIGHT, SAMPLING), context, 3))


def left_part(width: int = 40) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, :width] = 255
    return mask


@pytest.mark.parametrize("kind", KINDS)
def test_generating(kind, place):
    request = Generate(BEFORE, WIDTH, HEIGHT, SAMPLING)
    with both(kind, place) as runs:
        found, expected = (generate(request, context, 3) for context in (runs.there, runs.here))
    assert error(found.latents["trajectory"], expected.latents["trajectory"]) < ERROR[place.dtype]
    assert np.abs(found.image.astype(int) - expected.image).mean() < 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "parameters", [{}, {"captured": False}, {"incremental": False}], ids=["graph", "rows", "dense"]
)
def test_rewording_a_given_region(kind, place, parameters, captures_everywhere):
    base = base_of(kind)
    with both(kind, place) as runs:
        found, expected = runs.edit(Edit((base,), AFTER, left_part(), parameters=parameters))
    assert_alike(found, expected, base, place)
    assert found.log["executor"] == ("dense" if "incremental" in parameters else "incremental")
    assert bool(captures_everywhere) == (not parameters)


def test_rewording_an_edited_turn_after_what_both_left_is_gone(place):
    base = base_of("default")
    with both("default", place) as runs:
        first = as_base(engine_edit(runs.here, Edit((base,), AFTER, left_part())))
        request = Edit((base, first), THEN, left_part()[:, ::-1].copy())
        found, expected = runs.edit(request)
        assert_alike(found, expected, first, place)
        kept = engine_edit(runs.there, request)  # now from what the card itself left
        assert kept.log["steps_recomputed"] == 0
        assert_alike(kept, expected, first, place)


@pytest.mark.parametrize("search", ["instant", "warm-up"])
def test_rewording_where_the_words_change_something(place, search):
    base = base_of("default")
    with both("default", place) as runs:
        found, expected = runs.edit(Edit((base,), AFTER, parameters={"search": search}))
    outside = found.mask == 0  # at a glance, a model that knows nothing may see changes everywhere
    assert np.array_equal(found.image[outside], base.image[outside])
    assert overlap(found.mask, expected.mask) > OVERLAP[place.dtype]


@pytest.mark.parametrize("incremental", [True, False], ids=["rows", "dense"])
@pytest.mark.parametrize("batched", [True, False], ids=["batch", "singly"])
def test_repainting_in_variants(place, incremental, batched):
    base = base_of("default")
    own = {"preset": "paper", "variants": 3, "incremental": incremental, "batched": batched}
    with both("default", place) as runs:
        results = runs.all_results(Edit((base,), "a dog", left_part(), "instdiffedit", own))
    assert len(results) == 3
    for found, expected in results:
        assert_alike(found, expected, base, place)
        assert found.log["painted_together"] == (3 if batched else 1)


def test_repainting_what_the_search_finds(place):
    base = base_of("default")
    request = FindMask(base.image, "a dog", AFTER, BEFORE, parameters={"preset": "grounded"})
    own = {"preset": "paper", "variants": 1}
    with both("default", place) as runs:
        found, expected = (
            find_mask(request, context, EncodedPictures()) for context in (runs.there, runs.here)
        )
        assert np.abs(found.heat.astype(int) - expected.heat).mean() < 255 * ERROR[place.dtype]
        painted = engine_edit(runs.there, Edit((base,), "a dog", None, "instdiffedit", own))
    assert_nothing_outside(painted, base)


def sketch() -> np.ndarray:
    """A square outline, dark on light."""
    drawn = np.full((HEIGHT, WIDTH), 255, np.uint8)
    drawn[12:52, 8:36] = 0
    drawn[15:49, 11:33] = 255
    return drawn


@pytest.mark.parametrize("kind", ["default", "sd1"])
@pytest.mark.parametrize("sketched", [True, False], ids=["sketch", "no sketch"])
@pytest.mark.parametrize("preset", ["exact", "faithful"])
def test_redrawing(kind, place, preset, sketched):
    base = base_of(kind)
    request = Edit(
        (base,), AFTER, left_part(), "masafusion", {"preset": preset}, sketch=sketch() if sketched else None
    )
    with both(kind, place) as runs:
        found, expected = runs.edit(request)
        assert_alike(found, expected, base, place)
        again = engine_edit(runs.there, request)  # from what the source's rows left
    fused = sketched or preset == "faithful"  # else the source is not looked at
    assert (again.log["source_steps_from_cache"] > 0) == fused
    assert_alike(again, expected, base, place)


RECOLOURED = CHANGE_ERROR | {torch.bfloat16: 0.4}
"""It changes little, so that rounding weighs more: in bfloat16 the processor is 0.27 off, an H200 was 0.33."""


@pytest.mark.parametrize("preset", ["exact", "faithful"])
def test_recolouring(place, preset):
    base = base_of("sd2")
    with both("sd2", place) as runs:
        found, expected = runs.edit(Edit((base,), AFTER, None, "embctrl", {"preset": preset}))
    assert_nothing_outside(found, base)
    assert_same_change(found, expected, base, place, RECOLOURED[place.dtype])


PICTURE = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.mark.parametrize("how", ["direct", "null-text", "ddim"])
def test_opening_a_picture_and_rewording_it(place, how):
    request = OpenPicture(PICTURE, BEFORE, replace(SAMPLING, steps=2), how)
    with both("default", place) as runs:
        found, expected = (open_picture(request, context, 3) for context in (runs.there, runs.here))
        assert np.array_equal(found.image, PICTURE)
        bar = ERROR[place.dtype] * (1 if how == "direct" else 2)  # there and back again
        assert error(found.latents["trajectory"], expected.latents["trajectory"]) < bar
        base = as_base(expected)
        assert_alike(*runs.edit(Edit((base,), AFTER, left_part())), base, place)


def test_painting_on_a_turn_and_rewording_it(place):
    base = base_of("default")
    image = base.image.copy()
    image[24:40, 16:32] = (240, 30, 90)
    with both("default", place) as runs:
        request = OpenPicture(image, BEFORE, SAMPLING, lineage=(base,))
        found, expected = (open_picture(request, context, 3) for context in (runs.there, runs.here))
        assert found.method == expected.method == "paint"
        assert error(found.latents["trajectory"], expected.latents["trajectory"]) < ERROR[place.dtype]
        painted = as_base(expected)
        assert_alike(*runs.edit(Edit((base, painted), AFTER, left_part())), painted, place)
