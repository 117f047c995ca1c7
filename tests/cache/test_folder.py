"""Whose folder it is, and what in it may be deleted."""

import os
import stat
import sys

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, disk
from cache.folder import OWN_NAME, TAG
from support.cache_processes import contents

BUDGET = Budget(ram_bytes=2**20, disk_bytes=2**26)
KEY = CacheKey("space", 0, "slot")


def put(folder, key=KEY):
    with ActivationCache(folder, BUDGET) as cache:
        assert cache.put(key, contents(key))


def has(folder, key=KEY):
    with ActivationCache(folder, BUDGET) as cache:
        found = cache.get(key)
        return found is not None and torch.equal(found, contents(key))


def test_a_folder_of_somebodys_own_keeps_all_its_files(tmp_path):
    own = [tmp_path / name for name in ("index.sqlite", "segments/holiday.seg", "owners/mine.lock", "a.png")]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    put(tmp_path)
    assert has(tmp_path)
    assert all(path.read_bytes() == b"mine" for path in own)
    assert (tmp_path / OWN_NAME / TAG).exists()


def test_only_files_with_the_caches_own_names_are_swept(tmp_path):
    put(tmp_path)
    stranger = tmp_path / "segments" / "holiday.seg"
    ours = tmp_path / "segments" / f"{'ab' * 16}.tmp"
    for path in (stranger, ours):
        path.write_bytes(b"?")
    assert has(tmp_path)
    assert stranger.exists() and not ours.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_nothing_is_deleted_through_a_link(tmp_path):
    pictures, folder = tmp_path / "pictures", tmp_path / "cache"
    pictures.mkdir()
    named_like_ours = pictures / f"{'ab' * 16}.seg"
    named_like_ours.write_bytes(b"mine")
    put(folder)
    for path in (folder / "segments").iterdir():
        path.unlink()
    (folder / "segments").rmdir()
    (folder / "segments").symlink_to(pictures)
    put(folder)
    assert has(folder)
    assert named_like_ours.read_bytes() == b"mine" and not (folder / "segments").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_all_files_are_for_their_owner_alone(tmp_path):
    folder = tmp_path / "cache"
    with ActivationCache(folder, BUDGET) as cache:
        cache.put(KEY, contents(KEY))
        cache.flush()
        for path in (folder, *folder.rglob("*")):
            if path.name not in (TAG, "lock"):
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_folder_marked_by_hand_or_with_a_damaged_mark_stays_the_caches(tmp_path):
    put(tmp_path)
    (tmp_path / TAG).write_text("Signature: 8a477f597d28d172789f06886806bc5", encoding="utf-8")
    assert has(tmp_path)
    (tmp_path / TAG).unlink()
    assert has(tmp_path)


def test_a_cache_of_an_earlier_version_is_emptied_without_a_warning(tmp_path, caplog):
    put(tmp_path)
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache._disk.index._writing.execute("PRAGMA user_version = 1")
    warnings = []
    with caplog.at_level("INFO"), ActivationCache(tmp_path, BUDGET, on_warning=warnings.append) as cache:
        assert cache.get(KEY) is None and cache.stats().disk_bytes == 0
    assert warnings == [] and "emptied" in caplog.text
    assert os.listdir(tmp_path / "segments") == []
    put(tmp_path)
    assert has(tmp_path)


def break_index(folder):
    """What a disk does that lost pages: the file stays, what it says is gone."""
    path = folder / "index.sqlite"
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * (path.stat().st_size - 100))


def test_a_cache_that_breaks_while_it_runs_is_begun_anew(tmp_path):
    warnings = []
    other = CacheKey("other", 0, "slot")
    with ActivationCache(tmp_path, BUDGET, on_warning=warnings.append) as cache:
        cache.put(KEY, contents(KEY))
        cache.flush()
        cache._disk.index._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        break_index(tmp_path)
        cache._disk.index._writing.execute("PRAGMA cache_size = 0")
        cache._disk.drop_space("space")  # meets the damage
        assert warnings == [disk.INDEX_FAILED]
        cache.put(other, contents(other))
        cache.flush()
        assert [space.name for space in cache.spaces() if space.disk_bytes] == ["other"]
        assert cache.stats().disk_bytes == sum(
            path.stat().st_size for path in (tmp_path / "segments").iterdir()
        )
    assert has(tmp_path, other)
    assert not list(tmp_path.glob("damaged-*"))


def test_all_processes_go_over_to_the_index_that_one_began_anew(tmp_path):
    keys = [CacheKey("space", item, "slot") for item in range(3)]
    with ActivationCache(tmp_path, BUDGET) as first, ActivationCache(tmp_path, BUDGET) as second:
        first.put(keys[0], contents(keys[0]))
        first.flush()
        with first._disk._renewing:
            first._disk._begin_anew()
        second.put(keys[1], contents(keys[1]))
        second.flush()
        first.put(keys[2], contents(keys[2]))
        first.flush()
        assert second.last_warning is None
        assert {key.item for key in first.keys("space")} == {0, 1, 2} and second.info(keys[2]) is not None
    assert has(tmp_path, keys[1]) and has(tmp_path, keys[2]) and not has(tmp_path, keys[0])


def test_a_cache_whose_folder_was_deleted_while_it_runs_is_made_again(tmp_path):
    folder = tmp_path / "cache"
    with ActivationCache(folder, BUDGET) as cache:
        folder.rename(tmp_path / "gone")
        cache.put(KEY, contents(KEY))
        cache.flush()
    assert has(folder)
