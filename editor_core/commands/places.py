"""Where commands read and write: files, folders, patterns, and ``-`` for the standard streams."""

import glob
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from editor_core.base.errors import EditorError, ImageFileError, JobCancelled, ProjectError
from editor_core.commands import interrupts
from editor_core.commands.advice import with_next_step
from editor_core.commands.console import Console
from editor_core.commands.streams import standard_input, standard_output
from editor_core.project.file_kinds import PROJECT_SUFFIX, holds_layers
from editor_core.project.safe_read import read_failure

PIPE = Path("-")
_MAX_PIPED = 4 * 2**30  # bytes


# -- reading ------------------------------------------------------------------------------------------------------


def expanded(files: Sequence[Path]) -> list[Path]:
    """The files, each pattern among them (``*.palimpsest``) replaced by what it matches. Raises EditorError."""
    found: list[Path] = []
    for file in files:
        if not glob.has_magic(str(file)) or os.path.lexists(file):
            found.append(file)
        elif matches := sorted(glob.glob(str(file), recursive=True)):
            found += map(Path, matches)
        else:
            raise EditorError("No file matches “{file}”: check the pattern and the folder.", file=str(file))
    if found.count(PIPE) > 1:
        raise EditorError("Only one of the files can come from standard input: name the others.")
    return found


@contextmanager
def readable(file: Path) -> Iterator[Path]:
    """The file, known to be one; for ``-`` a temporary one with what was piped in. Raises EditorError."""
    if file != PIPE:
        require_file(file)
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        copy = Path(folder, "standard input")
        with copy.open("wb") as written:
            _copy_piped(standard_input(), written)
        yield copy


def name_of(file: Path) -> str:
    """What the file is called in a sentence."""
    return "standard input" if file == PIPE else file.name


def require_project(file: Path) -> None:
    """Raises ProjectError for a file without layers."""
    if not holds_layers(file):
        raise ProjectError(
            "“{file}” is no Palimpsest or OpenRaster file; palimpsest open makes a project of a picture.",
            file=file.name,
        )


def require_picture(file: Path) -> None:
    """Raises ImageFileError for a project."""
    if holds_layers(file):
        raise ImageFileError(
            "“{file}” is no picture, but a project; palimpsest edit changes it, palimpsest export makes pictures.",
            file=file.name,
        )


def require_file(file: Path) -> None:
    """Raises ProjectError where reading could fail or never end."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError as problem:
        raise ProjectError(
            "There is no file “{file}”; check its name and folder.", file=str(file)
        ) from problem
    except OSError as problem:
        raise ProjectError.of(read_failure(file, problem)) from problem
    if stat.S_ISDIR(mode):
        raise ProjectError("“{file}” is a folder; name a file in it.", file=str(file))
    if not stat.S_ISREG(mode):
        raise ProjectError(
            "“{file}” is a device or a pipe, not a file; pipe it in and write - instead.", file=str(file)
        )


def _copy_piped(source: BinaryIO, target: BinaryIO) -> None:
    copied = 0
    while block := source.read(1 << 20):
        copied += len(block)
        if copied > _MAX_PIPED or (copied == len(block) and not block.strip(b"\0")):
            raise EditorError(
                "What is piped in is no picture and no project; check the command before the |."
            )
        target.write(block)


# -- writing ------------------------------------------------------------------------------------------------------


@contextmanager
def writable(target: Path, console: Console) -> Iterator[Path]:
    """Where to write; for ``-`` a temporary file that goes to standard output at the end. Raises EditorError."""
    if target != PIPE:
        yield target
        return
    output = standard_output()
    console.file_on_stdout = True
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        copy = Path(folder, "standard output")
        yield copy
        with copy.open("rb") as written:
            shutil.copyfileobj(written, output, 1 << 20)
        output.flush()


def require_writable(target: Path) -> None:
    """Raises ProjectError before any work is done when the result could not be written."""
    if target == PIPE:
        if sys.stdout.isatty():
            standard_output()
        return
    folder = target.resolve().parent
    if not folder.is_dir():
        raise ProjectError(
            "The folder {folder} does not exist; make it first, or write elsewhere.", folder=str(folder)
        )
    if target.is_dir():
        raise ProjectError("{target} is a folder, not a file; name a file in it.", target=str(target))
    if target.exists() and not target.is_file():
        raise ProjectError(
            "{target} is a device or a pipe, not a file; - writes to standard output.", target=str(target)
        )
    if not os.access(folder, os.W_OK):
        raise ProjectError("The folder {folder} is read-only; write elsewhere with -o.", folder=str(folder))


def require_project_name(target: Path) -> None:
    """Raises ProjectError for a name that promises something else than a project."""
    if target == PIPE or target.suffix.lower() == PROJECT_SUFFIX:
        return
    named = target.name if not target.suffix else target.stem
    raise ProjectError(
        "A project is saved as {suffix}, not as “{file}”; write -o {named}{suffix}, and "
        "palimpsest export makes pictures of it.",
        suffix=PROJECT_SUFFIX,
        file=target.name,
        named=named,
    )


def targets(files: Sequence[Path], output: Path, suffix: str) -> list[Path]:
    """Where the result for each file goes: ``output`` itself for one file, names with ``suffix`` in it for several.

    Raises ProjectError where two results would go to one place.
    """
    if len(files) == 1 and not output.is_dir():
        return [output]
    if len(files) > 1:
        if output == PIPE:
            raise ProjectError("Several files do not fit into one standard output; name a folder with -o.")
        if output.exists() and not output.is_dir():
            raise ProjectError(
                "{output} is a file; for several files name a folder with -o.", output=str(output)
            )
        if not output.exists():
            require_writable(output)
            output.mkdir()
    names = [f"{'picture' if file == PIPE else file.stem}{suffix}" for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ProjectError(
            "Two of the files would be written as {twice}; rename one, or do them one by one.", twice=twice
        )
    return [output / name for name in names]


# -- several files ------------------------------------------------------------------------------------------------


def each(console: Console, files: Sequence[Path], work: Callable[[int], None]) -> None:
    """Do the work for every file, by its number; one that fails does not keep the others from being done."""
    if len(files) == 1:
        work(0)
        return
    failed = 0
    for number, file in enumerate(files):
        try:
            interrupts.begin()
            interrupts.check()
            work(number)
        except EditorError as error:
            console.problem(with_next_step(error), file=str(file))
            failed += 1
        except (KeyboardInterrupt, JobCancelled) as stop:
            raise EditorError(
                "Stopped; {done} of {total} files were finished, the others are as they were.",
                done=number - failed + interrupts.is_done(),
                total=len(files),
            ) from stop
    if failed:
        raise typer.Exit(1)
