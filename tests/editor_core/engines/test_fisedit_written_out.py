"""FISEdit (arXiv 2305.17423) written out: the warm-up that keeps the base's maps, the region, and the dense reference.

Shares no attention, sampler or thresholding with the engine (`support/written_out.py`). The rules that the engine adds
to the paper's region are off here, and its rows are compared with its dense steps elsewhere.
"""

from itertools import product

import numpy as np
import pytest
import torch

from editor_core.engines.fisedit import mask_from_difference, summed_differences
from editor_core.engines.generate import generate
from editor_core.messages.requests import Edit, Generate, Sampling
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import tiny_bundle
from support.written_out import WrittenNetwork, attentive, scheduler_of, text_of

HEIGHT, WIDTH, STEPS, GUIDANCE = 64, 96, 5, 3.0
OLD, NEW = "a cat on the sofa", "a red cat on the sofa"
KEPT = {0: 0, 1: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, **{new: new for new in range(8, 24)}}
"""By hand: the old token whose map a new one keeps; 7 is the end token, which was 6, and padding follows."""
PAPER = {
    "search": "warm-up",
    "follow_words": False,
    "follow_differences": False,
    "incremental": False,
    "warmup_share": 0.6,
}


def otsu(grey):
    """The grey level, of 256, that separates two classes with the greatest variance between them (Otsu 1979)."""
    levels = np.arange(256)
    share = np.bincount(grey.ravel(), minlength=256) / grey.size
    below, mean = share.cumsum(), (share * levels).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return int(np.nanargmax((mean[-1] * below - mean) ** 2 / (below * (1 - below))))


def spread(mask, needed):
    """Positions of whose cross of five as many lie in the mask as are needed; outside the picture is as the middle."""
    found = np.zeros_like(mask)
    for y, x in product(*map(range, mask.shape)):
        cross = [(y, x), (y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
        inside = [mask[p] for p in cross if 0 <= p[0] < mask.shape[0] and 0 <= p[1] < mask.shape[1]]
        found[y, x] = sum(inside) >= min(needed, len(inside))
    return found


def paper_region(difference):
    low, high = difference.min(), difference.max()
    grey = np.rint(255 * (difference - low) / (high - low)).astype(np.uint8)
    mask = grey > otsu(grey)
    opened = spread(spread(mask, 5), 1)
    return opened if opened.any() else mask


@torch.no_grad()
def fisedit(bundle, base, count):
    """The region on the latent grid and the latents at every step."""
    network, scheduler = WrittenNetwork(bundle), scheduler_of(bundle, STEPS)
    source = torch.tensor(base.latents["trajectory"])
    old, new, nothing = (text_of(bundle, words) for words in (OLD, NEW, ""))
    x, path, difference = source[:1], [source[:1]], 0
    for step, t in enumerate(scheduler.timesteps[:count]):
        maps = {}
        network(
            source[step : step + 1], t, old, cross_attention=lambda n, m, kept=maps: kept.setdefault(n, m)
        )

        def kept_columns(name, own, of_base=maps):
            columns = [
                of_base[name][..., KEPT[j]] if j in KEPT else own[..., j] for j in range(own.shape[-1])
            ]
            return torch.stack(columns, -1)

        without, with_words = network(x, t, nothing), network(x, t, new, cross_attention=kept_columns)
        x = scheduler.step(without + GUIDANCE * (with_words - without), t, x).prev_sample
        path.append(x)
        apart = sum((x - source[step + 1]).abs()[0])
        difference = difference + ((apart - apart.min()) / (apart.max() - apart.min())).numpy()
    region = spread(paper_region(difference), 1)  # grown by one
    inside = torch.from_numpy(region)
    path = [torch.where(inside, x, source[i : i + 1]) for i, x in enumerate(path)]
    for step, t in list(enumerate(scheduler.timesteps))[count:]:
        x = path[-1]
        without, with_words = network(x, t, nothing), network(x, t, new)
        x = scheduler.step(without + GUIDANCE * (with_words - without), t, x).prev_sample
        path.append(torch.where(inside, x, source[step + 1 : step + 2]))
    return region, torch.cat(path).numpy()


@pytest.mark.parametrize("kind", ["sd2", "default"])
def test_a_dense_edit_is_the_paper_step_by_step(kind):
    with context_for(attentive(tiny_bundle(kind))) as context:
        base = as_base(generate(Generate(OLD, WIDTH, HEIGHT, Sampling(3, STEPS, GUIDANCE)), context, 3))
        result = engine_edit(context, Edit((base,), NEW, parameters=PAPER))
        assert result.log["warmup_steps"] == 3
        region, path = fisedit(context.bundle, base, 3)
        assert region.any() and not region.all()
        found = result.latents["trajectory"]
        assert np.array_equal((found != base.latents["trajectory"]).any((0, 1)), region)
        assert np.abs(found - path).max() < 1e-3 * np.abs(path).max()  # maps are kept in half precision


@pytest.mark.parametrize("first", [1, 3])
def test_the_ablation_compares_a_plain_run_of_the_new_words_from_t1_on(first):
    """Without attention control the first steps are those of a picture made from the new words with the same noise."""
    with context_for(tiny_bundle("sd2")) as context:
        sampling = Sampling(3, STEPS, GUIDANCE)
        base, plain = (
            as_base(generate(Generate(words, WIDTH, HEIGHT, sampling), context, 3)) for words in (OLD, NEW)
        )
        own = PAPER | {"control": False, "compare_from": first}
        result = engine_edit(context, Edit((base,), NEW, parameters=own))
        before, after = (torch.tensor(turn.latents["trajectory"]) for turn in (base, plain))
        steps = range(first, 4)
        region = spread(
            paper_region(
                summed_differences([before[i, None] for i in steps], [after[i, None] for i in steps])
            ),
            1,
        )
        inside = result.latents["trajectory"][3][..., region]
        assert np.abs(inside - after[3].numpy()[..., region]).max() < 1e-4
        assert np.array_equal((result.latents["trajectory"] != before.numpy()).any((0, 1)), region)
        assert as_base(result).record.warmup_controlled is False


def test_differences_of_opposite_sign_do_not_cancel():
    """Sum over the channels of |X - Y|, not the sum's absolute value."""
    base, edited = torch.zeros(1, 4, 6, 6), torch.zeros(1, 4, 6, 6)
    edited[0, :, 2, 2] = torch.tensor([1.0, -1.0, 2.0, -2.0])
    edited[0, :, 4, 4] = torch.tensor([1.0, 0.5, 0.0, 0.0])
    total = summed_differences([base], [edited])
    assert total[2, 2] == 1 and total[4, 4] == pytest.approx(0.25) and total.sum() == pytest.approx(1.25)


def test_the_sum_is_scaled_once_as_printed_or_every_step_as_in_the_code():
    base, edited = [torch.zeros(1, 1, 2, 2)] * 2, [torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)]
    edited[0][..., 0, 0], edited[1][..., 1, 1] = 1.0, 4.0
    by_step, once = (summed_differences(base, edited, scale_steps=way) for way in (True, False))
    assert by_step.tolist() == [[1, 0], [0, 1]] and once.tolist() == [[0.25, 0], [0, 1]]


def test_specks_stay_where_nothing_is_opened_as_printed():
    difference = np.zeros((12, 12), np.float32)
    difference[2:7, 2:7] = difference[10, 10] = 1
    opened, printed = (mask_from_difference(difference, opening=way) for way in (True, False))
    assert printed.sum() == 26 and printed[10, 10] and not opened[10, 10]


def test_the_threshold_is_otsus():
    """Two classes far below half of the strongest difference: a background, a thing, and a few peaks in the thing."""
    random = np.random.default_rng(0)
    difference = random.uniform(0, 0.06, (32, 40)).astype(np.float32)
    difference[8:24, 10:30] = random.uniform(0.3, 0.4, (16, 20))
    difference[12:14, 15:17] = 1
    region = mask_from_difference(difference)
    assert np.array_equal(region, paper_region(difference))
    assert region[9:23, 11:29].all() and region.sum() < 16 * 20 + 1


def test_runs_of_different_lengths_have_no_difference():
    latents = torch.zeros(1, 4, 8, 8)
    with pytest.raises(ValueError, match="shorter"):
        summed_differences([latents, latents], [latents])
