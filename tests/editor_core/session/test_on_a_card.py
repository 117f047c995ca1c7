"""Whole sessions on pretend cards: every method gives what the processor gives, wherever the model was before."""

from dataclasses import fields, replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch

from cache import budget as cache_budget
from editor_core.backbones.rows import Sparsity
from editor_core.backbones.unet import backbone, row_step
from editor_core.backbones.unet.policy import CostModel
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.base.errors import JobCancelled
from editor_core.base.settings import Settings
from editor_core.engines import open_picture
from editor_core.engines.generate import generate
from editor_core.messages import events
from editor_core.messages.requests import (
    Configure,
    Edit,
    FindMask,
    Generate,
    LoadModel,
    OpenPicture,
    Sampling,
)
from editor_core.models import networks
from editor_core.models.load import load
from editor_core.sampling.null_text import null_text_inversion
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from support.captures import repeat
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.pretend_card.machine import pretend_cards
from support.tiny_models import inpainting_bundle, sketching_bundle, tiny_folder

SAMPLING = Sampling(seed=3, steps=4, guidance=3.0)
WORDS, OTHER_WORDS = "a red cat on the sofa", "a red dog on the sofa"
SIDE = 64


@pytest.fixture
def cards(monkeypatch):
    in_single_precision(monkeypatch)
    with pretend_cards(cards=2, capacity=1 << 30) as machine:
        yield machine


def in_single_precision(monkeypatch):
    monkeypatch.setattr(networks, "choose_dtype", lambda *_: torch.float32)
    rows_are_tested(monkeypatch)


def rows_are_tested(monkeypatch):
    """Tiny networks would be computed densely, as costs say, which take long to measure."""
    monkeypatch.setattr(row_step, "costs_here", lambda *_: CostModel(*[1e-9] * len(fields(CostModel))))
    monkeypatch.setattr(row_step, "choose", rows_only)


@pytest.fixture
def open_session(tmp_path):
    opened = []

    def open_session(device, **others):
        opened.append(session_in(tmp_path / f"cache-{len(opened)}", device, **others))
        return opened[-1]

    yield open_session
    for session in opened:
        session.close()


def session_in(folder, device, **others):
    source = sketching_bundle("default").source
    settings = Settings(source, device=device, ram_cache_mb=64, disk_cache_mb=256, cache_folder=str(folder))
    return Session(replace(settings, **others))


def mask():
    marked = np.zeros((SIDE, SIDE), np.uint8)
    marked[8:40, 16:48] = 255
    return marked


def picture():
    return np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def sketch():
    drawn = np.full((SIDE, SIDE), 255, np.uint8)
    drawn[12:36, 20:44] = 0
    drawn[15:33, 23:41] = 255
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
        "recolour": Edit((base,), "a green owl in the snow", None, "embctrl"),
        "recolour, faithful": Edit(
            (base,), "a green owl in the snow", None, "embctrl", {"preset": "faithful"}
        ),
        "find": FindMask(base.image, "the sofa", seed=1, parameters={"threshold": 0.3}),
        "paint over": painted_over(base),
        "solver": Generate(WORDS, SIDE, SIDE, replace(SAMPLING, sampler="dpm++2m")),
        "null-text": OpenPicture(picture(), WORDS, replace(SAMPLING, steps=1), how="null-text"),
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


def all_results(session, monkeypatch):
    """Of a job of every kind, by name."""
    quick = partial(null_text_inversion, inner_steps=3)
    monkeypatch.setattr(open_picture, "null_text_inversion", quick)
    turns = first_turns(session, lambda event: None)
    made = {name: outcome(session, job) for name, job in everything(*turns).items()}
    return made | {"first turns": [turn.image for turn in turns]}


@pytest.fixture
def by_processor(tmp_path):
    """Which, too, fills regions up and repeats steps on the same memory; before there are cards, as each call of torch
    takes longer beside them."""
    with pytest.MonkeyPatch.context() as patch, session_in(tmp_path / "here", "cpu") as session:
        in_single_precision(patch)
        patch.setattr(Sparsity, "on", lambda self, device: self)
        patch.setattr(backbone, "StepGraphs", partial(StepGraphs, repeat))
        return all_results(session, patch)


def test_every_method_gives_what_the_processor_gives(by_processor, cards, open_session, monkeypatch):
    on_card = open_session("cuda:1")
    results = all_results(on_card, monkeypatch)
    assert on_card._bundle.device == torch.device("cuda:1") and not cards.memory[0].peak
    assert results.keys() == by_processor.keys()
    for name, images in results.items():
        assert_alike(images, by_processor[name], name)


def test_an_inpainting_model_is_told_of_the_picture_on_its_card(cards):
    def painted(device):
        bundle = load(str(tiny_folder("sd1")), device, "float32")
        made = inpainting_bundle()
        bundle = replace(bundle, unet=made.unet.to(bundle.device), capabilities=made.capabilities)
        with context_for(bundle) as context:
            base = as_base(generate(Generate(WORDS, SIDE, SIDE, SAMPLING), context, 3))
            return engine_edit(context, Edit((base,), "a dog", mask(), "instdiffedit", {"variants": 1})).image

    assert_alike([painted("cuda:1")], [painted("cpu")])
    assert not cards.memory[0].peak


def notices(heard):
    return [str(event.message) for event in heard if isinstance(event, events.Notice)]


def jobs_that_move(base):
    """What keeps something between jobs: encoded pictures, activations, captured steps."""
    return {
        "find": FindMask(base.image, "the sofa", seed=1, parameters={"threshold": 0.3}),
        "reword": Edit((base,), OTHER_WORDS, mask(), parameters={"captured": False}),
        "redraw": Edit((base,), OTHER_WORDS, mask(), "masafusion", {"preset": "faithful"}),
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """A turn made on the processor, and what jobs on it give there."""
    folder = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch, session_in(folder, "cpu") as session:
        in_single_precision(patch)
        base = as_base(session.run(1, Generate(WORDS, SIDE, SIDE, SAMPLING), lambda event: None))
        return base, {name: outcome(session, job) for name, job in jobs_that_move(base).items()}


def test_the_model_may_move_between_cards_and_processor(cards, open_session, expected):
    base, results = expected
    session = open_session("cuda:0")
    for device in ("cuda:0", "cuda:1", "cpu", "cuda:0"):
        session.run(1, LoadModel(session._wanted.source, device), lambda event: None)
        for name, job in jobs_that_move(base).items():
            assert_alike(outcome(session, job), results[name], f"{name} on {device}")
        assert session._cache.device == session._bundle.device == torch.device(device)
        cards.settle()
        for index, memory in enumerate(cards.memory):
            here = device == f"cuda:{index}"
            assert (memory.used > 1 << 20) if here else (memory.used < 1 << 16), "nothing stays behind"


def test_a_card_that_is_too_small_is_left_and_the_job_goes_on(cards, open_session, expected):
    base, results = expected
    session, heard = open_session("cuda:0"), []
    assert_alike(outcome(session, jobs_that_move(base)["find"]), results["find"])
    cards.settle()
    cards.memory[0].capacity = cards.memory[0].used + (1 << 16)
    assert_alike(outcome(session, jobs_that_move(base)["reword"], heard.append), results["reword"])
    assert any("the CPU is used" in sentence for sentence in notices(heard))
    assert session._bundle.device == torch.device("cpu")
    assert_alike(
        outcome(session, jobs_that_move(base)["find"]), results["find"], "with what was encoded before"
    )
    cards.settle()
    assert cards.memory[0].used < 1 << 16


def test_a_card_that_was_full_of_the_cache_is_not_left(cards, open_session, expected):
    base, results = expected
    session, heard = open_session("cuda:0", device_cache_mb=512), []
    session.run(1, Generate(WORDS, 4 * SIDE, 4 * SIDE, SAMPLING, one_pass=True), lambda event: None)
    cards.settle()
    assert session._cache.stats().device_bytes > 4 << 20
    cards.memory[0].capacity = cards.memory[0].used + (4 << 20)
    assert_alike(outcome(session, jobs_that_move(base)["reword"], heard.append), results["reword"])
    assert session._bundle.device == torch.device("cuda:0")
    emptied = [sentence for sentence in notices(heard) if "cache in memory was emptied" in sentence]
    assert emptied and not any("the CPU is used" in sentence for sentence in notices(heard))


class CancelAt(CancelToken):
    """Cancels itself when it is looked at for the n-th time."""

    def __init__(self, number):
        super().__init__()
        self.left = number

    def raise_if_cancelled(self):
        self.left -= 1
        if self.left < 0:
            self.cancel()
        super().raise_if_cancelled()


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion", "embctrl"])
def test_a_job_that_was_cancelled_between_two_steps_can_be_done_again(cards, open_session, method):
    session = open_session("cuda:1")
    base = as_base(session.run(1, Generate(WORDS, SIDE, SIDE, SAMPLING), lambda event: None))
    words = "a dog" if method == "instdiffedit" else "a green owl in the snow"
    own = {"variants": 2} if method == "instdiffedit" else {}
    request = Edit((base,), words, None if method == "embctrl" else mask(), method, own)
    for look in (2, 4):
        with pytest.raises(JobCancelled):
            session.run(2, request, lambda event: None, CancelAt(look))
    after = outcome(session, request)
    session.run(3, LoadModel(session._wanted.source, "cuda:0"), lambda event: None)
    assert_alike(after, outcome(session, request))


@pytest.mark.parametrize(("capability", "dtype"), [((9, 0), torch.bfloat16), ((7, 5), torch.float16)])
def test_half_precision_meets_no_other(cards, open_session, monkeypatch, capability, dtype):
    monkeypatch.undo()
    rows_are_tested(monkeypatch)
    monkeypatch.setattr(cards, "capability", capability)
    session = open_session("cuda:0")
    base = as_base(session.run(1, Generate(WORDS, SIDE, SIDE, SAMPLING), lambda event: None))
    assert session._bundle.dtype == dtype
    for method, words in (("fisedit", OTHER_WORDS), ("instdiffedit", "a dog"), ("masafusion", OTHER_WORDS)):
        (*_, image) = outcome(session, Edit((base,), words, mask(), method))
        assert np.array_equal(image[mask() == 0], base.image[mask() == 0])
        assert not np.array_equal(image, base.image)


def test_saving_settings_again_does_not_shrink_the_cache(cards, open_session, monkeypatch):
    free = {"ram": 1 << 30, "disk": 8 << 30}
    monkeypatch.setattr(cache_budget, "free_ram_bytes", lambda: free["ram"])
    monkeypatch.setattr(cache_budget, "free_disk_bytes", lambda folder: free["disk"])
    session = open_session("cuda:0", ram_cache_mb=0, disk_cache_mb=0)
    session.run(1, LoadModel(session._wanted.source, "cuda:0"), lambda event: None)
    first = session._cache.budget
    for _ in range(3):
        session.run(2, Generate(WORDS, SIDE, SIDE, SAMPLING), lambda event: None)
        session._cache.flush()
        cards.settle()
        stats = session._cache.stats()
        free |= {"ram": (1 << 30) - stats.ram_bytes, "disk": (8 << 30) - stats.disk_bytes}
        session.run(3, Configure(session._settings), lambda event: None)
        now = session._cache.budget
        assert now.ram_bytes == first.ram_bytes
        assert now.disk_bytes == pytest.approx(first.disk_bytes, rel=1e-3)  # with the index
        assert now.device_bytes == pytest.approx(first.device_bytes, rel=1e-3)
    assert stats.ram_bytes and stats.disk_bytes and stats.device_bytes


def test_the_host_waits_for_the_card_once_a_step_for_the_preview(cards, open_session):
    """All else would let the card run dry: a captured step takes less time than a wait."""
    session = open_session("cuda:0")
    base = as_base(session.run(1, Generate(WORDS, SIDE, SIDE, Sampling(seed=3, steps=6)), lambda event: None))
    session._cache.flush()
    outcome(session, Edit((base,), OTHER_WORDS, mask()))  # captured
    waits = []

    def count(event):
        if isinstance(event, events.Progress) and event.stage == "painting":
            waits.append(cards.waits_of_this_thread)

    outcome(session, Edit((base,), "a blue owl on the sofa", mask()), count)
    each = [after - before for before, after in pairwise(waits[1:])]
    assert len(each) == 5 and set(each) == {1}
