"""Captured steps, with noted kernels in place of a CUDA graph: they, too, are repeated on the memory they have seen.

Whatever a step takes from Python while it is captured (a time, a count, a position) would be frozen there, and a
replay for other inputs would come out wrong.
"""

import pytest
import torch

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet.leaves import with_tensors
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.backbones.unet.step_graph import MAX_GRAPHS, StepGraphs
from editor_core.models.conditioning import Conditioning
from support.captures import kernels_of, repeat
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

SIZE = (24, 20)
ROWS = Choice(4, (False,) * 4)


class Counted:
    """Stands in for CUDA's capture; counts how often it was asked."""

    def __init__(self):
        self.count = 0

    def __call__(self, run):
        self.count += 1
        return kernels_of(run)


def mask_at(top, left, height=6, width=7):
    mask = torch.zeros(SIZE, dtype=torch.bool)
    mask[top : top + height, left : left + width] = True
    return mask


def emitted_by(call):
    found = {}

    def emit(site, positions, fresh):
        assert site not in found
        found[site] = (None if positions is None else positions.clone(), fresh.clone())

    return call(emit), found


def assert_equal_runs(graphs, step, rows, timestep, text, read):
    expected, theirs = emitted_by(lambda emit: step(rows, timestep, text, read, emit))
    got, ours = emitted_by(lambda emit: graphs(step, rows, timestep, text, read, emit))
    torch.testing.assert_close(got, expected, rtol=1e-5, atol=1e-5)
    assert list(ours) == list(theirs)
    for site, (positions, fresh) in theirs.items():
        assert (positions is None) == (ours[site][0] is None)
        assert positions is None or torch.equal(positions, ours[site][0])
        torch.testing.assert_close(ours[site][1], fresh, rtol=1e-5, atol=1e-5)


@pytest.fixture
def no_grad():
    with torch.no_grad():
        yield


pytestmark = pytest.mark.usefixtures("no_grad")


@pytest.mark.parametrize(
    ("kind", "choice"),
    [("default", ROWS), ("sd2", Choice(4, (True, False, True, False))), ("default", Choice(2, (False,) * 4))],
)
def test_a_replay_follows_time_words_latents_record_and_region(kind, choice):
    unet, graphs = tiny_unet(kind), StepGraphs(captures := Counted())
    latents, words = random_inputs(unet, *SIZE)
    for number, (timestep, step) in enumerate(zip((5, 700, 40), alike_steps(unet, choice), strict=True)):
        text = words + number
        recorded, _ = record_step(unet, latents * (1 + number), timestep, text)
        rows = torch.randn(2, len(step.region.active), unet.config.in_channels)
        assert_equal_runs(graphs, step, rows, timestep, encode_text(unet, Conditioning(text)), recorded.read)
    assert len(graphs) == captures.count == 1


def alike_steps(unet, choice, **others):
    """Three steps: two for one region, and, but for boxes, the third for another whose plans have equal sizes."""
    first = bucketed_step(unet, (3, 4), choice, **others)
    if any(choice.box):
        return first, first, first
    steps = (bucketed_step(unet, (top, left), choice, **others) for top in range(4, 18) for left in range(13))
    return first, first, next(step for step in steps if step.kind == first.kind)


def bucketed_step(unet, corner, choice=ROWS, **others):
    region = plan_region(mask_at(*corner), 4, (1,), bucketed=True)
    return SparseStep(unet, region, choice=choice, **others)


@pytest.mark.parametrize(
    ("kind", "keys", "thinned"), [("sd1", Keys.STRIDED, True), ("default", Keys.ACTIVE, False)]
)
def test_other_keys_are_replayed_too(kind, keys, thinned):
    unet, graphs = tiny_unet(kind), StepGraphs(captures := Counted())
    latents, text = random_inputs(unet, *SIZE)
    recorded, _ = record_step(unet, latents, 5, text, thinned=thinned)
    for step in alike_steps(unet, ROWS, keys=keys, thinned=thinned)[1:]:
        rows = torch.randn(2, len(step.region.active), unet.config.in_channels)
        assert_equal_runs(graphs, step, rows, 5, encode_text(unet, Conditioning(text)), recorded.read)
    assert len(graphs) == captures.count == 1


def test_one_region_is_captured_once_and_few_are_kept():
    count = 0

    def counted(run):
        nonlocal count
        count += 1
        return repeat(run)

    unet, graphs = tiny_unet(), StepGraphs(counted)
    latents, words = random_inputs(unet, *SIZE)
    text = encode_text(unet, Conditioning(words))
    recorded, _ = record_step(unet, latents, 5, words)
    for width in range(1, MAX_GRAPHS + 3):
        region = plan_region(mask_at(2, 2, 18, 2 * width), 4)
        step = SparseStep(unet, region, choice=ROWS)
        rows = latents.flatten(2).mT[:, region.active]
        for _ in range(2):
            graphs(step, rows, 5, text, recorded.read)
    assert count == MAX_GRAPHS + 2
    assert len(graphs) == MAX_GRAPHS
    graphs.clear()
    assert len(graphs) == 0


def test_what_a_call_gives_stays_when_the_next_one_uses_its_memory():
    unet, graphs = tiny_unet(), StepGraphs(repeat)
    latents, words = random_inputs(unet, *SIZE)
    text = encode_text(unet, Conditioning(words))
    recorded, _ = record_step(unet, latents, 5, words)
    step = bucketed_step(unet, (3, 4))
    rows, emitted = latents.flatten(2).mT[:, step.region.active], []
    out = graphs(step, rows, 5, text, recorded.read, lambda site, positions, fresh: emitted.append(fresh))
    before = [tensor.clone() for tensor in (out, *emitted)]
    graphs(step, rows + 1, 900, text, recorded.read, lambda *_: None)
    for now, then in zip((out, *emitted), before, strict=True):
        assert torch.equal(now, then)


def test_what_cannot_be_captured_runs_as_it_is(caplog):
    asked = []

    def refuse(run):
        asked.append(run)
        raise RuntimeError("operation not permitted when stream is capturing")

    unet, graphs = tiny_unet(), StepGraphs(refuse)
    latents, words = random_inputs(unet, *SIZE)
    recorded, _ = record_step(unet, latents, 5, words)
    region = plan_region(mask_at(3, 4), 4)
    step, text = SparseStep(unet, region, choice=ROWS), encode_text(unet, Conditioning(words))
    rows = latents.flatten(2).mT[:, region.active]
    for _ in range(2):
        assert_equal_runs(graphs, step, rows, 5, text, recorded.read)
    assert len(asked) == 1
    assert "could not be captured" in caplog.text


def test_running_out_of_memory_is_not_hidden():
    def exhausted(run):
        raise torch.OutOfMemoryError("CUDA out of memory")

    unet = tiny_unet()
    latents, words = random_inputs(unet, *SIZE)
    recorded, _ = record_step(unet, latents, 5, words)
    region = plan_region(mask_at(3, 4), 4)
    step = SparseStep(unet, region, choice=ROWS)
    with pytest.raises(torch.OutOfMemoryError):
        StepGraphs(exhausted)(
            step,
            latents.flatten(2).mT[:, region.active],
            5,
            encode_text(unet, Conditioning(words)),
            recorded.read,
        )


def test_dense_steps_and_empty_regions_are_not_captured():
    unet, graphs = tiny_unet(), StepGraphs(captures := Counted())
    latents, words = random_inputs(unet, *SIZE)
    recorded, _ = record_step(unet, latents, 5, words)
    text = encode_text(unet, Conditioning(words))
    for mask, dense_from in [(mask_at(0, 0, 0, 0), 4), (mask_at(3, 4), 0)]:
        region = plan_region(mask, 4)
        step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
        rows = latents.flatten(2).mT[:, region.active]
        torch.testing.assert_close(
            graphs(step, rows, 5, text, recorded.read), step(rows, 5, text, recorded.read)
        )
    assert captures.count == 0


@pytest.mark.parametrize("choice", [ROWS, Choice(4, (True,) * 4), Choice(2, (False,) * 4)])
def test_a_step_asks_no_tensor_for_its_values(choice):
    """Tensors without data refuse what would make a processor wait for a graphics card, and mixing with real ones."""
    unet = tiny_unet("sd2")
    latents, words = random_inputs(unet, *SIZE)
    recorded, _ = record_step(unet, latents, 5, words)
    region = plan_region(mask_at(3, 4), 4, (1,), bucketed=True)
    bare = type(unet).from_config(unet.config).to("meta")
    step = SparseStep(bare, with_tensors(region, lambda tensor: tensor.to("meta")), choice=choice)
    text = with_tensors(encode_text(unet, Conditioning(words)), lambda tensor: tensor.to("meta"))
    rows = torch.empty(2, len(region.active), unet.config.in_channels, device="meta")
    asked = SparseStep(unet, region, choice=choice).reads()
    record = {site: recorded.read(site, positions).to("meta") for site, positions in asked}
    emitted = []
    out = step(
        rows,
        torch.empty((), dtype=torch.int64, device="meta"),
        text,
        lambda site, _: record[site],
        lambda site, positions, fresh: emitted.append(fresh.device.type),
    )
    assert out.shape == (2, len(region.active), unet.config.out_channels)
    assert set(emitted) == {"meta"}
