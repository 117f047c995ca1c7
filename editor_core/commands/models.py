"""palimpsest models: the models that can be used."""

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from editor_core.commands.console import Console


def models(console: "Console") -> None:
    """List the models that can be used: those of --model, and why the others cannot be."""
    from editor_core.base import settings
    from editor_core.models.available import available_models

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
