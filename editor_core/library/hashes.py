"""SHA-256 of weights, which the web UIs and the hub name them by; computed once per file and remembered."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.models.progress import Cancel
from editor_core.models.weight_files import read_json

SHORT = 10
"""Digits that the web UI writes into pictures as "Model hash"."""
_CHUNK = 2**22  # bytes
_MOST = 5000  # files
_lock = Lock()


def known_hash(file: Path) -> str:
    """64 hex digits; empty for a file that was not read since it changed, and for folders."""
    return _known(_read(), file)


def known_hashes(files: Iterable[Path]) -> dict[Path, str]:
    """Those of the files that are known."""
    told = _read()
    return {file: digest for file in files if (digest := _known(told, file))}


def hash_of(file: Path, cancel: Cancel | None = None) -> str:
    """64 hex digits, read from the file where need be, and remembered. Raises OSError and JobCancelled."""
    if found := known_hash(file):
        return found
    digest, before = sha256(), file.stat()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if cancel is not None:
                cancel.raise_if_cancelled()
            digest.update(chunk)
    remember(file, digest.hexdigest(), before)
    return digest.hexdigest()


def remember(file: Path, digest: str, state: os.stat_result | None = None) -> None:
    """From now on, as long as the file stays as it is, or was in ``state``. What cannot be kept is computed again."""
    state = state or file.stat()
    with _lock, suppress(OSError):
        kept = {path: told for path, told in _read().items() if path != str(file)}
        kept = dict(list(kept.items())[1 - _MOST :]) | {str(file): [state.st_size, state.st_mtime_ns, digest]}
        temporary = _file().with_suffix(f".{os.getpid()}.tmp")
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(kept), encoding="utf-8")
        temporary.replace(_file())


def _known(told: dict[str, Any], file: Path) -> str:
    found = told.get(str(file))
    if not isinstance(found, list) or len(found) != 3 or not isinstance(found[2], str):
        return ""
    try:
        state = file.stat()
    except OSError:
        return ""
    return found[2] if found[:2] == [state.st_size, state.st_mtime_ns] else ""


def _read() -> dict[str, Any]:
    with suppress(ModelError):
        return read_json(_file())
    return {}


def _file() -> Path:
    return paths.state_folder() / "hashes.json"
