"""Whole sessions on pretend cards: every method gives what the processor gives, wherever the model was before."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from cache import budget as cache_budget
from editor_core.backbones.unet.sparse import Choice
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.base.errors import JobCancelled
from editor_core.base.settings import Settings
from editor_core.engines.incremental import activations
from editor_core.messages import events
from editor_core.messages.requests import Configure, Edit, FindMask, Generate, LoadModel, OpenPicture, Sampling
from editor_core.models import diffusers_folder
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from support.captures import repeat
from support.engine_runs import as_base
from support.pretend_card import pretend_cards
from support.tiny_models import sketching_bundle

SAMPLING = Sampling(seed=3, steps=4, guidance=3.0)
WORDS, OTHER_WORDS = "a red cat on the sofa", "a red dog on the sofa"
SIDE = 64


@pytest.fixture
def cards(monkeypatch):
    monkeypatch.setattr(diffusers_folder, "choose_dtype", lambda device: torch.float32)
    monkeypatch.setattr(activations, "choose", rows_on_all_levels)
    with pretend_cards(cards=2, capacity=1 << 30) as machine:
        yield machine


def rows_on_all_levels(unet, region, costs, keys):
    """Tiny networks would be computed densely, as costs say; here rows are what is tested."""
    levels = len(region.levels)
    return Choice(levels, (False,) * levels)


@pytest.fixture
def open_session(tmp_path):
    opened = []

    def open_session(device, **others):
        settings = Settings(
            model=sketching_bundle("default").source,
            device=device,
            ram_cache_mb=64,
            disk_cache_mb=256,
            cache_folder=str(tmp_path / f"cache-{len(opened)}"),
        )
        opened.append(Session(replace(settings, **others)))
        return opened[-1]

    yield open_session
    for session in opened:
        session.close()


@pytest.fixture
def as_on_a_card(monkeypatch):
    """The processor, too, fills regions up and repeats steps on the same memory."""

    def switch_on():
        monkeypatch.setattr(activations.Sparsity, "on", lambda self, device: self)
        monkeypatch.setattr(activations, "StepGraphs", partial(StepGraphs, repeat))

    return switch_on


def mask():
    marked = np.zeros((SIDE, SIDE), np.uint8)
    marked[8:40, 16:48] = 255
    return marked


def picture():
    return np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def sketch():
    drawn = np.zeros((SIDE, SIDE, 4), np.uint8)
    drawn[12:30, 20:22] = 255
    return drawn


def painted_over(base):
    image = base.image.copy()
    image[10:20, 10:20] = (200, 30, 30)
    return OpenPicture(image, base.prompt, SAMPLING, lineage=(base,))


def everything(base, opened):
    """A job of every kind, by name."""
    variants = {"variants": 2, "batched": True}
    return {
        "reword": Edit((base,), OTHER_WORDS, mask()),
        "reword, found": Edit((base,), OTHER_WORDS),
        "reword, strided": Edit((base,), OTHER_WORDS, mask(), parameters={"keys": "strided"}),
        "reword, densely": Edit((base,), OTHER_WORDS, mask(), parameters={"incremental": False}),
        "reword, tail": Edit((base,), OTHER_WORDS, mask(), parameters={"tail": 1}),
        "reword, opened": Edit((opened,), OTHER_WORDS),
        "repaint": Edit((base,), "a dog", mask(), "instdiffedit", variants),
        "repaint, found": Edit((base,), "a dog", None, "instdiffedit", variants | {"threshold": 0.3}),
        "redraw": Edit((base,), OTHER_WORDS, mask(), "masafusion", sketch=sketch()),
        "redraw, faithful": Edit((base,), OTHER_WORDS, mask(), "masafusion", {"preset": "faithful"}),
        "recolour": Edit((base,), "a blue cat on the sofa", None, "embctrl"),
        "recolour, faithful": Edit((base,), "a blue cat on the sofa", None, "embctrl", {"preset": "faithful"}),
        "find": FindMask(base.image, "the sofa", seed=1, parameters={"threshold": 0.3}),
        "paint over": painted_over(base),
        "null-text": OpenPicture(picture(), WORDS, SAMPLING, how="null-text"),
    }


def first_turns(session, emit):
    base = as_base(session.run(1, Generate(WORDS, SIDE, SIDE, SAMPLING), emit))
    return base, as_base(session.run(2, OpenPicture(picture(), WORDS, SAMPLING), emit))


def outcome(session, request, emit=lambda event: None):
    """What an artist sees of a job's results: pictures or a mask."""
    heard = []
    result = session.run(3, request, lambda event: (heard.append(event), emit(event)))
    if isinstance(result, events.FoundMask):
        return [result.heat]
    return [event.result.image for event in heard if isinstance(event, events.Variant)] + [result.image]


def assert_alike(ours, theirs, name=""):
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape and np.abs(one.astype(int) - other).max() <= 1, name


def test_every_method_gives_what_the_processor_gives(cards, open_session, as_on_a_card):
    on_card = open_session("cuda:1")
    base, opened = first_turns(on_card, lambda event: None)
    jobs = everything(base, opened)
    results = {name: outcome(on_card, job) for name, job in jobs.items()}
    assert on_card._bundle.device == torch.device("cuda:1") and not cards.memory[0].peak
    as_on_a_card()
    on_processor = open_session("cpu")
    again = first_turns(on_processor, lambda event: None)
    assert_alike([base.image, opened.image], [turn.image for turn in again])
    for name, job in everything(*again).items():
        assert_alike(results[name], outcome(on_processor, job), name)
