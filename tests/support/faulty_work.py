"""Work that writes files, while system calls can be made to fail; and whether anything was lost by that."""

from pathlib import Path

import numpy as np

from cache import ActivationCache, Budget, CacheKey
from editor_core.base import settings
from editor_core.base.errors import EditorError
from editor_core.base.settings import Settings
from editor_core.document.commands import AcceptTurn, AddLayer
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project.autosave import Autosave, recoverable_files
from editor_core.project.image_io import read_image, write_image
from editor_core.project.project_file import load_project, save_project
from support.cache_processes import contents as cached
from support.documents import contents, make_turn
from support.faults import Faults

KINDS = ("save", "first_save", "conflict", "export", "journal", "copy", "recovery", "cache", "settings")
BUDGET = Budget(ram_bytes=2**20, disk_bytes=2**26)
KEYS = [CacheKey("space", item, slot) for item in range(2) for slot in "ab"]
OLD, NEW = Settings(ram_cache_mb=1), Settings(ram_cache_mb=2)


def small() -> Document:
    return Document.new_from_turn(make_turn(1, size=(20, 30)))


def changed(document: Document) -> None:
    paint = Tiles.from_array(np.full((9, 9, 4), 77, np.uint8), 3, 4)
    document.execute(AddLayer(RasterLayer(name="stroke", tiles=paint)))
    document.execute(AcceptTurn(make_turn(2, document.history.current, size=(20, 30))))


class Work:
    """One piece of work, ready to be done once in an empty folder."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder
        self.before, self.after = getattr(self, f"_prepare_{kind}")()

    def calls(self, library: Faults) -> int:
        """How many system calls it makes."""
        return library.count(self._do, EditorError)

    def with_fault(self, library: Faults, nth: int, error: int) -> dict[str, int]:
        """Do it with one call failing; raises AssertionError where something is lost, and what is no sentence."""
        told = ""
        with library.failing(nth, error):
            try:
                self._do()
            except EditorError as problem:
                told = str(problem)
                assert told.endswith(".") and "\n" not in told, told
        there = getattr(self, f"_look_{self.kind}")()
        if self.kind == "cache":  # it may do without, but never wrongly
            assert there, "a wrong answer"
        elif self.kind == "conflict":
            assert told and there == self.before, "another program's work was written over"
        elif told:
            assert there in (self.before, self.after), "neither old nor new"
        else:
            assert there == self.after, "it was told to be done, and is not"
        return {"done": int(not told), "refused": int(bool(told))}

    def _do(self) -> None:
        getattr(self, f"_do_{self.kind}")()

    # -- saving

    def _prepare_save(self) -> tuple[object, object]:
        self.path = self.folder / "a.palimpsest"
        save_project(small(), self.path)
        self.document = load_project(self.path)
        before = contents(self.document)
        changed(self.document)
        return before, contents(self.document)

    def _do_save(self) -> None:
        save_project(self.document, self.path)

    def _look_save(self) -> object:
        found = contents(load_project(self.path))
        self._left_over({"a.palimpsest", "a.palimpsest.bak"})
        return found

    def _prepare_first_save(self) -> tuple[object, object]:
        self.path, self.document = self.folder / "a.palimpsest", small()
        return None, contents(self.document)

    _do_first_save = _do_save

    def _look_first_save(self) -> object:
        self._left_over({"a.palimpsest"})
        return contents(load_project(self.path)) if self.path.exists() else None

    def _prepare_conflict(self) -> tuple[object, object]:
        """Another program has saved since the project was opened."""
        _, after = self._prepare_save()
        other = load_project(self.path)
        other.execute(AcceptTurn(make_turn(3, other.history.current, size=(20, 30))))
        save_project(other, self.path)
        return contents(other), after

    _do_conflict, _look_conflict = _do_save, _look_save

    def _prepare_export(self) -> tuple[object, object]:
        self.path = self.folder / "a.png"
        old, self.picture = (np.full((20, 30, 3), level, np.uint8) for level in (1, 2))
        write_image(self.path, old)
        return old.tolist(), self.picture.tolist()

    def _do_export(self) -> None:
        write_image(self.path, self.picture)

    def _look_export(self) -> object:
        self._left_over({"a.png"})
        return read_image(self.path).tolist()

    def _left_over(self, wanted: set[str]) -> None:
        """What a failed deletion left goes with the next save, as temporary files of dead processes do."""
        names = {path.name for path in self.folder.iterdir()} - wanted - {"own"}
        assert len(names) <= 1 and all(name.startswith(".") for name in names), names

    # -- recovery

    def _prepare_journal(self) -> tuple[object, object]:
        self.document = small()
        self.slot = Autosave(self.folder)
        self.slot.start(None, self.document.origin)
        self.slot.add(self.slot.moment(self.document))
        before = contents(self.document)
        changed(self.document)
        return before, contents(self.document)

    def _do_journal(self) -> None:
        self.slot.add(self.slot.moment(self.document))

    def _do_copy(self) -> None:
        self.slot.save(self.document, None)

    def _prepare_copy(self) -> tuple[object, object]:
        before, after = self._prepare_journal()
        return before, after

    def _look_journal(self) -> object:
        self.slot._lock.release()
        (file,) = recoverable_files(self.folder)
        return contents(file.document())

    _look_copy = _look_journal

    def _prepare_recovery(self) -> tuple[object, object]:
        """A program has died: its slot has a copy and two steps that follow it."""
        self._prepare_copy()
        self._do_copy()
        self.document.execute(AcceptTurn(make_turn(3, self.document.history.current, size=(20, 30))))
        self._do_journal()
        self.document.execute(AcceptTurn(make_turn(4, self.document.history.current, size=(20, 30))))
        self._do_journal()
        self.slot._lock.release()
        return contents(self.document), contents(self.document)

    def _do_recovery(self) -> None:
        """The next one finds it, takes it over, and dies as well."""
        for file in recoverable_files(self.folder):
            document = file.document()
            self.slot = Autosave(self.folder)
            self.slot.replaces(file)
            self.slot.start(file.belongs_to, document.origin)
            self.slot.add(self.slot.moment(document))

    def _look_recovery(self) -> object:
        """What is offered first must be all of it; what could not be removed may come after it."""
        self.slot._lock.release()
        return contents(recoverable_files(self.folder)[0].document())

    # -- the cache

    def _prepare_cache(self) -> tuple[object, object]:
        with ActivationCache(self.folder / "cache", BUDGET) as cache:
            cache.put(KEYS[0], cached(KEYS[0]))
        return None, None

    def _do_cache(self) -> None:
        with ActivationCache(self.folder / "cache", BUDGET) as cache:
            for key in KEYS:
                cache.put(key, cached(key))
            cache.flush()
            for key in KEYS:
                found = cache.get(key)
                assert found is not None and found.equal(cached(key)), "what is in memory is there"
            cache.describe_space("space", {"a": 1})

    def _look_cache(self) -> bool:
        with ActivationCache(self.folder / "cache", BUDGET) as cache:
            found = [cache.get(key) for key in KEYS]
            right = all(one is None or one.equal(cached(key)) for one, key in zip(found, KEYS, strict=True))
            return right and cache.last_warning is None

    # -- settings

    def _prepare_settings(self) -> tuple[object, object]:
        self.path = self.folder / "settings.toml"
        settings.save(OLD, self.path)
        return OLD, NEW

    def _do_settings(self) -> None:
        settings.save(NEW, self.path)

    def _look_settings(self) -> object:
        return settings.load(self.path)
