"""palimpsest models: the models that can be used."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from editor_core.commands.console import Console


Predicts = Annotated[
    str | None,
    typer.Option(
        metavar="FILE=KIND",
        help="Say what a model file predicts that does not say it itself, epsilon or v_prediction; it is remembered.",
    ),
]


def models(console: "Console", predicts: Predicts = None) -> None:
    """List the models that can be used: those of --model, and why the others cannot be."""
    from editor_core.base import settings
    from editor_core.models.available import available_models

    if predicts is not None:
        _remember(predicts)
    found = available_models(settings.load().model_folders)
    if console.as_json:
        console.result({"models": [dataclasses.asdict(entry) for entry in found]}, "")
        return
    console.table(
        [
            {
                "--model": entry.source,
                "name": entry.name,
                "size": "–" if entry.size is None else f"{entry.size[0]}x{entry.size[1]}",
                "folder": entry.folder,
                "problem": entry.problem,
            }
            for entry in found
        ]
    )


def _remember(answer: str) -> None:
    """``FILE=KIND``. Raises EditorError."""
    from editor_core.base.errors import EditorError
    from editor_core.models.remembered_predictions import KINDS, remember

    file, _, kind = answer.rpartition("=")
    if kind not in KINDS or not file:
        raise EditorError("Write what the model predicts as FILE={choices}.", choices=" or FILE=".join(KINDS))
    remember(Path(file).expanduser(), kind)
