"""One file from another machine, gone on with where it was left, and checked before it gets its name."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2

from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import DownloadError, ModelError
from editor_core.library.client import check, headers_for, told_plainly
from editor_core.models.progress import Cancel
from editor_core.models.weight_files import read_safetensors_header

PART = ".part"
_CHUNK = 2**20  # bytes
_SPARE = 200_000_000  # bytes that stay free on the disk
_TRIES = 5  # in a row without a single byte

Report = Callable[[int], None]
"""Called with how many bytes of the file are there."""


@dataclass(frozen=True)
class RemoteFile:
    url: str
    name: str
    """Below the folder that it goes to, with slashes."""
    size: int | None = None
    """Bytes; None where nobody says."""
    sha256: str = ""
    """64 hex digits; empty where nobody says."""


def fetch(
    client: httpx2.Client, remote: RemoteFile, target: Path, report: Report, cancel: Cancel | None = None
) -> None:
    """Put the file to ``target``; what has arrived stays beside it, as NAME.part, when this ends early.

    Raises DownloadError where it cannot be had, does not fit the disk or arrives damaged; JobCancelled.
    """
    if target.is_file():
        report(target.stat().st_size)
        return
    part = _part_of(target)
    idle = 0
    while True:
        before = _size(part)
        try:
            with told_plainly(remote.name):
                _go_on(client, remote, part, report, cancel)
            break
        except DownloadError as error:
            if not isinstance(error.__cause__, httpx2.TransportError):
                raise
            idle = idle + 1 if _size(part) == before else 0
            if idle == _TRIES:
                raise
        except OSError as error:
            raise _not_written(target, error) from error
    _verify(remote, part)
    try:
        part.replace(target)
    except OSError as error:
        raise _not_written(target, error) from error
    _tag_of(part).unlink(missing_ok=True)


def arrived(target: Path) -> int:
    """Bytes of a file that are there already."""
    return _size(target) or _size(_part_of(target))


def check_room(folder: Path, wanted: int) -> None:
    """Raises DownloadError where the disk has no room for so many bytes."""
    place = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(place).free
    if wanted + _SPARE > free:
        raise DownloadError(
            "There is not enough room in {folder}: {wanted} GB are needed, {free} GB are free.",
            folder=str(folder),
            wanted=f"{(wanted + _SPARE) / 1e9:.1f}",
            free=f"{free / 1e9:.1f}",
        )


def _go_on(
    client: httpx2.Client, remote: RemoteFile, part: Path, report: Report, cancel: Cancel | None
) -> None:
    """Append what is missing; begin anew where the file changed meanwhile, or the server sends whole files only."""
    have, tag = _size(part), _read_tag(part)
    if remote.size is not None and have == remote.size:
        return
    headers = {**headers_for(remote.url), "Accept-Encoding": "identity"}
    if have and tag:
        headers |= {"Range": f"bytes={have}-", "If-Range": tag}
    with client.stream("GET", remote.url, headers=headers) as response:
        check(response, remote.name)
        goes_on = response.status_code == 206 and _begins_at(response, have)
        if not goes_on:
            have = 0
        missing = int(response.headers.get("Content-Length") or 0)
        check_room(part.parent, missing)
        part.parent.mkdir(parents=True, exist_ok=True)
        _write_tag(part, response.headers.get("ETag", ""))
        with part.open("ab" if goes_on else "wb") as stream:
            for chunk in response.iter_raw():
                stream.write(chunk)
                have += len(chunk)
                report(have)
                if cancel is not None:
                    cancel.raise_if_cancelled()
            stream.flush()
            os.fsync(stream.fileno())


def _begins_at(response: Any, place: int) -> bool:
    return str(response.headers.get("Content-Range", "")).startswith(f"bytes {place}-")


def _verify(remote: RemoteFile, part: Path) -> None:
    """Raises DownloadError, and drops the file, where it is not what was promised."""
    whole = remote.size is None or _size(part) == remote.size
    if whole and remote.sha256:
        with part.open("rb") as stream:
            digest = sha256()
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        whole = digest.hexdigest() == remote.sha256.lower()
    if whole and remote.name.endswith(".safetensors"):
        try:
            read_safetensors_header(part)
        except ModelError:
            whole = False
    if not whole:
        part.unlink(missing_ok=True)
        _tag_of(part).unlink(missing_ok=True)
        raise DownloadError("{name} arrived damaged and was removed; fetch it again.", name=remote.name)


def _part_of(target: Path) -> Path:
    return target.with_name(target.name + PART)


def _tag_of(part: Path) -> Path:
    return part.with_name(part.name + ".tag")


def _read_tag(part: Path) -> str:
    """What the server called the file's contents, so that pieces of two files are never joined."""
    try:
        tag = _tag_of(part).read_text(encoding="utf-8")
    except OSError:
        return ""
    return "" if tag.startswith("W/") else tag


def _write_tag(part: Path, tag: str) -> None:
    _tag_of(part).write_text(tag, encoding="utf-8")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _not_written(target: Path, error: OSError) -> DownloadError:
    return DownloadError(
        "{name} could not be written to {folder}: {reason}.",
        name=target.name,
        folder=str(target.parent),
        reason=reason_of(error),
    )
