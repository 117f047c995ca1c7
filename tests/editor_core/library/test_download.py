"""Downloads from a server that the test runs: what is fetched, how it goes on, and what is refused."""

import json
import shutil
from collections import namedtuple
from hashlib import sha256

import pytest
import torch
from safetensors.torch import save

from editor_core.base import paths
from editor_core.base.errors import DownloadError, JobCancelled
from editor_core.library.begun import Wish, abandon, unfinished
from editor_core.library.download import download
from editor_core.library.hashes import known_hash
from support.model_server import serving
from support.tiny_models import tiny_folder
from support.tiny_segmenter import write_tiny_segmenter

LORA = save({"lora_unet_conv_in.lora_up.weight": torch.zeros(64, 64),
    "lora_unet_conv_in.lora_down.weight": torch.zeros(64, 64)})  # fmt: skip


@pytest.fixture
def server(monkeypatch):
    with serving() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("HF_TOKEN", "secret")
        yield server


class Stop:
    """Cancels at the first chunk."""

    def raise_if_cancelled(self):
        raise JobCancelled


def test_a_lora_of_the_hub_lies_with_the_loras_and_is_known_by_its_digest(server):
    server.add_repository("ann/pen", {"pen.safetensors": LORA, "README.md": b"hello"})
    told = []
    file = download(Wish("ann/pen"), lambda done, total: told.append((done, total)))
    assert file == paths.models_folder() / "loras" / "pen.safetensors" and file.read_bytes() == LORA
    assert told[-1] == (len(LORA), len(LORA)) and known_hash(file) == sha256(LORA).hexdigest()
    assert not unfinished() and not list(paths.models_folder().glob(".arriving/*"))
    asked = len(server.asked)
    assert download(Wish("ann/pen")) == file and len(server.asked) == asked + 1  # the listing only


def test_a_network_of_transformers_comes_with_what_describes_it(server, tmp_path):
    files = {file.name: file.read_bytes() for file in write_tiny_segmenter(tmp_path / "sam").iterdir()}
    server.add_repository(
        "facebook/sam-tiny", {**files, "pytorch_model.bin": b"pickle", "README.md": b"hello"}
    )
    folder = download(Wish("facebook/sam-tiny"))
    assert folder == paths.models_folder() / "sams" / "sam-tiny"
    assert sorted(file.name for file in folder.iterdir()) == ["config.json", "model.safetensors"]


def test_the_token_goes_to_the_hub_and_nowhere_else(server):
    server.add_repository("ann/pen", {"pen.safetensors": LORA})
    server.closed = {"/ann/pen/resolve/c0ffee/pen.safetensors"}
    assert download(Wish("ann/pen")).is_file()
    with serving() as other:
        other.files["/ink.safetensors"] = LORA
        download(Wish(f"{other.address}/ink.safetensors"))
        assert other.asked and not any(
            "authorization" in map(str.lower, headers) for _, headers in other.asked
        )


def test_a_model_is_fetched_in_half_precision_without_what_it_does_not_need(server):
    folder = tiny_folder("sd1")
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    weights = files["unet/diffusion_pytorch_model.safetensors"]
    files |= {"unet/diffusion_pytorch_model.fp16.safetensors": weights, "safety_checker/model.safetensors": b"no",
        "unet/diffusion_pytorch_model.bin": b"no"}  # fmt: skip
    server.add_repository("ann/tiny", files)
    found = download(Wish("ann/tiny"))
    assert found == paths.models_folder() / "tiny" and not (found / "safety_checker").exists()
    assert [file.name for file in found.glob("unet/diff*")] == ["diffusion_pytorch_model.fp16.safetensors"]
    from editor_core.library.inspect import inspect, kind_of_folder

    assert inspect(found, kind_of_folder(found)).problem is None
    shutil.rmtree(found)
    assert (download(Wish("ann/tiny", full=True)) / "unet/diffusion_pytorch_model.safetensors").is_file()


def test_it_goes_on_after_a_broken_line(server):
    server.add_repository("ann/pen", {"pen.safetensors": LORA})
    server.break_after = 1000
    assert download(Wish("ann/pen")).read_bytes() == LORA
    ranges = [headers.get("Range") for path, headers in server.asked if "resolve" in path]
    assert ranges == [None, "bytes=1000-"]


def test_stopped_it_goes_on_later_and_abandoned_nothing_is_left(server):
    server.add_repository("ann/pen", {"pen.safetensors": LORA})
    with pytest.raises(JobCancelled):
        download(Wish("ann/pen"), cancel=Stop())
    assert unfinished() == [Wish("ann/pen")]
    abandon(Wish("ann/pen"))
    assert not unfinished() and not list(paths.models_folder().glob(".arriving/*"))
    server.break_after = 1000
    with pytest.raises(JobCancelled):
        download(Wish("ann/pen"), cancel=Stop())
    assert download(Wish("ann/pen")).read_bytes() == LORA and not unfinished()


def test_pieces_of_two_files_are_never_joined(server):
    url = "/files/pen.safetensors"
    server.files[url] = LORA
    server.break_after = 1000  # so that only a piece arrives
    with pytest.raises(JobCancelled):
        download(Wish(server.address.replace("127.0.0.1", "localhost") + url), cancel=Stop())
    changed = LORA[:-1] + b"\1"
    server.files[url] = changed
    assert download(Wish(server.address.replace("127.0.0.1", "localhost") + url)).read_bytes() == changed


def test_what_arrives_damaged_is_removed(server):
    server.add_repository("ann/pen", {"pen.safetensors": LORA}, lie="pen.safetensors")
    with pytest.raises(DownloadError, match="arrived damaged and was removed"):
        download(Wish("ann/pen"))
    assert [file.name for file in paths.models_folder().rglob("*") if file.is_file()] == [".download.json"]
    server.files["/cut.safetensors"] = LORA[:-10]
    with serving() as other:
        other.files["/cut.safetensors"] = LORA[:-10]
        with pytest.raises(DownloadError, match="arrived damaged"):
            download(Wish(f"{other.address}/cut.safetensors"))
        other.files["/whole.safetensors"] = LORA
        with pytest.raises(DownloadError, match="arrived damaged"):
            download(Wish(f"{other.address}/whole.safetensors", sha256="0" * 64))


def test_a_full_disk_is_found_before_anything_is_fetched(server, monkeypatch):
    server.add_repository("ann/pen", {"pen.safetensors": LORA})
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(10**9, 10**9, 1000))
    with pytest.raises(DownloadError, match="not enough room"):
        download(Wish("ann/pen"))
    assert not any("resolve" in path for path, _ in server.asked)


def test_an_address_says_what_its_file_is_called(server):
    with serving() as other:
        other.files["/api/download/7"] = LORA
        other.dispositions["/api/download/7"] = 'attachment; filename="../../ink pen.safetensors"'
        assert download(Wish(f"{other.address}/api/download/7")).name == "ink pen.safetensors"
        other.dispositions["/api/download/7"] = 'attachment; filename="ink.ckpt"'
        with pytest.raises(DownloadError, match="pickled only"):
            download(Wish(f"{other.address}/api/download/7"))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("pen", "neither a model of the hub"),
        ("../../etc/passwd", "neither a model of the hub"),
        ("ann/nowhere", "There is no ann/nowhere"),
        ("ann/two", "holds several models; add the file's name, such as ann/two/a.safetensors"),
        ("ann/old", "pickled only"),
        ("ann/two/c.safetensors", "There is no c.safetensors"),
        ("ftp://example.org/a.safetensors", "is no address"),
        ("http://[bad/a.safetensors", "is no address"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_sentence(server, source, sentence):
    server.add_repository("ann/two", {"a.safetensors": LORA, "b.safetensors": LORA})
    server.add_repository("ann/old", {"old.ckpt": b"would run"})
    with pytest.raises(DownloadError, match=sentence):
        download(Wish(source))
    assert not paths.models_folder().exists()


def test_a_closed_repository_says_how_to_log_in(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "other")
    server.add_repository("ann/pen", {"pen.safetensors": LORA})
    server.closed = {"/ann/pen/resolve/c0ffee/pen.safetensors"}
    with pytest.raises(DownloadError, match="log in with “hf auth login”"):
        download(Wish("ann/pen"))


def test_nobody_online_is_said(monkeypatch):
    with serving() as gone:
        pass
    monkeypatch.setenv("HF_ENDPOINT", gone.address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(DownloadError, match="are you online"):
        download(Wish("ann/pen"))


def test_a_listing_cannot_write_elsewhere(server):
    server.add_repository("ann/bad", {"../../evil.safetensors": LORA, "/abs.safetensors": LORA})
    with pytest.raises(DownloadError, match="no weights that can be used"):
        download(Wish("ann/bad"))
    assert json.dumps(server.listings)  # they were listed
