"""Whole runs on tiny random models: generate, open, edit; what is kept, recalled and refused."""

import math
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch

from cache import Budget
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.recording import recorded_bytes
from editor_core.backbones.unet.sparse import Choice
from editor_core.base.errors import EditorError, NothingToChangeError, PromptError, RegionError, SizeError
from editor_core.engines import fisedit
from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture, psnr
from editor_core.engines.regions.instant_region import InstantRegion
from editor_core.messages import events
from editor_core.messages.requests import BaseTurn, Edit, Generate, OpenPicture, Sampling
from editor_core.models.prompts import MAX_CHUNKS
from editor_core.pixels.opencv import cv2
from support.engine_runs import as_base, context_for, engine_edit, first_turn
from support.tiny_models import tiny_bundle

SAMPLING = Sampling(seed=3, steps=6, guidance=3.0)
TOO_MUCH = "a cat " * (40 * MAX_CHUNKS)
"""More words than a model is told."""


@pytest.fixture(params=["sd1", "sd2", "default"])
def context(request):
    with context_for(tiny_bundle(request.param)) as context:
        yield context


@pytest.fixture
def base(context) -> BaseTurn:
    return first_turn(context, Generate("a red cat on the sofa", 96, 64, SAMPLING))


@pytest.fixture(autouse=True)
def rows_everywhere(monkeypatch):
    """Tiny networks would be computed densely, as costs say; here rows are what is tested."""
    choices = RowChoices()
    monkeypatch.setattr(row_step, "choose", choices)
    return choices


class RowChoices:
    """Stands for the cost model: rows on every level, unless a test sets from which level on it is dense."""

    dense_from: int | None = None

    def __call__(self, unet, region, costs, keys):
        levels = len(region.levels)
        return Choice(levels if self.dense_from is None else self.dense_from, (False,) * levels)


def half_mask(base):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[:, : mask.shape[1] // 2] = 255
    return mask


def test_one_step_and_little_guidance_make_a_picture_and_an_edit(context):
    base = as_base(
        generate(Generate("a red cat", 64, 64, Sampling(seed=1, steps=1, guidance=0.5)), context, 1)
    )
    assert len(base.latents["trajectory"]) == 2 and (base.steps, base.guidance) == (1, 0.5)
    edited = engine_edit(context, Edit((base,), "a blue cat", half_mask(base)))
    untouched = edited.mask == 0
    assert untouched.any() and np.array_equal(edited.image[untouched], base.image[untouched])


def test_a_new_picture_is_made_with_the_models_own_sampler_unless_told():
    with context_for(replace(tiny_bundle("sd1"), default_sampler="euler")) as context:
        asked = Generate("a red cat", 64, 64, Sampling(seed=1, steps=2, sampler=""))
        made = generate(asked, context, 1)
        told = generate(replace(asked, sampling=replace(asked.sampling, sampler="euler")), context, 1)
        other = generate(replace(asked, sampling=replace(asked.sampling, sampler="ddim")), context, 1)
    assert made.sampler == told.sampler == "euler" and np.array_equal(made.image, told.image)
    assert other.sampler == "ddim" and not np.array_equal(made.image, other.image)


def test_generation_is_repeatable_and_keeps_its_trajectory(context, base):
    again = generate(Generate("a red cat on the sofa", 96, 64, SAMPLING), context, 3)
    assert np.array_equal(again.image, base.image)
    trajectory = again.latents["trajectory"]
    assert trajectory.shape[0] == 7 and trajectory.dtype == np.float32
    assert again.image.shape == (64, 96, 3) and not again.image.flags.writeable


def test_size_off_the_grid_is_padded_and_cropped(context):
    result = generate(Generate("a cat", 70, 65, SAMPLING), context, 3)
    assert result.image.shape == (65, 70, 3)


def test_edit_in_a_given_region_moves_nothing_outside(context, base):
    result = engine_edit(context, Edit((base,), "a blue dog on the sofa", half_mask(base)))
    outside = result.mask == 0
    assert outside.any() and np.array_equal(result.image[outside], base.image[outside])
    assert (result.image != base.image).any()
    width = result.latents["trajectory"].shape[-1]
    kept = base.latents["trajectory"][..., (width + 1) // 2 + 1 :]
    assert np.array_equal(result.latents["trajectory"][..., (width + 1) // 2 + 1 :], kept)


def test_found_region_moves_nothing_outside(context, base):
    result = engine_edit(context, Edit((base,), "a red dog on the sofa"))
    outside = result.mask == 0
    assert np.array_equal(result.image[outside], base.image[outside])
    assert result.log["steered_steps"] == 2 and result.log["steps_recomputed"] == 0


def bright(base: BaseTurn) -> BaseTurn:
    """As if the picture had been inverted: light is left in its noise."""
    trajectory = base.latents["trajectory"] + np.float32(0.6)
    return replace(base, latents=dict(base.latents) | {"trajectory": trajectory})


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_light_of_an_inverted_picture_goes_where_words_change_most_of_it(
    context, base, monkeypatch, everywhere
):
    region = np.zeros(base.latents["trajectory"].shape[-2:], bool)
    region[:, : region.shape[1] if everywhere else 4] = True
    found = InstantRegion(region, region.astype(np.float32))
    monkeypatch.setattr(fisedit, "find_instant_region", lambda *_: found)
    ways = ((bright(base), {}), (bright(base), {"fresh_light": False}), (base, {}))
    results = [
        engine_edit(context, Edit((turn,), "a red cat at night", parameters=parameters))
        for turn, parameters in ways
    ]
    assert [each.log["fresh_light"] for each in results] == [everywhere, False, False]
    noise = [torch.from_numpy(np.array(each.latents["trajectory"][0])).mean().item() for each in results[:2]]
    assert (noise[1] - noise[0] > 0.4) is everywhere
    assert (results[0].cache_space != results[1].cache_space) is everywhere


def test_evicted_maps_are_recalled_and_give_the_same_picture(context, base):
    request = Edit((base,), "a red dog on the sofa")
    first = engine_edit(context, request)
    context.cache.drop_space(base.cache_space)
    second = engine_edit(context, request)
    assert second.log["steps_recomputed"] == base.steps
    assert np.abs(second.image.astype(int) - first.image).max() <= 1
    assert (second.mask > 0).mean() == pytest.approx((first.mask > 0).mean(), abs=0.05)


@pytest.mark.parametrize("search", ["instant", "warm-up"])
def test_an_edit_on_a_found_edit_is_the_same_after_eviction(context, base, search):
    """The maps of a warm-up that steered them are those it used, not those of its latents."""
    how = {"search": search}
    lineage = (base, as_base(engine_edit(context, Edit((base,), "a red dog on the sofa", parameters=how))))
    request = Edit(lineage, "a red dog on the beach", parameters=how)
    first = engine_edit(context, request)
    for gone in (lineage[1:], lineage):
        for turn in gone:
            context.cache.drop_space(turn.cache_space)
        again = engine_edit(context, request)
        assert again.log["steps_recomputed"] > 0
        assert np.array_equal(again.latents["region"], first.latents["region"])
        assert np.abs(again.latents["trajectory"] - first.latents["trajectory"]).max() < 2e-3
        assert np.abs(again.image.astype(int) - first.image).max() <= 1


def test_a_given_region_never_reads_what_a_found_one_left(context, base):
    """Words and region alike, but one run began with warm-up steps and the other with the region."""
    request = Edit((base,), "a red dog on the sofa", parameters={"search": "warm-up"})
    found = as_base(engine_edit(context, request))
    scale = context.bundle.downscale
    mask = np.kron(found.latents["region"], np.full((scale, scale), 255, np.uint8))
    mask = mask[: base.image.shape[0], : base.image.shape[1]]
    given = engine_edit(context, Edit((base,), "a red dog on the sofa", mask))
    assert given.cache_space != found.cache_space
    request = Edit((base, found), "a green dog on the sofa", half_mask(base))
    edited = engine_edit(context, request)
    with context_for(context.bundle) as empty:
        anew = engine_edit(empty, request)
    assert np.abs(edited.latents["trajectory"] - anew.latents["trajectory"]).max() < 2e-3


@pytest.mark.parametrize("given", [True, False])
def test_incremental_steps_paint_what_dense_ones_paint(context, base, given):
    mask = half_mask(base) if given else None
    request = Edit((base,), "a blue dog on the sofa", mask)
    dense = Edit((base,), "a blue dog on the sofa", mask, parameters={"incremental": False})
    rows, whole = engine_edit(context, request), engine_edit(context, dense)
    assert rows.log["executor"] == "incremental" and whole.log["executor"] == "dense"
    assert np.array_equal(rows.mask, whole.mask)
    # The dense step's group norms see the edit, the incremental one's are the base's: alike, not equal.
    assert np.abs(rows.image.astype(int) - whole.image).mean() < 6


@pytest.mark.parametrize("seed", range(6))
def test_random_regions_are_the_dense_runs_inside_and_untouched_outside(context, base, seed):
    """Blots of any number and place; the dense run has the same region and the base's latents outside."""
    random = np.random.default_rng(seed)
    mask = np.zeros(base.image.shape[:2], np.uint8)
    for _ in range(random.integers(1, 4)):
        centre, radius = (
            (int(random.integers(side)) for side in mask.shape[::-1]),
            int(random.integers(4, 14)),
        )
        cv2.circle(mask, tuple(centre), radius, 255, -1)
    request = Edit((base,), "a blue dog on the sofa", mask)
    rows = engine_edit(context, request)
    whole = engine_edit(context, replace(request, parameters={"incremental": False}))
    assert rows.log["executor"] == "incremental" and np.array_equal(rows.mask, whole.mask)
    outside = rows.mask == 0
    assert outside[mask == 0].all() and np.array_equal(rows.image[outside], base.image[outside])
    assert psnr(rows.image[~outside], whole.image[~outside]) > 28


def test_region_that_saves_nothing_is_painted_densely(context, base, rows_everywhere):
    rows_everywhere.dense_from = 0
    result = engine_edit(context, Edit((base,), "a blue dog on the sofa", half_mask(base)))
    assert result.log["executor"] == "dense" and "region" not in result.latents


@pytest.mark.parametrize("mixed", [False, True], ids=["rows", "rows and dense levels"])
def test_branch_and_edit_walk_equals_recomputing_every_step(context, base, rows_everywhere, mixed):
    """Six turns, with branches; each turn from the cache, then from an empty one: the same latents."""
    turns, generator = [(base,)], np.random.default_rng(5)
    for number in range(6):
        lineage = turns[generator.integers(len(turns))]
        mask = np.zeros(base.image.shape[:2], np.uint8)
        top, left = generator.integers(0, 40), generator.integers(0, 60)
        mask[top : top + 24, left : left + 30] = 255
        rows_everywhere.dense_from = 1 if mixed and number % 2 else None
        request = Edit(lineage, f"a {['red', 'blue', 'green'][number % 3]} dog {number}", mask)
        cached = engine_edit(context, request)
        assert cached.log["executor"] == "incremental" and cached.log["steps_recomputed"] == 0
        with context_for(context.bundle) as empty:
            recomputed = engine_edit(empty, request)
        assert recomputed.log["steps_recomputed"] == base.steps
        difference = np.abs(cached.latents["trajectory"] - recomputed.latents["trajectory"]).max()
        # In the first steps the base ran with explicit softmax, recomputing runs fused: rounding, kept in fp16.
        assert difference < 2e-3
        turns.append((*lineage, as_base(cached)))


def test_a_run_that_does_not_fit_is_thinned_out_and_says_so(monkeypatch):
    """The budget lies between what full and thinned-out keys take; an edit then uses what there is."""
    bundle = tiny_bundle("sd1")
    with context_for(bundle) as context:
        each = [
            sum(recorded_bytes(bundle.unet, 32, 32, 2, equal_halves=True, thinned=thin).values())
            for thin in (True, False)
        ]
        room = Budget(ram_bytes=sum(each) * SAMPLING.steps, disk_bytes=0)
        monkeypatch.setattr(context.cache, "room", lambda: room)
        base = as_base(generate(Generate("a red cat", 256, 256, SAMPLING), context, 3))
        assert base.record.recording == "thinned" and any(
            "less precise" in str(told) for told in context.heard
        )
        request = Edit((base,), "a blue dog", half_mask(base))
        first = engine_edit(context, request)
        assert first.log["executor"] == "incremental" and first.log["kept"] == "thinned"
        assert first.log["steps_recomputed"] == 0
        context.cache.drop_space(base.cache_space)
        again = engine_edit(context, request)
        assert again.log["steps_recomputed"] == base.steps
        assert np.abs(again.latents["trajectory"] - first.latents["trajectory"]).max() < 2e-3
        small = Budget(ram_bytes=min(each), disk_bytes=0)
        monkeypatch.setattr(context.cache, "room", lambda: small)
        assert engine_edit(context, request).log["executor"] == "dense"


def test_what_computing_an_entry_cost_is_known_to_the_cache(context, base):
    result = engine_edit(context, Edit((base,), "a blue dog on the sofa", half_mask(base)))
    costs = {space.name: space.cost_seconds for space in context.cache.spaces()}
    assert costs[base.cache_space] > 0 and costs[result.cache_space] > 0


def test_fewer_keys_read_less_paint_something_else_and_touch_nothing_outside(context):
    """On maps large enough for strided keys; a turn made with them is recalled with them."""
    base = as_base(generate(Generate("a red cat", 256, 256, Sampling(3, 2, 3.0)), context, 3))
    mask = np.zeros((256, 256), np.uint8)
    mask[80:160, 60:150] = 255
    edits, read = {}, {}
    for kept in ("full", "strided", "active"):
        before = context.cache.stats().bytes_read
        edits[kept] = engine_edit(
            context,
            Edit(
                (base,),
                "a blue dog",
                mask,
                parameters={"keys": kept, "plant": False, "hide_outside_words": False},
            ),
        )
        read[kept] = context.cache.stats().bytes_read - before
        assert edits[kept].log["sparsity"]["keys"] == edits[kept].parameters["keys"] == kept
        assert np.array_equal(edits[kept].image[mask == 0], base.image[mask == 0])
    assert read["active"] < read["strided"] < read["full"]
    paths = [edit.latents["trajectory"] for edit in edits.values()]
    assert not any(np.array_equal(paths[i], paths[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    assert len({edit.cache_space for edit in edits.values()}) == 3
    request = Edit((base, as_base(edits["strided"])), "a green dog", mask)
    first = engine_edit(context, request)
    with context_for(context.bundle) as empty:
        again = engine_edit(empty, request)
    assert np.abs(first.latents["trajectory"] - again.latents["trajectory"]).max() < 2e-3


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("kind", ["sd1", "sd2", "default"])
def test_half_precision_edits_are_the_dense_ones_and_follow_one_another(kind, dtype):
    bundle = tiny_bundle(kind)
    networks = {name: deepcopy(getattr(bundle, name)).to(dtype) for name in ("unet", "text_encoder")}
    with context_for(replace(bundle, dtype=dtype, **networks)) as context:
        base = as_base(generate(Generate("a red cat on the sofa", 96, 64, SAMPLING), context, 3))
        request = Edit((base,), "a blue dog on the sofa", half_mask(base))
        rows = engine_edit(context, request)
        whole = engine_edit(context, replace(request, parameters={"incremental": False}))
        assert psnr(rows.image[rows.mask > 0], whole.image[rows.mask > 0]) > 26
        found = engine_edit(context, Edit((base, as_base(rows)), "a blue dog on the beach"))
        assert found.log["executor"] == "incremental"
        assert np.array_equal(found.image[found.mask == 0], rows.image[found.mask == 0])


@pytest.mark.parametrize("given", [True, False])
def test_the_last_steps_may_run_densely(context, base, given):
    """With as many as there are, they are the dense reference; with some, both kinds of steps are told."""
    mask = half_mask(base) if given else None
    request = Edit((base,), "a blue dog on the sofa", mask)
    rows, all_dense, some = (
        engine_edit(context, replace(request, parameters={"tail": tail})) for tail in (0, 6, 2)
    )
    dense = engine_edit(context, replace(request, parameters={"incremental": False}))
    assert np.array_equal(all_dense.latents["trajectory"], dense.latents["trajectory"])
    apart = np.abs(some.latents["trajectory"] - rows.latents["trajectory"])
    assert apart[:5].max() < 3e-5  # steps that keep nothing round otherwise
    assert (apart[5:].max() > 3e-5) == given  # what is found here is nearly all: rows are the dense run
    assert some.log["tail_steps"] == some.parameters["tail"] == 2 and some.log["executor"] == "incremental"
    outside = rows.latents["region"] == 0
    assert np.array_equal(some.latents["trajectory"][..., outside], base.latents["trajectory"][..., outside])
    assert np.array_equal(some.image[some.mask == 0], base.image[some.mask == 0])
    assert len({edit.cache_space for edit in (rows, all_dense, some, dense)}) == 4


def test_a_turn_with_a_dense_tail_is_edited_on_as_from_scratch(context, base):
    request = Edit((base,), "a blue dog on the sofa", half_mask(base), parameters={"tail": 2})
    lineage = (base, as_base(engine_edit(context, request)))
    edited = engine_edit(context, Edit(lineage, "a green dog on the sofa", half_mask(base)))
    with context_for(context.bundle) as empty:
        anew = engine_edit(empty, Edit(lineage, "a green dog on the sofa", half_mask(base)))
    assert edited.log["executor"] == anew.log["executor"] == "incremental" and context.heard == []
    assert np.abs(edited.latents["trajectory"] - anew.latents["trajectory"]).max() < 2e-3


@pytest.mark.parametrize("given", [True, False])
def test_without_reimposing_the_noise_outside_is_the_bases_and_the_pixels_are_too(context, base, given):
    """What the first steps moved outside stays moved, and nothing is added: DDIM scales it by the signal's growth."""
    request = Edit((base,), "a blue dog on the sofa", half_mask(base) if given else None)
    kept, drifted = (
        engine_edit(context, replace(request, parameters={"search": "warm-up", "reimpose": on}))
        for on in (True, False)
    )
    outside = kept.latents["region"] == 0
    before = base.latents["trajectory"]
    assert np.array_equal(kept.latents["trajectory"][..., outside], before[..., outside])
    count = drifted.log["warmup_steps"]
    moved = drifted.latents["trajectory"][[count, -1]][..., outside] - before[[count, -1]][..., outside]
    plan = context.plan("ddim", base.steps, base.seed)
    grown = math.sqrt(plan[-1].alpha_bar_next / plan[count].alpha_bar)
    assert np.abs(moved[1] - grown * moved[0]).max() < 2e-3 * max(1, grown)
    assert (np.abs(moved[0]).max() > 0.01) is not given
    assert np.array_equal(drifted.image[drifted.mask == 0], base.image[drifted.mask == 0])
    assert drifted.log["reimposed"] is drifted.parameters["reimpose"] is False
    assert drifted.log["executor"] == "dense" and drifted.cache_space != kept.cache_space
    edited = engine_edit(context, Edit((base, as_base(drifted)), "a green dog", half_mask(base)))
    assert edited.log["executor"] == "incremental"


def test_every_switch_is_recorded_and_logged(context, base):
    result = engine_edit(context, Edit((base,), "a blue dog on the sofa"))
    logged = {
        "warmup_steps",
        "steered_steps",
        "tail_steps",
        "reimposed",
        "sparsity",
        "executor",
        "levels",
        "kept",
    }
    assert logged <= result.log.keys()
    assert {"keys", "margin", "fresh_norms", "captured"} <= result.log["sparsity"].keys()
    assert {"way", "rows_ms", "box_ms", "dense_ms"} <= result.log["levels"][0].keys()
    recorded = {
        "search",
        "steered_share",
        "warmup_share",
        "max_warmup_steps",
        "tail",
        "keys",
        "reimpose",
        "growth",
        "margin",
    }
    assert recorded <= result.parameters.keys()


def test_coarser_levels_may_compute_more(context, base):
    mask = half_mask(base)
    grown, plain = (
        engine_edit(context, Edit((base,), "a blue dog on the sofa", mask, parameters={"level_growth": by}))
        for by in ((1,), ())
    )
    shares = [[level["share"] for level in edit.log["levels"]] for edit in (grown, plain)]
    assert shares[0][0] == shares[1][0] and shares[0][1] > shares[1][1]
    assert grown.log["sparsity"]["level_growth"] == (1,) and grown.cache_space != plain.cache_space


def test_sparse_levels_may_be_given_as_in_the_paper(context, base):
    mask = half_mask(base)
    one, free = (
        engine_edit(
            context, Edit((base,), "a blue dog on the sofa", mask, parameters={"sparse_levels": count})
        )
        for count in (1, None)
    )
    ways = [level["way"] == "dense" for level in one.log["levels"]]
    assert ways == [False] + [True] * (len(ways) - 1)
    assert one.log["sparsity"]["sparse_levels"] == 1 and one.cache_space != free.cache_space
    assert "sparse_levels" not in free.log["sparsity"]
    assert (one.image != base.image).any() and (one.image == base.image)[mask == 0].all()


@pytest.mark.parametrize(
    "switch",
    [{"keys": "some"}, {"margin": -1}, {"growth": -1}, {"tail": -1}, {"warmup_share": 5.0}, {"max_warmup_steps": -1},
     {"warmup_share": float("nan")}, {"level_growth": (0, -1)},
     {"search": "some"}, {"steered_share": -0.1}],
)  # fmt: skip
def test_values_out_of_range_are_refused_with_a_sentence(context, base, switch):
    (name,) = switch
    with pytest.raises(EditorError, match=f"is not a valid value for “{name}”"):
        engine_edit(context, Edit((base,), "a blue dog on the sofa", parameters=switch))


def test_second_edit_builds_on_the_first(context, base):
    first = engine_edit(context, Edit((base,), "a blue dog on the sofa", half_mask(base)))
    second = engine_edit(
        context, Edit((base, as_base(first)), "a green dog on the sofa", half_mask(base)[:, ::-1].copy())
    )
    outside = second.mask == 0
    assert np.array_equal(second.image[outside], first.image[outside])


def test_opened_picture_is_kept_bit_for_bit_and_edited(context):
    picture = np.random.default_rng(0).integers(0, 256, (68, 75, 3), np.uint8)
    opened = open_picture(OpenPicture(picture, "a cat", SAMPLING), context, 3)
    assert np.array_equal(opened.image, picture) and opened.method == "open"
    base = as_base(opened)
    result = engine_edit(context, Edit((base,), "a dog", half_mask(base)))
    outside = result.mask == 0
    assert np.array_equal(result.image[outside], picture[outside])
    found = engine_edit(context, Edit((base,), "a dog"))
    assert np.array_equal(found.image[found.mask == 0], picture[found.mask == 0])


@pytest.mark.parametrize("same", ["  a red cat  on the sofa ", "A red CAT on the Sofa"])
@pytest.mark.parametrize("given", [True, False])
def test_same_words_change_nothing(context, base, same, given):
    context.told.clear()
    with pytest.raises(NothingToChangeError, match="the prompt is the same"):
        engine_edit(context, Edit((base,), same, half_mask(base) if given else None))
    assert context.told == []  # and no work is done


def test_words_beyond_the_models_reach_change_nothing(context):
    base = as_base(generate(Generate(TOO_MUCH + "fox", 64, 64, Sampling(seed=1, steps=2)), context, 1))
    with pytest.raises(NothingToChangeError, match="the prompt is the same"):
        engine_edit(context, Edit((base,), TOO_MUCH + "owl"))
    assert any("owl" in sentence for sentence in context.heard)


@pytest.mark.parametrize("opacity", [1, 255])
@pytest.mark.parametrize("place", [(0, 0), (63, 95), (0, 50), (30, 40)])
def test_a_mask_of_one_pixel_however_faint(context, base, place, opacity):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[place] = opacity
    result = engine_edit(context, Edit((base,), "a blue dog on the sofa", mask))
    assert np.array_equal(result.mask > 0, mask > 0)
    assert np.array_equal(result.image[mask == 0], base.image[mask == 0])


def test_a_mask_of_everything_paints_everything(context, base):
    mask = np.full(base.image.shape[:2], 255, np.uint8)
    request = Edit((base,), "a blue dog on the sofa", mask)
    rows = engine_edit(context, request)
    whole = engine_edit(context, replace(request, parameters={"incremental": False}))
    assert rows.log["executor"] == "incremental" and (rows.mask == 255).all()
    assert psnr(rows.image, whole.image) > 40


def test_a_region_found_in_the_padding_alone_is_nothing_to_change(context, monkeypatch):
    base = as_base(generate(Generate("a cat", 64, 130, SAMPLING), context, 3))

    def in_a_corner(difference, opening):
        return np.pad(np.ones((1, 1), bool), [(difference.shape[0] - 1, 0), (difference.shape[1] - 1, 0)])

    monkeypatch.setattr(fisedit, "mask_from_difference", in_a_corner)
    alone = {"search": "warm-up", "growth": 0, "follow_words": False, "follow_differences": False}
    with pytest.raises(NothingToChangeError):
        engine_edit(context, Edit((base,), "a dog", parameters=alone))


@pytest.mark.parametrize(
    ("prompt", "mask", "error"),
    [
        ("   ", None, PromptError),
        ("a dog", np.zeros((64, 96), np.uint8), RegionError),
        ("a dog", np.ones((5, 5), np.uint8), RegionError),
    ],
)
def test_bad_input_is_refused_with_a_sentence(context, base, prompt, mask, error):
    with pytest.raises(error):
        engine_edit(context, Edit((base,), prompt, mask))


@pytest.mark.parametrize("size", [(16, 64), (64, 9000)])
def test_sizes_out_of_reach_are_refused(context, size):
    with pytest.raises(SizeError):
        generate(Generate("a cat", *size, SAMPLING), context, 3)


def test_long_prompt_says_what_was_cut_off(context):
    generate(Generate(TOO_MUCH + "zebra", 64, 64, Sampling(seed=1, steps=2)), context, 1)
    assert any("zebra" in sentence for sentence in context.heard)


def test_run_leaves_the_network_as_it_was(context, base):
    before = {name: type(p) for name, p in context.bundle.unet.attn_processors.items()}
    engine_edit(context, Edit((base,), "a red dog on the sofa"))
    assert {name: type(p) for name, p in context.bundle.unet.attn_processors.items()} == before
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("search, begun", [("instant", 0), ("warm-up", 2)])
def test_progress_counts_up_to_the_total(context, base, search, begun):
    context.told.clear()
    engine_edit(context, Edit((base,), "a red dog on the sofa", parameters={"search": search}))
    painting = [e for e in context.told if e[0] == "painting"]
    assert [done for _, done, _ in painting] == list(range(begun, 7))
    assert {total for *_, total in painting} == {6}
    assert isinstance(events.TurnResult, type)
