"""What clients send to a worker: kept beside its own models, under a name that says exactly what it is."""

import os
import shutil
import threading
from hashlib import sha256
from pathlib import Path

from editor_core.base import paths
from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import ModelError
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model
from editor_core.remote.parcels import Parcel, digest_of, is_key

_SPARE = 2**28  # bytes of the disk that are not filled
_BLOCK = 2**20


def received_folder() -> Path:
    return paths.models_folder() / "received"


def received(key: str) -> list[Path]:
    """What was kept under that name: one file or folder, or nothing."""
    if not is_key(key):
        return []
    try:
        return sorted(
            path for path in (received_folder() / key).iterdir() if not path.name.endswith(".palimpsest.json")
        )
    except OSError:
        return []


class Receiver:
    """Of one worker; may be called by several threads. Every method raises ModelError."""

    def __init__(self, worker: str) -> None:
        self._worker = "".join(letter if letter.isalnum() else "-" for letter in worker)
        self._expected: dict[str, Parcel] = {}
        self._lock = threading.Lock()

    def expect(self, parcel: Parcel) -> tuple[int, ...] | None:
        """Get ready; how many bytes of each file are there from an earlier try, None where nothing is to be sent."""
        parcel.require_sane()
        if received(parcel.key):
            return None
        there = []
        with self._lock:
            self._expected[parcel.key] = parcel
            try:
                for number, (_, size) in enumerate(parcel.files):
                    file = self._file(parcel, number)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.touch()
                    if file.stat().st_size > size:
                        os.truncate(file, 0)
                    there.append(file.stat().st_size)
                free = shutil.disk_usage(self._arriving(parcel.key)).free
            except OSError as error:
                raise _not_kept(parcel, error) from error
        if parcel.size - sum(there) > free - _SPARE:
            raise ModelError(
                "{name} does not fit on the disk of the computer that does the work: it needs {needed} MB, "
                "{free} MB are free.",
                name=parcel.name,
                needed=(parcel.size - sum(there)) // 1_000_000,
                free=max(0, free - _SPARE) // 1_000_000,
            )
        return tuple(there)

    def take(self, key: str, number: int, place: int, piece: bytes) -> None:
        """A piece of a file that is expected, from byte ``place`` on."""
        parcel = self._parcel(key)
        size = parcel.files[number][1]
        if not 0 <= place <= size - len(piece):
            raise ModelError("What was sent is no model.")
        try:
            with self._lock, self._file(parcel, number).open("r+b") as file:
                file.seek(place)
                file.write(piece)
        except OSError as error:
            raise _not_kept(parcel, error) from error

    def keep(self, key: str, digests: tuple[str, ...]) -> None:
        """All is there: check it, and only then give it its name. What is not right is thrown away.

        digests: SHA-256 of each file, hex digits.
        """
        parcel, arriving = self._parcel(key), self._arriving(key)
        with self._lock:
            try:
                found = tuple(_sha256(self._file(parcel, number)) for number in range(len(parcel.files)))
                if found != tuple(digests) or not self._is_what_it_says(parcel):
                    shutil.rmtree(arriving, ignore_errors=True)
                    raise ModelError("{name} did not arrive whole; try again.", name=parcel.name)
                target = received_folder() / key
                if not target.exists():
                    os.replace(arriving, target)
            except OSError as error:
                raise _not_kept(parcel, error) from error
            finally:
                self._expected.pop(key, None)

    def _is_what_it_says(self, parcel: Parcel) -> bool:
        path = self._arriving(parcel.key) / parcel.name
        if not parcel.is_model:
            return digest_of(path) == parcel.key
        try:
            return fingerprint(inspect_model(path)) == parcel.key
        except ModelError:
            return False

    def _parcel(self, key: str) -> Parcel:
        if key not in self._expected:
            raise ModelError("What was sent is no model.")
        return self._expected[key]

    def _arriving(self, key: str) -> Path:
        return received_folder() / f".{key}-{self._worker}"

    def _file(self, parcel: Parcel, number: int) -> Path:
        """A folder's files lie in a folder of its name, a single file and what belongs to it side by side."""
        name, home = parcel.files[number][0], self._arriving(parcel.key)
        return home / name if parcel.is_one_file else home / parcel.name / name


def _sha256(file: Path) -> str:
    found = sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _not_kept(parcel: Parcel, error: OSError) -> ModelError:
    return ModelError(
        "{name} could not be kept on the computer that does the work: {reason}.",
        name=parcel.name,
        reason=reason_of(error),
    )
