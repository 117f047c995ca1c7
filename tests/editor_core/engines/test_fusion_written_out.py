"""MaSaFusion and EmbCtrl (arXiv 2405.15313) against their algorithms, written out evaluation by evaluation.

What is compared is every latent of the path that `edit` keeps. The reference shares nothing with the engines: attention
is softmax(Q K^T / sqrt(d)) V, the sampler is diffusers', each guidance half is a call of its own.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from editor_core.models.adapter import adapter_for
from editor_core.models.latents import decode
from support.engine_runs import as_base, context_for, engine_edit, first_turn
from support.tiny_models import sketching_bundle
from support.written_out import WrittenNetwork, attentive, scheduler_of, text_of

HEIGHT, WIDTH, STEPS, GUIDANCE, SEED = 64, 128, 4, 3.0, 9
OLD, NEW = "a red cat on the sofa", "a blue dog on the sofa"
HALVES = ("nothing", "words")


@dataclass
class Algorithm:
    """What decides a run of MaSaFusion; the defaults are the paper's."""

    faithful: bool = True
    sketched: bool = True
    layers: int = 6
    """So many of the last self-attention layers in calling order are the "corresponding" ones."""
    fused: range = range(STEPS)
    sketch_steps: range = range(STEPS)
    strength: float = 1.0
    guidance: float = GUIDANCE
    parameters: dict[str, object] = field(default_factory=dict)


def parameters_of(algorithm: Algorithm) -> dict[str, object]:
    preset = "faithful" if algorithm.faithful else "exact"
    own = {"preset": preset, "seed": SEED, "hide_outside_words": False, "exact_mask": True}
    own |= {"fused_layers": algorithm.layers}
    return own | algorithm.parameters


@cache
def model(kind):
    return attentive(sketching_bundle(kind))


def generated(context, prompt=OLD):
    sampling = Sampling(3, STEPS, GUIDANCE, negative="a green owl")
    return first_turn(context, Generate(prompt, WIDTH, HEIGHT, sampling))


@cache
def opened():
    """A picture of the "sd1" model, found by null-text inversion."""
    picture = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    request = OpenPicture(picture, OLD, Sampling(1, STEPS, GUIDANCE), "null-text")
    with context_for(model("sd1")) as context:
        return as_base(open_picture(request, context, 1))


def drawing():
    sketch = np.full((HEIGHT, WIDTH), 255, np.uint8)
    sketch[12:52, 20:60] = 0
    sketch[15:49, 23:57] = 255
    return sketch


def region():
    """A mask in pixels, and the latent positions that it touches."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[8:50, 16:71] = 255
    mask[40:64, 60:100] = 255
    touched = torch.zeros(8, 16, dtype=torch.bool)
    touched[1:7, 2:9] = touched[5:8, 7:13] = True
    return mask, touched


@torch.no_grad()
def masafusion(context, base, algorithm, hidden=()):
    """Algorithm 1, or 5 where nothing is sketched; and what the exact preset does otherwise.

    Returns the target's path and the intermediate's last latents. ``hidden``: tokens that what is inside does not see.
    """
    bundle, (_, inside) = context.bundle, region()
    network, scheduler = WrittenNetwork(bundle), scheduler_of(bundle, STEPS)
    first_shared = network.self_attention_layers - algorithm.layers
    source = torch.tensor(base.latents["trajectory"])
    null_text = base.latents.get("null_text")
    old = {"words": text_of(bundle, OLD), "nothing": text_of(bundle, base.negative)}
    new = {"words": text_of(bundle, NEW), "nothing": text_of(bundle, "the snow")}
    features = features_of(bundle, algorithm.strength) if algorithm.sketched else None

    def evaluate(x, texts, guided=True, features=None, share=None, keep=None, hide=False):
        """Classifier-free guidance; ``share`` and ``keep`` hold Q, K and V by guidance half and layer."""

        def half(name):
            def self_attention(layer, own):
                if keep is not None:
                    keep[name, layer] = own
                return own if share is None or layer < first_shared else share(name, layer, own)

            look = unseeing(inside, hidden) if hide and name == "words" and hidden else None
            return network(x, t, texts[name], features, self_attention, look)

        if not guided or algorithm.guidance == 1:
            return half("words")
        nothing = half("nothing")
        return nothing + algorithm.guidance * (half("words") - nothing)

    gaussian = torch.randn(source[:1].shape, generator=torch.Generator().manual_seed(SEED))
    x_target = source[:1]
    if (
        algorithm.sketched or not algorithm.faithful
    ):  # line 7 of Algorithm 1; Algorithm 5 starts from the source's
        x_target = torch.where(inside, gaussian, source[:1])
    begins = {
        "gaussian": gaussian,
        "source": source[:1],
        "mixed": torch.where(inside, gaussian, source[:1]),
    }
    x_t2i, path = begins[algorithm.parameters.get("sketch_from", "gaussian")], [x_target]
    for step, t in enumerate(scheduler.timesteps):
        fused = step in algorithm.fused
        drawn = features if step in algorithm.sketch_steps else None
        of_source, of_t2i = {}, {}
        if fused:
            null = old["nothing"] if null_text is None else torch.tensor(null_text[step : step + 1])
            evaluate(source[step : step + 1], {**old, "nothing": null}, keep=of_source)

        def all_of_source(half, layer, own, kept=of_source):
            return kept[half, layer]

        def map_of_t2i(half, layer, own, kept=of_t2i):
            return kept[half, layer][0], kept[half, layer][1], own[2]

        def keys_and_values_of_source(half, layer, own, kept=of_source):
            return own[0], kept[half, layer][1], kept[half, layer][2]

        outside_of = {"features": drawn, "share": all_of_source if fused else None}
        inside_shares = map_of_t2i if algorithm.sketched else keys_and_values_of_source
        if algorithm.sketched:  # equation 9
            found = evaluate(x_t2i, new, features=drawn, keep=of_t2i, hide=True)
            guided = algorithm.faithful or algorithm.parameters.get("guided_outside", False)
            outside = evaluate(x_t2i, old, guided=guided, **outside_of)
            found = torch.where(inside, found, outside)
        # equation 10, or 14 without a sketch
        target = evaluate(x_target, new, features=drawn, share=inside_shares if fused else None, hide=True)
        if algorithm.faithful:
            target = torch.where(inside, target, evaluate(x_target, old, **outside_of))
        x_target = scheduler.step(target, t, x_target).prev_sample
        if algorithm.sketched:
            x_t2i = scheduler.step(found, t, x_t2i).prev_sample
        if not algorithm.faithful:
            x_target = torch.where(inside, x_target, source[step + 1 : step + 2])
        path.append(x_target)
    return torch.cat(path), x_t2i


def features_of(bundle, strength):
    strokes = torch.from_numpy(255 - drawing())[None, None].float() / 255
    return [strength * feature for feature in adapter_for(bundle).network(strokes)]


def unseeing(inside, tokens):
    """Where a position is inside the region, the tokens' share of the attention goes to the others."""

    def look(_name, maps):
        side = round((inside.numel() / maps.shape[1]) ** 0.5)
        at_level = inside.view(8 // side, side, 16 // side, side).any(3).any(1).flatten()
        blind = maps.clone()
        blind[:, :, list(tokens)] = 0
        return torch.where(at_level[:, None], blind / blind.sum(-1, keepdim=True), maps)

    return look


def assert_same_path(found, expected):
    """Within rounding: the largest difference is 2e-4 of the latents' range."""
    expected = expected.numpy()
    assert np.abs(found - expected).max() < 5e-4 * np.abs(expected).max()


RUNS = {
    "Algorithm 1": Algorithm(),
    "Algorithm 5": Algorithm(sketched=False),
    "two layers, some steps, a faint sketch, at first only": Algorithm(
        layers=2,
        fused=range(1, 3),
        sketch_steps=range(2),
        strength=0.6,
        parameters={"fusion_start": 0.25, "fusion_end": 0.75, "sketch_share": 0.5, "sketch_strength": 0.6},
    ),
    "Figure 4's second noise": Algorithm(parameters={"sketch_from": "source"}),
    "Figure 4's third noise": Algorithm(parameters={"sketch_from": "mixed"}),
    "exact": Algorithm(faithful=False),
    "exact, guided outside as printed": Algorithm(faithful=False, parameters={"guided_outside": True}),
    "exact for some steps": Algorithm(
        faithful=False, fused=range(1, 3), parameters={"fusion_start": 0.25, "fusion_end": 0.75}
    ),
    "exact without sketch": Algorithm(faithful=False, sketched=False, fused=range(0)),
    "exact without sketch, from 0.4 of the steps": Algorithm(
        faithful=False, sketched=False, fused=range(2, STEPS), parameters={"fusion_start": 0.4}
    ),
    "exact, no guidance": Algorithm(faithful=False, guidance=1.0),
}


def run_masafusion(context, base, algorithm):
    mask, _ = region()
    sketch = drawing() if algorithm.sketched else None
    request = Edit((base,), NEW, mask, "masafusion", parameters_of(algorithm), "the snow", sketch=sketch)
    return engine_edit(context, replace(request, guidance=algorithm.guidance))


@pytest.mark.parametrize("kind, name", list(zip(cycle(["sd2", "default"]), RUNS)))
def test_masafusion_is_its_algorithm(kind, name):
    with context_for(model(kind)) as context:
        base = generated(context)
        result = run_masafusion(context, base, RUNS[name])
        path, intermediate = masafusion(context, base, RUNS[name])
        assert_same_path(result.latents["trajectory"], path)
        if RUNS[name].sketched:
            seen = decode(context.bundle, intermediate)
            assert np.abs(result.latents["intermediate"].astype(int) - seen).max() <= 1


@pytest.mark.parametrize("name", ["Algorithm 1", "Algorithm 5", "exact"])
def test_only_the_source_is_run_with_the_embeddings_that_null_text_inversion_found(name):
    """Appendix C: the target is generated with the plain empty prompt."""
    with context_for(model("sd1")) as context:
        base = opened()
        plain = text_of(context.bundle, "")
        assert np.abs(base.latents["null_text"] - plain.numpy()).max() > 1e-3
        result = run_masafusion(context, base, RUNS[name])
        assert_same_path(result.latents["trajectory"], masafusion(context, base, RUNS[name])[0])


def test_inside_the_region_words_for_things_elsewhere_are_not_seen(monkeypatch):
    monkeypatch.setattr("editor_core.engines.masafusion.tokens_outside", lambda *_: (3, 6))
    with context_for(model("default")) as context:
        base = generated(context)
        algorithm = Algorithm(faithful=False, parameters={"hide_outside_words": True})
        result = run_masafusion(context, base, algorithm)
        path, _ = masafusion(context, base, algorithm, hidden=(3, 6))
        assert_same_path(result.latents["trajectory"], path)
        seeing, _ = masafusion(context, base, algorithm)
        assert (path - seeing).abs().max() > 0.05


@dataclass
class Change:
    """New words for a picture's: by hand, what of each new token comes from where."""

    old: str
    new: str
    own: tuple[int, ...]
    """The tokens of new words, which bring their own embeddings (equation 12)."""
    place_of: dict[int, int | None]
    """The old token in whose place a new one stands; what is not named keeps its own number."""
    looked_at: tuple[int, ...]
    """The old tokens in whose place those of new words stand, and of words after which something was changed."""


CHANGES = {
    "another word": Change(OLD, "a blue cat on the sofa", (2,), {}, (2, 3)),
    "a word put in": Change(
        "a cat on the sofa", "a blue cat on the sofa", (2,), {2: None, **{j: j - 1 for j in range(3, 8)}}, (2,)
    ),
}  # fmt: skip


@torch.no_grad()
def embctrl(
    context, base, change, exact, guidance=GUIDANCE, kept=range(STEPS), blended=range(1, STEPS), offset=0
):
    """Algorithm 4, and what the exact preset adds: the source's maps, its offset, and a local blend."""
    bundle = context.bundle
    network, scheduler = WrittenNetwork(bundle), scheduler_of(bundle, STEPS)
    source = torch.tensor(base.latents["trajectory"])
    old, own = text_of(bundle, change.old), text_of(bundle, change.new)
    places = [change.place_of.get(j, j) for j in range(old.shape[1])]
    mixed = torch.stack([own[0, j] if j in change.own else old[0, i] for j, i in enumerate(places)])[None]
    mixed = own if exact else mixed
    null_text = base.latents.get("null_text")
    guidance = max(1.0, 0.7 * guidance) if exact else guidance
    blend = torch.zeros(8 * 16)
    x, path = source[:1], [source[:1]]
    for step, t in enumerate(scheduler.timesteps):
        nothing = [text_of(bundle, base.negative), text_of(bundle, "the snow")]
        if null_text is not None:
            nothing = [torch.tensor(null_text[step : step + 1])] * 2
        if not exact:
            without = network(x, t, nothing[1])
            output = without + guidance * (network(x, t, mixed) - without)
            x = scheduler.step(output, t, x).prev_sample
            path.append(x)
            continue
        outputs = [[], []]
        for words in (False, True):
            triples, maps = {}, {}

            def keep(layer, own, kept=triples):
                kept[layer] = own
                return own

            def watch(name, map_, kept=maps):
                kept[name] = map_
                return map_

            def map_of_source(layer, own, kept=triples):
                return kept[layer][0], kept[layer][1], own[2]

            def columns_of_source(name, map_, kept=maps):
                columns = [map_[..., j] if i is None else kept[name][..., i] for j, i in enumerate(places)]
                return torch.stack(columns, -1)

            texts = (old, mixed) if words else nothing
            beside = step in kept
            outputs[0].append(network(source[step : step + 1], t, texts[0], None, keep, watch))
            cross = columns_of_source if beside and words else None
            outputs[1].append(network(x, t, texts[1], None, map_of_source if beside else None, cross))
            if words:
                for map_ in maps.values():
                    if map_.shape[1] == 8 * 16:
                        blend += map_[..., list(change.looked_at)].sum(-1).mean(0)
        of_source, of_target = (
            scheduler.step(without + guidance * (with_ - without), t, latents).prev_sample
            for (without, with_), latents in zip(outputs, (source[step : step + 1], x), strict=True)
        )
        x = of_target + offset * (source[step + 1 : step + 2] - of_source)
        if step in blended:
            near = F.max_pool2d((blend > 0.3 * blend.max()).float().view(1, 1, 8, 16), 3, 1, 1) > 0
            x = torch.where(near, x, source[step + 1 : step + 2])
        path.append(x)
    path = torch.cat(path)
    return torch.where((path[-1] != source[-1]).any(0), path, source) if exact else path


def run_embctrl(context, base, change, **parameters):
    """Without what is done to the noise before and to the picture afterwards."""
    parameters = {"fresh_light": False, "even": False} | parameters
    request = Edit((base,), change.new, None, "embctrl", parameters, "the snow", guidance=GUIDANCE)
    return engine_edit(context, request).latents["trajectory"]


@pytest.mark.parametrize(
    "kind, exact, name",
    [
        ("sd2", True, "another word"),
        ("default", True, "a word put in"),
        ("default", False, "another word"),
        ("sd2", False, "a word put in"),
    ],
)
def test_embctrl_is_its_algorithm(kind, exact, name):
    with context_for(model(kind)) as context:
        change = CHANGES[name]
        base = generated(context, change.old)
        path = run_embctrl(context, base, change, preset="exact" if exact else "faithful")
        assert_same_path(path, embctrl(context, base, change, exact))


@pytest.mark.parametrize("exact", [True, False])
def test_embctrl_takes_the_embeddings_that_null_text_inversion_found(exact):
    with context_for(model("sd1")) as context:
        base, change = opened(), CHANGES["another word"]
        path = run_embctrl(context, base, change, preset="exact" if exact else "faithful")
        assert_same_path(path, embctrl(context, base, change, exact))


def test_embctrl_keeps_maps_and_blends_for_a_share_of_the_steps():
    with context_for(model("default")) as context:
        base, change = generated(context), CHANGES["another word"]
        path = run_embctrl(context, base, change, maps_kept=0.5, blend_from=0.75, offset_share=0.5)
        expected = embctrl(context, base, change, True, kept=range(2), blended=range(3, STEPS), offset=0.5)
        assert_same_path(path, expected)
