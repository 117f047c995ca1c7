"""A run's space: whatever decides its activations changes the name, and nothing else does."""

from dataclasses import fields, replace

import numpy as np
import pytest

from editor_core.engines.generate import generate
from editor_core.engines.incremental.keys import picture_digest, run_space
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from editor_core.messages.run import RunSpec
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import sketching_bundle

REGION = np.arange(24).reshape(4, 6) % 5 == 0
RUN = {
    "fingerprint": "0123",
    "method": "fisedit",
    "prompt": "a red cat",
    "negative": "blurred",
    "seed": 3,
    "steps": 20,
    "guidance": 4.0,
    "sampler": "ddim",
    "latent_size": (4, 6),
    "parent": "space of the parent",
    "region": REGION,
    "parameters": {"incremental": True, "margin": 1},
    "strength": 0.75,
    "begins": np.zeros((4, 6), np.int16),
}
OTHERS = {
    "fingerprint": ["0124"],
    "method": ["instdiffedit"],
    "prompt": ["a red cat ", "a red dog"],
    "negative": ["", "a red cat"],
    "seed": [4],
    "steps": [21],
    "guidance": [4.5],
    "sampler": ["euler", "dpm++2m"],
    "latent_size": [(6, 4), (4, 7)],
    "parent": ["", "space of another"],
    "region": [None, ~REGION, np.zeros_like(REGION), REGION[::-1]],
    "parameters": [{}, {"incremental": False, "margin": 1}, {"incremental": True}],
    "strength": [1.0, 0.5],
    "begins": [None, np.ones((4, 6), np.int16), np.eye(4, 6, dtype=np.int16)],
}


def test_every_field_has_another_value_here():
    assert set(RUN) == set(OTHERS) == {field.name for field in fields(RunSpec)}


@pytest.mark.parametrize("name, other", [(name, other) for name in OTHERS for other in OTHERS[name]])
def test_one_field_changed_is_another_space(name, other):
    assert run_space(RunSpec(**RUN | {name: other})) != run_space(RunSpec(**RUN))


def test_the_same_run_has_the_same_space():
    again = RUN | {"region": REGION.astype(np.uint8), "parameters": {"margin": 1, "incremental": True}}
    assert run_space(RunSpec(**again)) == run_space(RunSpec(**RUN))
    exchanged = [
        {"prompt": "blurred", "negative": "a red cat"},
        {"prompt": "a red cat", "negative": "blurred"},
    ]
    assert len({run_space(RunSpec(**RUN | words)) for words in exchanged}) == 2


def test_a_picture_that_differs_in_one_level_has_another_digest():
    picture = np.random.default_rng(0).integers(0, 255, (6, 8, 3), np.uint8)
    other = picture.copy()
    other[5, 7, 2] += 1
    assert picture_digest(picture) == picture_digest(picture[::1].copy()) != picture_digest(other)
    assert picture_digest(picture[:, ::-1]) == picture_digest(picture[:, ::-1].copy())


SAMPLING = Sampling(seed=3, steps=2, guidance=3.0)


@pytest.fixture(scope="module")
def bundle():
    return sketching_bundle("default")


@pytest.fixture(scope="module")
def base(bundle):
    with context_for(bundle) as context:
        return as_base(generate(Generate("a red cat", 96, 64, SAMPLING), context, 3))


def mask(columns):
    given = np.zeros((64, 96), np.uint8)
    given[8:40, columns] = 255
    return given


def sketch(tone):
    drawn = np.full((64, 96), 255, np.uint8)
    drawn[12:40, 10:14] = tone
    drawn[30:34, 10:40] = 0
    return drawn


def space_of(bundle, request):
    with context_for(bundle) as context:
        return engine_edit(context, request).cache_space


def edits(base, method):
    """An edit, and others that each differ from it in one thing."""
    given = None if method == "embctrl" else mask(slice(0, 40))
    drawn = sketch(0) if method == "masafusion" else None
    own = {"variants": 1} if method == "instdiffedit" else {}
    edit = Edit((base,), "a blue cat", given, method, own, "a dog", 30.0, drawn)
    others = {
        "words": replace(edit, prompt="a blue dog"),
        "negative": replace(edit, negative="an owl"),
        "guidance": replace(edit, guidance=29.5),
        "parent": replace(edit, lineage=(replace(base, cache_space="another"),)),
    }
    if method != "embctrl":
        others["region"] = replace(edit, mask=mask(slice(0, 41)))
    if method in ("instdiffedit", "masafusion"):
        others["seed"] = replace(edit, parameters=own | {"seed": 77})
    if method == "masafusion":
        others["sketch"] = replace(edit, sketch=sketch(120))
        others["without sketch"] = replace(edit, sketch=None)
    return edit, others


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion", "embctrl"])
def test_edits_that_differ_in_one_thing_leave_it_in_different_spaces(bundle, base, method):
    edit, others = edits(base, method)
    spaces = {name: space_of(bundle, other) for name, other in others.items()}
    spaces["the edit"] = space_of(bundle, edit)
    assert spaces["the edit"] == space_of(bundle, edit)
    spaces["model"] = space_of(replace(bundle, fingerprint="another"), edit)
    assert len(set(spaces.values())) == len(spaces)


def test_generated_pictures_that_differ_in_one_thing_have_different_spaces(bundle):
    request = Generate("a red cat", 64, 64, SAMPLING)
    others = {
        "words": replace(request, prompt="a red dog"),
        "size": replace(request, width=72),
        "steps": replace(request, sampling=replace(SAMPLING, steps=3)),
        "guidance": replace(request, sampling=replace(SAMPLING, guidance=3.5)),
        "negative": replace(request, sampling=replace(SAMPLING, negative="a dog")),
        "sampler": replace(request, sampling=replace(SAMPLING, sampler="euler")),
    }

    def space(asked, seed=3, bundle=bundle):
        with context_for(bundle) as context:
            return generate(asked, context, seed).cache_space

    spaces = {name: space(other) for name, other in others.items()}
    spaces |= {"request": space(request), "seed": space(request, 4)}
    spaces["model"] = space(request, bundle=replace(bundle, fingerprint="another"))
    assert len(set(spaces.values())) == len(spaces) and space(request) == spaces["request"]


def test_opened_pictures_that_differ_in_one_thing_have_different_spaces(bundle):
    picture = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    other = picture.copy()
    other[0, 0, 0] ^= 1
    request = OpenPicture(picture, "a red cat", SAMPLING)
    asked = [
        request,
        replace(request, image=other),
        replace(request, prompt="a red dog"),
        replace(request, how="ddim"),
        replace(request, sampling=replace(SAMPLING, steps=3)),
        replace(request, sampling=replace(SAMPLING, guidance=3.5)),
        replace(request, sampling=replace(SAMPLING, negative="a dog")),
        replace(request, sampling=replace(SAMPLING, sampler="euler")),
    ]
    with context_for(bundle) as context:
        assert len({open_picture(one, context, 3).cache_space for one in asked}) == len(asked)


def test_names_stay_as_they_were_released():
    """Projects hold them: with others, what the cache kept of their turns would be lost."""
    assert (
        picture_digest(np.arange(24, dtype=np.uint8).reshape(2, 4, 3)) == "3c897147087a43cc3720582df183a4ff"
    )
    run = RUN | {"strength": 1.0, "begins": None}  # as all were then
    assert run_space(RunSpec(**run)) == "dedb010b8723c307448e78c4cf57e511"
