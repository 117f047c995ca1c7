"""Copies of saved projects in the state folder, for the case that another program writes over one and its backups.

A copy is found by the place of its project, or by the project's id where another save still tells that.
"""

import hashlib
import logging
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from editor_core.base import paths
from editor_core.base.limits import MAX_KEPT_BYTES, MAX_KEPT_FILE_BYTES, MAX_KEPT_FILES
from editor_core.project.file_copies import copy_file
from editor_core.project.file_kinds import PROJECT_SUFFIX

log = logging.getLogger(__name__)


def keep_copy(path: Path, project_id: str) -> None:
    """Keep a copy of a project that was just saved, in place of the one before; the oldest of all go where it is full.

    A project that is too large is not kept: its backup beside it has to do. What fails is logged only.
    """
    folder = paths.state_folder() / "kept"
    try:
        if path.stat().st_size > MAX_KEPT_FILE_BYTES:
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = folder / f"{secrets.token_hex(8)}.tmp"
        try:
            copy_file(path, temporary)
            os.replace(temporary, folder / f"{_place(path)}-{project_id}{PROJECT_SUFFIX}")
        finally:
            with suppress(OSError):
                temporary.unlink()
        _make_room(folder)
    except OSError as problem:
        log.info("No copy of %s was kept: %s", path, problem)


def copies_of(path: Path, ids: Collection[str] = ()) -> Iterator[Path]:
    """The copies of a project: by where it lies, or by one of its ids."""
    for copy in sorted((paths.state_folder() / "kept").glob(f"*{PROJECT_SUFFIX}")):
        place, _, project_id = copy.stem.partition("-")
        if place == _place(path) or project_id in ids:
            yield copy


def _place(path: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]


def _make_room(folder: Path) -> None:
    """Remove the oldest copies beyond what all may take."""
    taken = 0
    copies = [(copy.stat().st_mtime, copy) for copy in folder.glob(f"*{PROJECT_SUFFIX}")]
    for number, (_, copy) in enumerate(sorted(copies, reverse=True)):
        taken += copy.stat().st_size
        if taken > MAX_KEPT_BYTES or number >= MAX_KEPT_FILES:
            copy.unlink()
