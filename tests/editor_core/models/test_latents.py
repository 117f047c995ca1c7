"""Pictures and latents, with all kinds of autoencoder, at non-square sizes."""

import copy
import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.base.errors import ModelError
from editor_core.models import latents
from support.tiny_models import KINDS, tiny_bundle


def random_picture(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def random_latents(bundle, h: int, w: int) -> torch.Tensor:
    return latents.seeded_noise(3, (1, bundle.latent_channels, h, w))


def test_seeded_noise_is_the_same_for_a_seed_and_leaves_the_global_generator_alone():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    first, second = latents.seeded_noise(5, (1, 4, 3, 2)), latents.seeded_noise(5, (1, 4, 3, 2))
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(first, second) and not torch.equal(first, latents.seeded_noise(6, (1, 4, 3, 2)))
    # The numbers a project was made with must not change with the program.
    torch.testing.assert_close(
        latents.seeded_noise(0, (4,)), torch.tensor([1.540996, -0.293429, -2.178789, 0.568431])
    )


@pytest.mark.parametrize("kind", KINDS)
def test_encoding_has_the_latent_shape_and_is_deterministic(kind):
    bundle = tiny_bundle(kind)
    picture = random_picture(128, 64)
    z = latents.encode(bundle, picture)
    assert z.shape == bundle.latent_shape(128, 64) == (1, bundle.latent_channels, 8, 16)
    assert z.dtype == torch.float32
    assert torch.equal(z, latents.encode(bundle, picture))


def test_encoding_takes_the_mode_and_scales_it():
    bundle = tiny_bundle("sd1")
    picture = random_picture(64, 64)
    pixels = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
    with torch.no_grad():
        expected = bundle.vae.encode(pixels).latent_dist.mean * 0.18215
    torch.testing.assert_close(latents.encode(bundle, picture), expected)


def test_tiles_are_smaller_than_the_pictures_the_autoencoder_was_trained_on(monkeypatch):
    """SDXL's own tile is its whole picture: tiling would change nothing."""
    bundle = tiny_bundle("sd1")
    vae, sizes = copy.deepcopy(bundle.vae), []
    vae.tile_sample_min_size, vae.tile_latent_min_size = 128, 16
    monkeypatch.setattr(latents, "TILE", 64)
    latents.decode_in_tiles(vae)
    vae.decoder.register_forward_pre_hook(lambda _, args: sizes.append(args[0].shape[-2:]))
    tiled = latents.decode(dataclasses.replace(bundle, vae=vae), random_latents(bundle, 16, 16))
    assert len(sizes) > 1 and max(max(size) for size in sizes) == 8 and tiled.shape == (128, 128, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_decoding_undoes_the_scaling_and_rounds(kind):
    bundle = tiny_bundle(kind)
    z = random_latents(bundle, 5, 7)
    with torch.no_grad():
        expected = (bundle.vae.decode(z / bundle.scaling_factor).sample[0] + 1) * 127.5
    picture = latents.decode(bundle, z)
    assert picture.shape == (40, 56, 3) and picture.dtype == np.uint8
    np.testing.assert_allclose(picture, expected.permute(1, 2, 0).clamp(0, 255), atol=0.501)


@pytest.mark.parametrize("kind", KINDS)
def test_latents_are_shifted_before_they_are_scaled(kind):
    """z = (mode - shift) scale, as Stable Diffusion 3's autoencoder wants it, and back."""
    plain = tiny_bundle(kind)
    shifted = dataclasses.replace(plain, shift_factor=0.5)
    picture, z = random_picture(64, 64), random_latents(plain, 5, 7)
    moved = latents.encode(plain, picture) - 0.5 * plain.scaling_factor
    torch.testing.assert_close(latents.encode(shifted, picture), moved, rtol=1e-4, atol=1e-5)
    expected = latents.decode_float(plain, z + 0.5 * plain.scaling_factor)
    torch.testing.assert_close(latents.decode_float(shifted, z), expected, rtol=1e-4, atol=1e-5)


def test_a_read_only_picture_can_be_encoded():
    picture = random_picture(64, 64)
    picture.flags.writeable = False
    latents.encode(tiny_bundle("default"), picture)


@pytest.mark.parametrize(
    "box", [(10, 12, 13, 19), (0, 0, 4, 4), (20, 25, 24, 30), (0, 11, 24, 12), (0, 0, 24, 30)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_decoded_window_is_the_whole_decoding_under_it(kind, box):
    bundle = tiny_bundle(kind)
    z = random_latents(bundle, 24, 30)
    top, left, bottom, right = (side * bundle.downscale for side in box)
    expected = latents.decode(bundle, z)[top:bottom, left:right]
    window = latents.decode_window(bundle, z, box)
    assert window.shape == expected.shape
    # Another size may sum in another order: a number on the edge between two greys may fall either way.
    assert np.abs(window.astype(int) - expected).max() <= 1
    assert (window != expected).mean() < 1e-3


@pytest.mark.parametrize("box", [(10, 12, 13, 19), (0, 0, 4, 4), (20, 25, 24, 30), (0, 11, 24, 12)])
def test_a_narrowed_window_is_the_plain_one(box):
    bundle, sizes = tiny_bundle("default"), []
    z = random_latents(bundle, 24, 30)
    plain = latents.decode_window(bundle, z, box, narrowed=False)
    hook = bundle.vae.decoder.conv_out.register_forward_pre_hook(lambda _, args: sizes.append(args[0].shape))
    narrowed = latents.decode_window(bundle, z, box)
    hook.remove()
    assert np.abs(narrowed.astype(int) - plain).max() <= 1 and (narrowed != plain).mean() < 1e-3
    height, width = sizes[0][-2:]
    assert height <= plain.shape[0] + 2 * 6 and width <= plain.shape[1] + 2 * 6


def test_a_small_window_decodes_less_than_the_picture(monkeypatch):
    bundle = tiny_bundle("default")
    reach = latents.decoder_reach(bundle)
    assert reach is not None and 4 <= reach <= 8
    seen = []
    decode = latents.decode_float
    monkeypatch.setattr(
        latents, "decode_float", lambda b, z: seen.append(tuple(z.shape[-2:])) or decode(b, z)
    )
    latents.decode_window(bundle, random_latents(bundle, 40, 40), (0, 18, 3, 20))
    assert seen == [(3 + reach, 2 + 2 * reach)]


@pytest.mark.parametrize("box", [(10, 12, 13, 19), (0, 0, 4, 4), (20, 25, 24, 30), (0, 0, 24, 30)])
@pytest.mark.parametrize("kind", KINDS)
def test_an_encoded_window_is_the_whole_encoding_under_it(kind, box):
    bundle = tiny_bundle(kind)
    picture = random_picture(30 * bundle.downscale, 24 * bundle.downscale)
    top, left, bottom, right = box
    expected = latents.encode(bundle, picture)[..., top:bottom, left:right]
    torch.testing.assert_close(latents.encode_window(bundle, picture, box), expected, rtol=1e-4, atol=1e-5)


def test_a_small_window_encodes_less_than_the_picture(monkeypatch):
    bundle = tiny_bundle("default")
    reach = latents.encoder_reach(bundle)
    assert reach is not None and 1 <= reach <= 8
    seen = []
    encode = latents.encode
    monkeypatch.setattr(latents, "encode", lambda b, image: seen.append(image.shape) or encode(b, image))
    latents.encode_window(bundle, random_picture(320, 320), (0, 18, 3, 20))
    assert seen == [((3 + reach) * 8, (2 + 2 * reach) * 8, 3)]


def test_the_reach_is_not_larger_than_it_must_be():
    bundle = tiny_bundle("default")
    reach = latents.decoder_reach(bundle)
    z = random_latents(bundle, 20, 20)
    pixels = latents.decode_float(bundle, z)
    z[..., 0] += 1
    changed = (latents.decode_float(bundle, z) - pixels).abs().amax(dim=(0, 1, 2)).nonzero().max().item()
    assert changed // bundle.downscale == reach


@pytest.mark.parametrize("kind", ["sd1", "sd2"])
def test_an_autoencoder_with_group_norm_sees_everything(kind):
    assert latents.decoder_reach(tiny_bundle(kind)) is None
    assert latents.encoder_reach(tiny_bundle(kind)) is None


def test_a_latent_position_is_masked_when_any_of_its_pixels_is():
    mask = np.zeros((24, 40), np.uint8)
    mask[7, 8] = 1
    mask[23, 39] = 255
    found = latents.mask_to_latent(mask, (3, 5))
    assert found.dtype == torch.bool
    assert found.nonzero().tolist() == [[0, 1], [2, 4]]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_the_latent_mask_covers_the_mask_and_nothing_untouched(h, w, scale, seed):
    mask = (np.random.default_rng(seed).random((h * scale, w * scale)) < 0.05).astype(np.uint8)
    found = latents.mask_to_latent(mask, (h, w)).numpy()
    back = np.kron(found, np.ones((scale, scale), bool))
    assert not (mask.astype(bool) & ~back).any()
    touched = {(y // scale, x // scale) for y, x in np.argwhere(mask)}
    assert touched == {tuple(cell) for cell in np.argwhere(found)}


def test_a_mask_that_was_not_padded_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        latents.mask_to_latent(np.zeros((60, 64), np.uint8), (8, 8))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 150), st.integers(1, 150), st.sampled_from([8, 16, 64]))
def test_padding_reaches_the_grid_and_cropping_takes_it_back(width, height, grid):
    picture = random_picture(width, height)
    padded = latents.pad_to_grid(picture, grid)
    assert padded.shape[0] % grid == padded.shape[1] % grid == 0
    assert 0 <= padded.shape[0] - height < grid and 0 <= padded.shape[1] - width < grid
    assert np.array_equal(latents.crop(padded, width, height), picture)
    assert (padded[height:, :width] == picture[-1]).all()
    mask = latents.pad_to_grid(picture[..., 0], grid)
    assert mask.sum() == picture[..., 0].sum(dtype=mask.sum().dtype)


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_needs_no_network_once_the_first_was_made(kind, monkeypatch):
    bundle = tiny_bundle(kind)
    z = random_latents(bundle, 6, 9)
    first = latents.linear_preview(bundle, z)
    monkeypatch.setattr(type(bundle.vae), "decode", None)
    monkeypatch.setattr(type(bundle.vae), "encode", None)
    again = latents.linear_preview(bundle, z)
    assert np.array_equal(first, again)
    assert again.dtype == np.uint8 and again.shape == (6, 9, 3)


def test_a_preview_resembles_the_picture():
    bundle = tiny_bundle("default")  # its shortcuts pass colours on although its weights are random
    colours = torch.rand(1, 3, 3, 4, generator=torch.Generator().manual_seed(5)) * 255
    soft = torch.nn.functional.interpolate(colours, (96, 128), mode="bilinear")[0].permute(1, 2, 0)
    small = soft.reshape(12, 8, 16, 8, 3).mean(dim=(1, 3)).numpy()
    seen = latents.linear_preview(bundle, latents.encode(bundle, soft.to(torch.uint8).numpy()))
    assert np.square(seen - small).mean() < 0.7 * np.square(small - small.mean(axis=(0, 1))).mean()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_never_becomes_a_picture(value):
    bundle = tiny_bundle(KINDS[0])
    z = random_latents(bundle, 6, 5)
    z[0, 0, 2, 2] = value
    for look in (latents.decode, latents.linear_preview):
        with pytest.raises(ModelError, match="invalid values"):
            look(bundle, z)
