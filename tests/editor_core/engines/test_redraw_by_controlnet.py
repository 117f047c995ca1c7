"""Redraw with a ControlNet in the adapter's place: its own picture in a full region, nothing where it is untrained."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.base.errors import ModelError
from editor_core.engines.common.guides import NO_GUIDE, guide_for
from editor_core.engines.common.sketching import Drawing, read_drawing
from editor_core.engines.common.strength import beginnings
from editor_core.engines.generate import generate
from editor_core.engines.masafusion import MaSaFusionParameters, fuse
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.models.controlnet import control_residuals, controlnet_for
from editor_core.models.latents import seeded_noise
from editor_core.models.prompts import embed_prompt
from editor_core.pixels.drawing_aids import as_depth, strokes_of
from editor_core.sampling.guidance import guided_denoiser
from support.engine_runs import as_base, context_for, engine_edit
from support.sampling import sample
from support.tiny_models import tiny_bundle, write_tiny_controlnet

HEIGHT, WIDTH, STEPS = 64, 128, 4
SAMPLING = Sampling(seed=3, steps=STEPS, guidance=3.0)
EXACT = MaSaFusionParameters()


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("sd1")) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate("a red cat on the sofa", WIDTH, HEIGHT, SAMPLING), context, 3))


@pytest.fixture(scope="module")
def nets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nets")
    write_tiny_controlnet(folder / "scribble", "sd1")
    write_tiny_controlnet(folder / "lineart", "sd1", zero=True)
    for name in ("depth", "tile", "inpaint"):
        (folder / name).symlink_to(folder / "scribble")
    (folder / "tile_untrained").symlink_to(folder / "lineart")
    return folder


def sketch():
    paper = np.full((HEIGHT, WIDTH), 255, np.uint8)
    paper[12:52, 20:60] = 0
    paper[15:49, 23:57] = 255
    return paper


def drawn(context, net, picture=None):
    picture = sketch() if picture is None else picture
    return read_drawing(context, picture, strokes_of(picture, HEIGHT, WIDTH), str(net), 0.8)


@torch.no_grad()
def everywhere(context, base, drawing, guide=NO_GUIDE, parameters=EXACT):
    """The whole picture painted anew, "a blue dog", from seed 9."""
    shape = base.latents["trajectory"].shape
    region = torch.ones(shape[-2:], dtype=torch.bool)
    noise = seeded_noise(9, (1, *shape[1:]))
    begins = beginnings(region.numpy(), base.steps)
    return fuse(
        context,
        base,
        "a blue dog",
        "",
        base.guidance,
        begins,
        drawing,
        noise,
        parameters,
        guide=guide,
    )


def by_controlnets(context, base, *nets):
    """The same without any of ours: nets and hints (1, 3, H, W), each at 80 %."""
    words, bundle = embed_prompt(context.bundle, "a blue dog"), context.bundle

    def predict(x_t, t, told):
        added = [
            control_residuals(controlnet_for(bundle, net), x_t, t, told, hint, 0.8) for net, hint in nets
        ]
        return context.backbone.predict(x_t, t, told, control=sum(added[1:], added[0]))

    denoise = guided_denoiser(predict, context.schedule, words.cond, words.uncond, base.guidance)
    noise = seeded_noise(9, (1, *base.latents["trajectory"].shape[1:]))
    with torch.no_grad():
        return sample(denoise, noise, context.schedule, STEPS)


def as_hint(picture):
    pixels = np.atleast_3d(picture) / 255
    return torch.from_numpy(pixels).float().permute(2, 0, 1)[None].expand(1, 3, -1, -1)


def following(context, base, net, mask=None, **more):
    wanted = MaSaFusionParameters(controlnet=str(net), controlnet_strength=0.8)
    return guide_for(context, Edit((base,), "a blue dog", mask, "masafusion", **more), wanted)


def test_a_full_region_is_the_controlnets_own_picture(context, base, nets):
    found = everywhere(context, base, drawn(context, nets / "scribble"))
    lines = as_hint(strokes_of(sketch(), HEIGHT, WIDTH))
    plain = by_controlnets(context, base, (nets / "scribble", lines))
    torch.testing.assert_close(found.path, plain, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(found.intermediate, plain[-1:], rtol=1e-3, atol=1e-3)


def test_tiles_are_followed_alone_and_beside_a_sketch(context, base, nets):
    """The hint is the picture itself, also where there is a sketch, which the other net reads."""
    guide = following(context, base, nets / "tile", sketch=sketch())
    assert np.array_equal(guide.hint.picture, base.image)
    tile = (nets / "tile", as_hint(base.image))
    alone = everywhere(context, base, None, guide, replace(EXACT, fused_layers=0))
    torch.testing.assert_close(alone.path, by_controlnets(context, base, tile), rtol=1e-3, atol=1e-3)
    both = everywhere(context, base, drawn(context, nets / "scribble"), guide)
    lines = (nets / "scribble", as_hint(strokes_of(sketch(), HEIGHT, WIDTH)))
    torch.testing.assert_close(both.path, by_controlnets(context, base, lines, tile), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("preset", ["exact", "faithful"])
def test_a_gap_is_filled_by_a_net_for_inpainting_and_an_untrained_one_changes_nothing(
    context, base, nets, preset
):
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[8:56, 16:64] = 255
    plain, none, filled = (
        engine_edit(context, Edit((base,), "a blue dog", mask, "masafusion", {"preset": preset, **more}))
        for more in (
            {},
            {"controlnet": str(nets / "tile_untrained")},
            {"controlnet": str(nets / "inpaint")},
        )
    )
    path = plain.latents["trajectory"]
    assert np.abs(none.latents["trajectory"] - path).max() < 1e-3  # the source is read in half precision
    assert np.abs(filled.latents["trajectory"] - path).max() > 1e-2
    assert np.array_equal(filled.image[filled.mask == 0], base.image[filled.mask == 0])
    assert np.array_equal(filled.latents["hint"][..., 3] == 0, mask > 0)
    assert filled.log["controlnet"] == "inpaint" and filled.record.control["share"] == 1.0
    assert len({plain.cache_space, none.cache_space, filled.cache_space}) == 3


def test_the_gap_of_a_sketch_alone_is_the_area_it_asks_for(context, base, nets):
    asked = {"controlnet": str(nets / "inpaint"), "adapter": str(nets / "scribble")}
    turn = engine_edit(context, Edit((base,), "a blue dog", None, "masafusion", asked, sketch=sketch()))
    gap = turn.latents["hint"][..., 3] == 0
    assert gap.any() and not gap.all() and (turn.mask > 0)[gap].all()


def test_an_untrained_one_is_no_sketch_at_all(context, base, nets):
    channels = [*context.bundle.unet.config.block_out_channels]
    nothing = [torch.zeros(1, width, 1, 1) for width in channels]
    plain = everywhere(context, base, Drawing("none", sketch(), nothing))
    untrained = everywhere(context, base, drawn(context, nets / "lineart"))
    trained = everywhere(context, base, drawn(context, nets / "scribble"))
    assert torch.equal(untrained.path, plain.path)
    assert not torch.allclose(trained.path[-1], plain.path[-1], atol=1e-2)


def test_a_turn_says_which_one_and_another_sketch_is_another_run(context, base, nets):
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, : WIDTH // 2] = 255
    other = np.flipud(sketch()).copy()
    other[:8] = 0
    runs = [
        engine_edit(
            context,
            Edit(
                (base,), "a blue dog", mask, "masafusion", {"adapter": str(nets / "scribble")}, sketch=picture
            ),
        )
        for picture in (sketch(), other)
    ]
    assert runs[0].log["adapter"] == "scribble" and runs[0].cache_space != runs[1].cache_space
    assert np.array_equal(runs[0].image[mask == 0], base.image[mask == 0])


def test_one_for_depth_sees_greys_and_one_for_tiles_is_refused(context, nets):
    depth = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
    assert np.array_equal(drawn(context, nets / "depth", depth).picture, depth)
    clear = np.dstack([np.full((4, 4, 3), 200, np.uint8), np.zeros((4, 4), np.uint8)])
    assert not as_depth(clear).any()
    with pytest.raises(ModelError, match="does not read sketches"):
        drawn(context, nets / "tile")
