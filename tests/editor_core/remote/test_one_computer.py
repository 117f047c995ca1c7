"""Several workers of one computer: one cache folder, in which each finds what the others made; memory shared out."""

import itertools
import socket
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from editor_core.base.settings import Settings
from editor_core.commands import working
from editor_core.commands.working import share_of_card
from editor_core.messages.events import CacheInfo, CacheSpace
from editor_core.messages.requests import Edit, Generate, ReadCache, Sampling
from editor_core.remote import process_pool
from editor_core.remote.caches import shared_out, together
from editor_core.remote.cluster import NameTakenError
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.session import Session
from support.direct_line import DirectLine
from support.engine_runs import as_base
from support.tiny_models import tiny_folder


@pytest.fixture(scope="module")
def first_turn(tmp_path_factory):
    """A worker that has made a turn, and the turn, of which it holds the activations."""
    own = Settings(device="cpu", cache_folder=str(tmp_path_factory.mktemp("cache")))
    line = DirectLine("first", own, Session)
    with RemoteSession(_asked(), lambda: [line]) as session:
        turn = session.run(1, Generate("a cat", 64, 64, Sampling(seed=1, steps=3)), lambda event: None)
    line.worker._session._cache.flush()
    yield line, turn
    line.worker.close()


def _asked():
    return Settings(model=str(tiny_folder("default")))


def _edited(lines, turn):
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    edit = Edit((as_base(turn),), "a dog", mask, parameters={"plant": False})
    with RemoteSession(_asked(), lambda: lines) as session:
        return session.run(2, edit, lambda event: None), session.run(3, ReadCache(), lambda event: None)


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_worker_finds_in_the_folder_what_another_one_made(first_turn, tmp_path, is_shared):
    """Where it has another folder it computes that again, and the picture is the same."""
    maker, turn = first_turn
    own = maker.worker._own if is_shared else replace(maker.worker._own, cache_folder=str(tmp_path))
    other = DirectLine("second", own, Session)
    try:
        edited, info = _edited([other], turn)
        again, _ = _edited([maker], turn)
    finally:
        other.worker.close()
    assert np.array_equal(edited.image, again.image)
    assert (edited.log["steps_recomputed"] == 0) is is_shared
    assert info.folder == f"{socket.gethostname()}: {own.cache_folder}"


def _info(folder, *spaces):
    return CacheInfo(10, 20, 30, 40, folder, tuple(CacheSpace(name, 1, 2) for name in spaces))


def test_a_folder_of_several_workers_is_counted_once():
    both = together([_info("a: /cache", "fox", "cat"), _info("a: /cache", "fox"), _info("b: /cache", "fox")])
    assert (both.memory_bytes, both.memory_limit, both.disk_bytes, both.disk_limit) == (30, 60, 60, 80)
    assert both.folder == "a: /cache, b: /cache"
    assert {(space.name, space.memory_bytes, space.disk_bytes) for space in both.spaces} == {
        ("fox", 3, 4),
        ("cat", 1, 2),
    }


def test_workers_without_a_folder_have_nothing_on_disk():
    both = together([_info(""), _info("")])
    assert (both.memory_bytes, both.disk_bytes, both.folder) == (20, 0, "")


def test_memory_is_shared_out_and_the_folder_is_not(monkeypatch):
    made = []
    monkeypatch.setattr(
        process_pool, "ProcessLine", lambda name, settings, threads: made.append(settings) or _Closed()
    )
    given = Settings(ram_cache_mb=900, disk_cache_mb=500, cache_folder="/cache")
    with process_pool.ProcessPool(3, given):
        assert made == [replace(given, ram_cache_mb=300)] * 3
    assert shared_out(given, 1) is given
    assert shared_out(Settings(), 2).ram_cache_mb > 0  # of what is free, as one worker alone takes it


class _Closed:
    def close(self):
        pass


def test_workers_have_a_card_each_or_share_one():
    assert share_of_card(0, 3) == 0
    for cards, count in itertools.product(range(1, 5), range(1, 9)):
        share = share_of_card(cards, count)
        assert cards * int(1 / share) >= count  # there is room for all of them
        assert share == 1 or count > cards


class Crowded:
    """A cluster in which another worker takes the name that is wanted, just before."""

    def __init__(self):
        self.taken, self.started = [], []

    def names(self):
        return self.taken

    def start_workers(self, names, node, settings, cards, processors):
        if not self.taken:
            self.taken.append(names[0])
            raise NameTakenError(names[0])
        self.started.append((names, node, settings.ram_cache_mb, cards))


def test_worker_whose_name_was_taken_meanwhile_takes_another():
    cluster, host, told = Crowded(), socket.gethostname(), []
    own, node = Settings(device="cpu", ram_cache_mb=600), SimpleNamespace(name="a node")
    names = working._started(cluster, node, own, None, SimpleNamespace(notice=told.append))
    assert names == [f"{host}-1"] and cluster.started == [(names, "a node", 600, 0.0)] and len(told) == 2
    names = working._started(cluster, node, own, 2, SimpleNamespace(notice=told.append))
    assert cluster.started[-1] == (names, "a node", 300, 0.0) and len(set(names)) == 2
