"""What comes back from the machine: few files, none of them large, the most valuable first."""

import json
import os
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

FILES, FILE_BYTES, ALL_BYTES = 8, 16 * 2**20, 64 * 2**20
"""What may come back at most."""
LOG_BYTES = 2**20
"""Of each log, its end."""
RESULTS = ("*.json", "*.jsonl", "*.xml", "*.log")
MODEL = "models/default"
"""Of the work folder: alone in its parent, as in the repository, so that its size can be told."""
SUMMARY, ARCHIVE, SHEET = "summary.json", "results.zip", "contact_sheet.png"
BESIDE = (SHEET, "judge.safetensors")
"""What comes back beside a model: what it paints, and who can measure it."""
_BLOCK = 512  # a tar's files and their headers are filled up to multiples of this
_TAR_END = 10240


@dataclass(frozen=True)
class Weights:
    """A file of the model and its name in the model's folder."""

    name: str
    path: Path

    @property
    def tar_bytes(self) -> int:
        size = self.path.stat().st_size
        return _BLOCK + -(-size // _BLOCK) * _BLOCK


def write(path: Path, content: bytes) -> None:
    """Under another name first, so that a cut never leaves half a file."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def give_results(work: Path, out: Path, summary: dict[str, Any]) -> None:
    """The summary, and every result and log so far; quick enough to be repeated every few seconds."""
    out.mkdir(parents=True, exist_ok=True)
    write(out / SUMMARY, json.dumps(summary, indent=1).encode())
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(path for pattern in RESULTS for path in work.glob(pattern)):
            content = path.read_bytes()
            file.writestr(path.name, content[-LOG_BYTES:] if path.suffix == ".log" else content)
    write(out / ARCHIVE, archive.getvalue())


def give_model(work: Path, out: Path) -> list[str]:
    """The model in tars and what is beside it, as far as the limits let them; returns what stays behind, by name."""
    for old in out.glob("model-*.tar"):
        old.unlink()
    left_out, files, room = [], FILES - 2, ALL_BYTES - FILE_BYTES  # the results' share is set aside
    for path in (work / name for name in BESIDE if (work / name).exists()):
        if path.stat().st_size > FILE_BYTES:
            left_out.append(path.name)
            continue
        write(out / path.name, path.read_bytes())
        files, room = files - 1, room - path.stat().st_size
    for number, part in enumerate(_parts(model_files(work / MODEL), left_out), 1):
        size = sum(file.tar_bytes for file in part) + _TAR_END
        if number > files or size > room:
            left_out += [file.name for file in part]
            continue
        room -= size
        _write_tar(out / f"model-{number}.tar", part)
    return left_out


def model_files(folder: Path) -> list[Weights]:
    """A model's files, what cannot be done without first: everything small, then U-Net, decoder, words, the rest."""
    order = {"unet": 1, "vae": 2, "text_encoder": 3}
    files = [
        Weights(path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file()
    ]

    def place(file: Weights) -> tuple[int, str]:
        return (
            0 if file.path.stat().st_size < LOG_BYTES else order.get(file.name.split("/")[0], 4)
        ), file.name

    return sorted(files, key=place)


def _parts(files: Sequence[Weights], left_out: list[str]) -> Iterator[list[Weights]]:
    """The files in tars of at most ``FILE_BYTES``, each put where there is room first."""
    parts: list[list[Weights]] = []
    for file in files:
        if file.tar_bytes + _TAR_END > FILE_BYTES:
            left_out.append(file.name)
            continue
        for part in parts:
            if sum(other.tar_bytes for other in part) + file.tar_bytes + _TAR_END <= FILE_BYTES:
                part.append(file)
                break
        else:
            parts.append([file])
    yield from parts


def _write_tar(path: Path, part: Sequence[Weights]) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with tarfile.open(partial, "w") as tar:
        for file in part:
            tar.add(file.path, f"{MODEL}/{file.name}")
    os.replace(partial, path)


def take_back(came: Path, work: Path) -> None:
    """Lay what came back into a work folder again: a later call goes on from it, and the model lies in it."""
    work.mkdir(parents=True, exist_ok=True)
    if (came / ARCHIVE).exists():
        with zipfile.ZipFile(came / ARCHIVE) as file:
            file.extractall(work)
    if (came / SUMMARY).exists():
        write(work / SUMMARY, (came / SUMMARY).read_bytes())
    for path in (came / name for name in BESIDE if (came / name).exists()):
        write(work / path.name, path.read_bytes())
    for path in sorted(came.glob("model-*.tar")):
        with tarfile.open(path) as tar:
            tar.extractall(work, filter="data")


def over_the_limits(out: Path) -> list[str]:
    """What of the limits the folder breaks, a sentence each."""
    sizes = {path.name: path.stat().st_size for path in out.rglob("*") if path.is_file()}
    found = [f"{name} has {size} bytes." for name, size in sizes.items() if size > FILE_BYTES]
    if len(sizes) > FILES:
        found.append(f"There are {len(sizes)} files.")
    if sum(sizes.values()) > ALL_BYTES:
        found.append(f"All together have {sum(sizes.values())} bytes.")
    return found
