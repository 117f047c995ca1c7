"""palimpsest demo: the program's main job in one go."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import Device, Model

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Folder = Annotated[Path, typer.Option("--out", help="The folder for the project and the pictures.")]
Seed = Annotated[int, typer.Option(help="The number the noise is drawn from; -1 is a random one.")]


def demo(console: "Console", out: Folder, seed: Seed = 7, model: Model = None, device: Device = None) -> None:
    """The main job in one go: make, change words, branch, save, reopen, edit on; pictures and a table."""
    from editor_core.base.errors import EditorError
    from editor_core.commands import chosen_model, main_job, places, values

    if out == places.PIPE:
        raise EditorError("The demo writes several files; name a folder with --out.")
    drawn = values.drawn_seed(seed)
    try:
        _, chosen = chosen_model.words_and_model("", model, device, None, None, console)
        report = main_job.run_demo(out, chosen, drawn, console.show)
    except KeyboardInterrupt as stop:
        raise EditorError("Stopped; what the demo had finished by then is in {out}.", out=str(out)) from stop
    console.table(report.rows, title=f"{report.project}")
    console.result(
        {"project": str(report.project), "seconds": report.seconds, "turns": report.rows},
        f"{len(report.rows)} turns in {report.seconds:.0f} s; pictures and masks are in {out}.",
    )
    if report.changed_outside:
        raise EditorError(
            "{count} pixels changed outside the masks, and there should be none; please report it, with the project.",
            count=report.changed_outside,
        )
