"""palimpsest models: the models that can be used, and new ones from elsewhere."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from editor_core.commands.console import Console
    from editor_core.library.entry import Entry


Predicts = Annotated[
    str | None,
    typer.Option(
        "--predicts",
        "--prediction",
        metavar="FILE=KIND",
        help="Say what a model file predicts that does not say it itself: epsilon, v_prediction or "
        "v_prediction_zero_snr; it is remembered.",
    ),
]
Preview = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Paint the same small picture for each thing that a model file may predict, beside each other.",
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where the previews are saved, a PNG.")]
Search = Annotated[
    str, typer.Option("--search", metavar="WORDS", help="Of the library, only what has these words.")
]
OfKind = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Only one kind: model, lora, vae, embedding, controlnet, adapter or upscaler.",
    ),
]
Watch = Annotated[
    list[str] | None, typer.Option(metavar="FOLDER", help="List what lies in this folder from now on, too.")
]
Forget = Annotated[list[str] | None, typer.Option(metavar="FOLDER", help="Do not list it any more.")]
Hashes = Annotated[
    bool, typer.Option("--hashes", help="Compute the SHA-256 of what is listed; it is remembered.")
]


def models(
    console: "Console",
    predicts: Predicts = None,
    preview: Preview = None,
    output: Output = None,
    search: Search = "",
    kind: OfKind = "",
    watch: Watch = None,
    forget: Forget = None,
    hashes: Hashes = False,
) -> None:
    """List the models that can be used, those of --model, why the others cannot be, and the library."""
    from editor_core.base import settings
    from editor_core.library import places, scan
    from editor_core.models.available import available_models

    if preview is not None:
        _preview(console, preview, output)
        return
    if predicts is not None:
        _remember(predicts)
    if watch or forget:
        _watch(watch or [], forget or [])
    kept = settings.load()
    found = available_models(kept.model_folders)
    library = [
        entry
        for entry in scan.scan(places.watched(kept.library_folders))
        if entry.matches(search) and kind in ("", entry.kind)
    ]
    others = [place for place in places.found_places() if not _is_watched(place.folder, kept.library_folders)]
    digests = _digests(library, hashes)
    if console.as_json:
        console.result(
            {
                "models": [dataclasses.asdict(entry) for entry in found],
                "library": [
                    dataclasses.asdict(entry) | {"sha256": digests.get(entry.path, "")} for entry in library
                ],
                "places": [{"program": place.program, "folder": str(place.folder)} for place in others],
            },
            "",
        )
        return
    if not (search or kind):
        console.table([_row_of_model(entry) for entry in found])
    console.table([_row(entry, digests.get(entry.path, "")) for entry in library], title="Library")
    for place in others:
        console.notice(
            f"{place.program} keeps models in {place.folder}; --watch {place.folder} lists them here."
        )


def download(
    console: "Console",
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A model of the hub (owner/name or owner/name/FILE.safetensors), or an address.",
        ),
    ],
    full: Annotated[
        bool, typer.Option("--full", help="Full precision, where the repository has half precision, too.")
    ] = False,
    sha256: Annotated[str, typer.Option(metavar="DIGITS", help="What the file's SHA-256 must be.")] = "",
) -> None:
    """Fetch a model into the program's own folder; stopped with Ctrl+C, the same command goes on where it was."""
    from editor_core.library.begun import Wish
    from editor_core.library.download import download as fetched
    from editor_core.library.inspect import inspect, kind_of_folder
    from editor_core.messages.events import Progress

    shown = -1

    def report(done: int, total: int) -> None:
        nonlocal shown
        megabytes = done // 1_000_000
        if megabytes != shown or done == total:
            shown = megabytes
            console.show(Progress(0, "downloading, MB", megabytes, total // 1_000_000))

    try:
        place = fetched(Wish(source, full, sha256), report)
    except KeyboardInterrupt:
        console.notice("What has arrived is kept; the same command goes on with it.")
        raise
    entry = inspect(place, kind_of_folder(place) if place.is_dir() else None)
    console.result(dataclasses.asdict(entry), f"{entry.name} ({entry.kind}) lies in {place}.")
    if entry.problem is not None:
        console.notice(str(entry.problem))


def _row_of_model(entry: Any) -> dict[str, Any]:
    return {
        "--model": entry.source,
        "name": entry.name,
        "size": "–" if entry.size is None else f"{entry.size[0]}x{entry.size[1]}",
        "folder": entry.folder,
        "problem": entry.problem,
    }


def _row(entry: "Entry", digest: str) -> dict[str, Any]:
    from editor_core.library.hashes import SHORT

    return {
        "kind": entry.kind,
        "name": entry.name,
        "family": entry.family or "–",
        "GB": f"{entry.bytes / 1e9:.2f}",
        "hash": digest[:SHORT] or "–",
        "words": ", ".join(entry.trigger_words) or "–",
        "path": entry.path,
        "problem": entry.problem,
    }


def _digests(library: "list[Entry]", compute: bool) -> dict[str, str]:
    from editor_core.library.hashes import hash_of, known_hashes

    files = [Path(entry.path) for entry in library]
    if compute:
        for file in files:
            if file.is_file():
                hash_of(file)
    return {str(file): digest for file, digest in known_hashes(files).items()}


def _watch(more: list[str], fewer: list[str]) -> None:
    """Raises EditorError for a folder that is not there."""
    from editor_core.base import settings
    from editor_core.base.errors import EditorError

    kept = settings.load()
    wanted = [str(Path(folder).expanduser().absolute()) for folder in more]
    for folder in wanted:
        if not Path(folder).is_dir():
            raise EditorError("There is no folder {folder}.", folder=folder)
    gone = {str(Path(folder).expanduser().absolute()) for folder in fewer}
    folders = dict.fromkeys((*kept.library_folders, *wanted))
    settings.save(
        dataclasses.replace(kept, library_folders=tuple(each for each in folders if each not in gone))
    )


def _is_watched(folder: Path, watched: tuple[str, ...]) -> bool:
    return any(folder.resolve() == Path(each).expanduser().resolve() for each in watched)


def _preview(console: "Console", file: Path, output: Path | None) -> None:
    """One picture, the previews side by side in the order of `KINDS`. Raises EditorError."""
    import numpy as np

    from editor_core.base import settings
    from editor_core.commands.places import writable
    from editor_core.commands.running import session
    from editor_core.messages.requests import PreviewPredictions
    from editor_core.project.image_io import write_png

    target = output or Path(f"{file.stem}-predictions.png")
    with session(console, settings.load()) as run:
        pictures = run(PreviewPredictions(str(file))).pictures
    with writable(target, console) as place:
        write_png(place, np.hstack(list(pictures.values())))
    kinds = tuple(pictures)
    console.result(
        {"file": str(target), "kinds": kinds},
        f"{target} shows, from left to right, {', '.join(kinds)}; --predicts {file}=KIND remembers the right one.",
    )


def _remember(answer: str) -> None:
    """``FILE=KIND``. Raises EditorError."""
    from editor_core.base.errors import EditorError
    from editor_core.models.remembered_predictions import KINDS, remember

    file, _, kind = answer.rpartition("=")
    if kind not in KINDS or not file:
        raise EditorError("Write what the model predicts as FILE={choices}.", choices=" or FILE=".join(KINDS))
    remember(Path(file).expanduser(), kind)
