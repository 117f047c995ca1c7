"""What a batch is asked to do: a folder of pictures, or a file with one JSON object a line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from editor_core.base.errors import EditorError
from editor_core.base.limits import MAX_NAME
from editor_core.project.readable_formats import READABLE_SUFFIXES

_MAX_LINES = 1_000_000


@dataclass(frozen=True)
class BatchJob:
    """One picture's edit. What a line of the file leaves out is as the command says."""

    picture: str
    """Its file, from the folder of the jobs' file."""
    prompt: str = ""
    """The words of the edited picture."""
    was: str = ""
    """The words of the picture as it is; empty reads them from the file."""
    method: str = "fisedit"
    mask: str = ""
    """A picture in which is marked where it may change."""
    sketch: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Of the method, by name."""
    seed: int | None = None
    steps: int | None = None
    sampler: str = "ddim"
    guidance: float | None = None
    negative: str = ""
    id: str = ""
    """What its row and its result are called; the picture's own name unless another is given."""


def read_jobs(source: Path, given: Mapping[str, Any]) -> list[BatchJob]:
    """The jobs of a folder or a file, each with another name. given: fields of those that do not say them.

    Raises EditorError.
    """
    jobs = list(_of_folder(source, given) if source.is_dir() else _of_file(source, given))
    if not jobs:
        raise EditorError("There is no picture to edit in {source}.", source=str(source))
    return _named(jobs)


def _of_folder(folder: Path, given: Mapping[str, Any]) -> Iterator[BatchJob]:
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in READABLE_SUFFIXES and file.is_file():
            yield BatchJob(picture=str(file), **given)


def _of_file(file: Path, given: Mapping[str, Any]) -> Iterator[BatchJob]:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if number > _MAX_LINES:
                    raise EditorError("{file} has more than a million lines.", file=file.name)
                if line.strip():
                    yield _of_line(line, number, file, given)
    except (OSError, UnicodeError) as error:
        raise EditorError(
            "{file} cannot be read; a batch is a folder of pictures, or a file with one JSON object a line.",
            file=str(file),
        ) from error


def _of_line(line: str, number: int, file: Path, given: Mapping[str, Any]) -> BatchJob:
    try:
        said = msgspec.json.decode(line, type=dict[str, Any])
        job = msgspec.convert({**given, **said}, BatchJob)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise EditorError(
            'Line {number} of {file} is no job; write for example {{"picture": "fox.png", "prompt": "a cat"}}.',
            number=number,
            file=file.name,
        ) from error
    if unknown := sorted(said.keys() - set(BatchJob.__dataclass_fields__)):
        raise EditorError(
            "Line {number} of {file}: a job has no “{name}”.",
            number=number,
            file=file.name,
            name=unknown[0][:40],
        )
    beside: dict[str, Any] = {
        name: str(file.parent / getattr(job, name))
        for name in ("picture", "mask", "sketch")
        if getattr(job, name) and name in said
    }
    return replace(job, **beside)


def _named(jobs: list[BatchJob]) -> list[BatchJob]:
    """Each with the name of its picture; those of a name that was taken with a number behind it."""
    taken: set[str] = set()
    named = []
    for job in jobs:
        stem = (job.id or Path(job.picture).stem).replace("/", "_").replace("\\", "_").strip(
            ". "
        ) or "picture"
        name, number = stem[: MAX_NAME // 4], 2
        while name.casefold() in taken:
            name, number = f"{stem[: MAX_NAME // 4]}-{number}", number + 1
        taken.add(name.casefold())
        named.append(replace(job, id=name))
    return named
