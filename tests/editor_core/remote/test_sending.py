"""A model that a worker lacks is sent to it once, whole or not at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from editor_core.base.errors import JobCancelled, ModelError
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Generate, LoadModel, PreviewPredictions, Sampling
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model
from editor_core.remote import receiving, sending
from editor_core.remote.models_here import wanted_elsewhere
from editor_core.remote.parcels import Parcel, digest_of, sendable_model
from editor_core.remote.receiving import Receiver, received
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.jobs import CancelToken
from support.direct_line import DirectLine
from support.fake_session import FakeSession
from support.tiny_models import tiny_folder

REQUEST = Generate("a cat", 64, 64, Sampling(seed=3))
KEY = "a" * 32


class FarLine(DirectLine):
    """To another computer: no path of this one is there."""

    def __init__(self, name="far", dies_at_piece=None):
        super().__init__(name, Settings(device="cpu"), self._opened)
        self.pieces = 0
        self._dies_at_piece = dies_at_piece

    def _opened(self, settings):
        self.session = FakeSession()
        return self.session

    def start(self, order):
        load = order.model.load
        loras = tuple(replace(each, source="/far" + each.source) for each in load.loras)
        far = replace(load, source="/far" + load.source, loras=loras, vae=load.vae and "/far" + load.vae)
        return super().start(replace(order, model=replace(order.model, load=far)))

    def take(self, key, number, place, piece):
        self.pieces += 1
        if self.pieces == self._dies_at_piece:
            self.dead.set()
        super().take(key, number, place, piece)

    @property
    def loaded(self):
        return [each for each in self.session.requests if isinstance(each, LoadModel)]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(sending, "PIECE", 2**16)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """With what is no part of it beside."""
    folder = shutil.copytree(tiny_folder("default"), tmp_path_factory.mktemp("models") / "my model")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"pickled")
    (folder / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"another precision")
    (folder / ".git").mkdir()
    (folder / ".git" / "config.json").write_text("{}")
    return folder


def _run(line, settings, cancel=None):
    heard = []
    with RemoteSession(settings, lambda: [line]) as session:
        session.run(1, REQUEST, heard.append, cancel)
    return heard


def test_model_is_sent_with_progress_and_only_once(model):
    line = FarLine()
    heard = _run(line, Settings(model=str(model)))
    sent = [event for event in heard if isinstance(event, events.Progress) and event.stage == "sending"]
    assert sent and sent[-1].done == sent[-1].total and line.pieces > 1
    pieces = line.pieces
    _run(line, Settings(model=str(model)))
    assert line.pieces == pieces
    [folder] = received(fingerprint(inspect_model(model)))
    assert {load.source for load in line.loaded} == {str(folder)}
    assert (
        not list(folder.rglob("*.bin"))
        and not list(folder.rglob("*fp16*"))
        and not (folder / ".git").exists()
    )


def test_two_workers_of_one_computer_have_it_from_one_sending(model):
    first, second = FarLine("one"), FarLine("two")
    for line in (first, second):
        _run(line, Settings(model=str(model)))
    assert first.pieces and not second.pieces


def test_lora_and_vae_are_sent_by_what_is_in_them(model, tmp_path):
    lora, vae = tmp_path / "ink.safetensors", tmp_path / "vae"
    lora.write_bytes(b"a LoRA")
    shutil.copytree(model / "vae", vae)
    line = FarLine()
    _run(line, Settings(model=str(model), loras=(LoraChoice(str(lora), 0.5),), vae=str(vae)))
    [load] = line.loaded
    assert [(each.weight, digest_of(Path(each.source))) for each in load.loras] == [(0.5, digest_of(lora))]
    assert digest_of(Path(load.vae)) == digest_of(vae) and load.vae != str(vae)


def test_model_whose_prediction_is_asked_for_is_sent_and_the_one_in_use_stays(model):
    line, other = FarLine(), tiny_folder("sd1")
    with RemoteSession(Settings(model=str(model)), lambda: [line]) as session:
        session.run(1, REQUEST, print)
        session.run(2, PreviewPredictions(str(other)), print)
        session.run(3, REQUEST, print)
    [_, _, asked, _] = line.session.requests
    assert asked == PreviewPredictions(str(*received(fingerprint(inspect_model(other)))))


def test_stopped_sending_leaves_nothing_and_goes_on_where_it_was(model):
    cancel = CancelToken()
    line = FarLine()
    taken = line.take

    def take(*values):
        taken(*values)
        if line.pieces == 5:
            cancel.cancel()

    line.take = take
    with pytest.raises(JobCancelled):
        _run(line, Settings(model=str(model)), cancel)
    assert not received(fingerprint(inspect_model(model)))
    line.take, line.pieces = taken, 0
    _run(line, Settings(model=str(model)))
    whole = FarLine("whole")
    shutil.rmtree(receiving.received_folder())
    _run(whole, Settings(model=str(model)))
    assert 0 < line.pieces < whole.pieces


def test_worker_that_dies_while_a_model_is_sent_costs_nothing(model):
    lines = [FarLine("a", dies_at_piece=3), FarLine("b")]
    with RemoteSession(Settings(model=str(model)), lambda: lines) as session:
        session.run(1, REQUEST, print)
    assert lines[1].loaded


def test_what_was_changed_on_the_way_is_thrown_away(model):
    line = FarLine()
    taken = line.take
    line.take = lambda key, number, place, piece: taken(key, number, place, bytes(len(piece)))
    with pytest.raises(ModelError, match="did not arrive whole"):
        _run(line, Settings(model=str(model)))
    assert not list(receiving.received_folder().iterdir())


def test_model_under_anothers_name_is_thrown_away(model):
    wanted = wanted_elsewhere(LoadModel(str(tiny_folder("sd1"))))
    parcel = sendable_model(model, wanted.fingerprint)
    line = FarLine()
    with pytest.raises(ModelError, match="did not arrive whole"):
        sending.send(line, parcel, 1, print, CancelToken())
    assert not received(wanted.fingerprint)


def test_full_disk_is_a_sentence_before_anything_is_sent(model, monkeypatch):
    monkeypatch.setattr(receiving, "_SPARE", 2**62)
    line = FarLine()
    with pytest.raises(ModelError, match="does not fit on the disk"):
        _run(line, Settings(model=str(model)))
    assert line.pieces == 0


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("m", (("../up.safetensors", 3),)),
        ("m", (("/etc/x.json", 3),)),
        ("m", (("a\\..\\b.json", 3),)),
        ("m", (("c:b.json", 3),)),
        ("..", (("b.json", 3),)),
        ("a/b", (("b.json", 3),)),
        ("m", (("code.py", 3),)),
        ("m", (("weights.bin", 3),)),
        ("m", (("weights.ckpt", 3),)),
        ("m", ()),
        ("m", (("b.json", -1),)),
    ],
)
def test_parcel_that_could_lie_elsewhere_or_is_no_model_is_refused(name, files):
    with pytest.raises(ModelError, match="no model"):
        Receiver("one").expect(Parcel(KEY, name, files, True))
    assert not receiving.received_folder().exists()


def test_name_of_a_parcel_is_digits_alone():
    with pytest.raises(ModelError):
        Receiver("one").expect(Parcel("../" + KEY, "m", (("b.json", 3),), True))
    assert received("..") == received("") == []


def test_piece_outside_its_file_or_of_no_parcel_is_refused():
    receiver = Receiver("one")
    with pytest.raises(ModelError):
        receiver.take(KEY, 0, 0, b"abc")
    receiver.expect(Parcel(KEY, "m", (("b.json", 3),), True))
    for place, piece in ((1, b"abc"), (-1, b"a"), (4, b"")):
        with pytest.raises(ModelError):
            receiver.take(KEY, 0, place, piece)
