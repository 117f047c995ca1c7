import pytest
import torch

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet import rows as rows_module
from editor_core.backbones.unet.recording import position_major, recorded_positions
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

SIZES = [(13, 10), (8, 24)]
T = 5


def words_of(unet, text):
    return encode_text(unet, Conditioning(text))


def random_mask(height, width, share=0.2, seed=0):
    return torch.rand(height, width, generator=torch.Generator().manual_seed(seed)) < share


def box_mask(height, width):
    mask = torch.zeros(height, width, dtype=torch.bool)
    mask[height // 4 : height // 2 + 1, width // 3 : width // 3 + 4] = True
    return mask


def active_rows(feature_map, region):
    return position_major(feature_map, feature_map.dtype)[:, region.active]


def relative_error(got, expected):
    return ((got.double() - expected.double()).norm() / expected.double().norm()).item()


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dense_from", [0, 1, 4])
def test_the_recorded_input_gives_the_recorded_output(kind, size, dense_from):
    unet = tiny_unet(kind)
    latents, text = random_inputs(unet, *size)
    recorded, out = record_step(unet, latents, T, text)
    for mask in (random_mask(*size), box_mask(*size)):
        region = plan_region(mask, 4)
        for box in (False, True):
            step = SparseStep(unet, region, choice=Choice(dense_from, (box,) * 4))
            rows = step(active_rows(latents, region), T, words_of(unet, text), recorded.read)
            assert relative_error(rows, active_rows(out, region)) < 1e-5


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 0.05), (torch.float16, 0.01)]
)
def test_batches_and_precisions(batch, dtype, tolerance):
    unet = tiny_unet("sd1", dtype)
    latents, text = random_inputs(unet, 13, 10, batch)
    recorded, out = record_step(unet, latents, T, text)
    region = plan_region(random_mask(13, 10), 4)
    rows = SparseStep(unet, region)(active_rows(latents, region), T, words_of(unet, text), recorded.read)
    assert rows.dtype is dtype
    assert relative_error(rows, active_rows(out, region)) < tolerance


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
def test_everything_active_is_the_dense_run_on_rows(kind):
    unet = tiny_unet(kind)
    latents, text = random_inputs(unet, 13, 10)
    recorded, out = record_step(unet, latents, T, text)
    region = plan_region(torch.ones(13, 10, dtype=torch.bool), 4)
    rows = SparseStep(unet, region)(
        position_major(latents, latents.dtype), T, words_of(unet, text), recorded.read
    )
    torch.testing.assert_close(rows, position_major(out, out.dtype), rtol=1e-4, atol=1e-5)


def test_new_words_and_new_latents_change_the_active_rows_only_where_they_should():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    recorded, out = record_step(unet, latents, T, text)
    region = plan_region(random_mask(13, 10), 4)
    rows = active_rows(latents, region)
    other = words_of(unet, text.flip(1) * 1.5)
    assert (
        relative_error(SparseStep(unet, region)(rows, T, other, recorded.read), active_rows(out, region))
        > 1e-3
    )


def test_with_every_position_dense_new_inputs_are_the_networks_own():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    recorded, _ = record_step(unet, latents, T, text)
    edited, region = latents.clone(), plan_region(random_mask(13, 10), 4)
    edited.flatten(2)[..., region.active] += 1
    step = SparseStep(unet, region, choice=Choice(0, (False,) * 4))
    rows = step(active_rows(edited, region), T, words_of(unet, text * 2), recorded.read)
    expected = unet(edited, T, text * 2).sample
    torch.testing.assert_close(rows, active_rows(expected, region), rtol=1e-4, atol=1e-5)


def test_nothing_active_reads_nothing_and_runs_nothing():
    unet = tiny_unet()
    region = plan_region(torch.zeros(16, 16, dtype=torch.bool), 4)
    step = SparseStep(unet, region)

    def must_not_be_called(*_):
        raise AssertionError

    handle = unet.conv_in.register_forward_pre_hook(must_not_be_called)
    text = words_of(unet, random_inputs(unet)[1])
    rows = step(torch.empty(2, 0, 8), T, text, must_not_be_called, must_not_be_called)
    handle.remove()
    assert rows.shape == (2, 0, 8)
    assert step.reads() == []


@pytest.mark.parametrize("keys", list(Keys))
@pytest.mark.parametrize("dense_from", [0, 2, 4])
def test_reads_are_announced_in_order(keys, dense_from):
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 32, 26)
    recorded, _ = record_step(unet, latents, T, text)
    region = plan_region(box_mask(32, 26), 4)
    step = SparseStep(unet, region, keys, Choice(dense_from, (False,) * 4))
    step(active_rows(latents, region), T, words_of(unet, text), recorded.read)
    announced = step.reads()
    assert [site for site, _ in announced] == [site for site, _ in recorded.asked]
    for (_, positions), (_, asked) in zip(announced, recorded.asked, strict=True):
        assert positions is asked


def test_active_keys_read_least_and_full_keys_most():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 32, 32)
    read, error = {}, {}
    for keys in Keys:
        recorded, out = record_step(unet, latents, T, text, torch.float16)
        region = plan_region(box_mask(32, 32), 4)
        rows = SparseStep(unet, region, keys)(
            active_rows(latents, region), T, words_of(unet, text), recorded.read
        )
        read[keys], error[keys] = recorded.read_bytes, relative_error(rows, active_rows(out, region))
    assert read[Keys.ACTIVE] < read[Keys.STRIDED] < read[Keys.FULL]
    assert error[Keys.FULL] < error[Keys.STRIDED]
    assert error[Keys.FULL] < 1e-2  # what half precision costs


@pytest.mark.parametrize("dense_from", [0, 1, 2, 4])
def test_an_edits_delta_makes_the_same_edit_read_back_exactly(dense_from):
    """Fresh rows laid over the recorded ones are what a second turn with the same inputs would compute."""
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    recorded, _ = record_step(unet, latents, T, text)
    region = plan_region(box_mask(13, 10), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    words = words_of(unet, text.flip(1))
    rows = active_rows(latents, region) * 1.1
    first = step(rows, T, words, recorded.read, recorded.write)
    inner = plan_region(box_mask(13, 10) & random_mask(13, 10, 0.5), 4)
    picked = torch.isin(region.active, inner.active)
    # a second turn inside the first one's region, with the same inputs, must find everything as the first left it
    second = SparseStep(unet, inner, choice=Choice(dense_from, (False,) * 4))
    again = second(rows[:, picked], T, words, recorded.read)
    assert relative_error(again, first[:, picked]) < 1e-5


def test_the_delta_names_each_recorded_site_once():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 16, 16)
    recorded, _ = record_step(unet, latents, T, text)
    region = plan_region(box_mask(16, 16), 4)
    for dense_from in range(5):
        emitted: list[str] = []
        step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
        step(
            active_rows(latents, region), T, words_of(unet, text), recorded.read,
            lambda site, positions, fresh, emitted=emitted: emitted.append(site),
        )  # fmt: skip
        assert len(emitted) == len(set(emitted))
        assert set(emitted) == set(recorded.tensors)


@pytest.mark.parametrize("dense_from", [0, 2, 4])
def test_adapter_features_reach_rows_and_maps(dense_from):
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 16, 16)
    features = [
        torch.randn(1, 8, 16, 16),
        torch.randn(1, 16, 8, 8),
        torch.randn(1, 16, 4, 4),
        torch.randn(1, 16, 2, 2),
    ]
    recorded, out = record_step(
        unet, latents, T, text, down_intrablock_additional_residuals=[f.clone() for f in features]
    )
    region = plan_region(box_mask(16, 16), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    rows = step(
        active_rows(latents, region),
        T,
        words_of(unet, text),
        recorded.read,
        features=features,
    )
    assert relative_error(rows, active_rows(out, region)) < 1e-5


@pytest.mark.parametrize("one", [False, True])
@pytest.mark.parametrize("dense_from", [0, 2, 4])
def test_what_a_controlnet_adds_reaches_rows_and_maps(dense_from, one):
    """For one picture or for all of the batch, whose halves share their rows until the first word."""
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 16, 16)
    skips = [(8, 16)] * 3 + [(8, 8)] + [(16, 8)] * 2 + [(16, 4)] * 3 + [(16, 2)] * 3
    control = ControlResiduals(
        tuple(torch.randn(1 if one else 2, width, side, side) for width, side in skips),
        torch.randn(1 if one else 2, 16, 2, 2),
    )
    added = {
        "down_block_additional_residuals": control.skips,
        "mid_block_additional_residual": control.middle,
    }
    recorded, out = record_step(unet, latents, T, text, **added)
    region = plan_region(box_mask(16, 16), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    rows = step(active_rows(latents[:1], region), T, words_of(unet, text), recorded.read, control=control)
    plain = step(active_rows(latents[:1], region), T, words_of(unet, text), recorded.read)
    assert relative_error(rows, active_rows(out, region)) < 1e-5 < relative_error(plain, rows)


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize("dense_from", [0, 1, 4])
def test_one_item_of_latents_serves_both_guidance_halves(alike, dense_from):
    """The record may hold the halves' common part once or twice."""
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    recorded, out = record_step(unet, latents, T, text, alike=alike)
    region = plan_region(random_mask(13, 10), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    rows = step(active_rows(latents[:1], region), T, words_of(unet, text), recorded.read)
    assert relative_error(rows, active_rows(out, region)) < 1e-5


@pytest.mark.parametrize("dense_from", [0, 1, 4])
def test_the_delta_of_one_item_has_the_records_shapes(dense_from):
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    recorded, out = record_step(unet, latents, T, text, alike=True)
    shapes = {name: tensor.shape for name, tensor in recorded.tensors.items()}
    region = plan_region(box_mask(13, 10), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    step(
        active_rows(latents[:1], region),
        T,
        words_of(unet, text),
        recorded.read,
        recorded.write,
    )
    assert {name: tensor.shape for name, tensor in recorded.tensors.items()} == shapes
    again = step(active_rows(latents[:1], region), T, words_of(unet, text), recorded.read)
    assert relative_error(again, active_rows(out, region)) < 1e-5


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize("dense_from", [0, 1, 4])
def test_several_pictures_beside_one_record_are_what_each_is_alone(alike, dense_from):
    unet = tiny_unet("default")
    latents, text = random_inputs(unet, 16, 16)
    recorded, _ = record_step(unet, latents[:1].repeat(2, 1, 1, 1), T, text, alike=alike)
    region = plan_region(box_mask(16, 16), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    pictures = active_rows(torch.randn(3, *latents.shape[1:]), region)
    words, singly = text.repeat_interleave(3, 0), {}
    emitted: dict[str, torch.Tensor] = {}
    together = step(
        pictures,
        T,
        words_of(unet, words),
        recorded.read,
        lambda site, _, fresh: emitted.update({site: fresh}),
    )
    for number in range(3):
        alone = step(
            pictures[number : number + 1],
            T,
            words_of(unet, text),
            recorded.read,
            lambda site, _, fresh: singly.update({site: fresh}),
        )
        assert relative_error(together[number::3], alone) < 1e-5
        assert singly.keys() == emitted.keys()
        for site, fresh in singly.items():
            assert relative_error(emitted[site][number::3], fresh) < 1e-4, site


def test_many_rows_are_gathered_in_parts(monkeypatch):
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    recorded, out = record_step(unet, latents, T, text)
    region = plan_region(random_mask(13, 10), 4)
    monkeypatch.setattr(rows_module, "GATHERED_AT_A_TIME", 5000)
    got = SparseStep(unet, region)(active_rows(latents, region), T, words_of(unet, text), recorded.read)
    assert relative_error(got, active_rows(out, region)) < 1e-5


@pytest.mark.parametrize("size", [(36, 20), (33, 35)])
def test_a_thinned_record_serves_strided_keys_exactly_as_a_full_one(size):
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, *size)
    full, _ = record_step(unet, latents, T, text)
    thinned, _ = record_step(unet, latents, T, text, thinned=True)
    counted = recorded_positions(unet, *size, thinned=True)
    assert {name: len(thinned.tensors[name][0]) for name in counted} == counted
    region, words = plan_region(box_mask(*size), 4), words_of(unet, text.flip(1))
    given = active_rows(latents, region)
    expected = SparseStep(unet, region, Keys.STRIDED)(given, T, words, full.read, full.write)
    got = SparseStep(unet, region, Keys.STRIDED, thinned=True)(given, T, words, thinned.read, thinned.write)
    assert torch.equal(got, expected)
    inner = plan_region(
        box_mask(*size) & random_mask(*size, 0.5), 4
    )  # and what the edit wrote serves the next one
    given = active_rows(latents, inner)
    expected = SparseStep(unet, inner, Keys.STRIDED)(given, T, words, full.read)
    got = SparseStep(unet, inner, Keys.STRIDED, thinned=True)(given, T, words, thinned.read)
    assert torch.equal(got, expected)


def test_a_thinned_record_cannot_serve_full_keys():
    with pytest.raises(ValueError, match="full"):
        SparseStep(tiny_unet(), plan_region(box_mask(16, 16), 4), thinned=True)


def test_levels_left_dense_record_thinned_keys_too():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 36, 40)
    recorded, _ = record_step(unet, latents, T, text, thinned=True)
    shapes = {name: tensor.shape for name, tensor in recorded.tensors.items()}
    region = plan_region(box_mask(36, 40), 4)
    for dense_from in (0, 1):
        step = SparseStep(unet, region, Keys.STRIDED, Choice(dense_from, (False,) * 4), thinned=True)
        step(
            active_rows(latents, region),
            T,
            words_of(unet, text),
            recorded.read,
            recorded.write,
        )
        assert {name: tensor.shape for name, tensor in recorded.tensors.items()} == shapes


def coarse(numbers):
    return (numbers * 4).round() / 4


def test_what_a_record_rounds_does_not_add_up_over_many_edits():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    record, _ = record_step(unet, latents, T, text)
    region = plan_region(box_mask(13, 10), 4)
    step = SparseStep(unet, region, as_kept=coarse)

    def write(site, positions, fresh):
        record.write(site, positions, coarse(fresh) if site.endswith(".moments") else fresh)

    turns = []
    for turn in range(13):
        shifted = active_rows(latents, region) + turn % 2
        turns.append(step(shifted, T, words_of(unet, text), record.read, write))
    torch.testing.assert_close(turns[2], turns[12], rtol=1e-4, atol=1e-4)
