"""The table of commands, and what stands before a command's name."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from editor_core import __version__
from editor_core.commands import (
    batch,
    bench,
    compare,
    demo,
    edit,
    export,
    history,
    invert,
    mask,
    models,
    new,
    open,
    upscale,
    worker,
)
from editor_core.commands.registration import AsJson, Manner, Quiet, Verbose, command

COMMANDS: dict[str, Callable[..., None]] = {
    "new": new.new,
    "open": open.open_picture,
    "edit": edit.edit,
    "mask": mask.mask,
    "invert": invert.invert,
    "upscale": upscale.upscale,
    "compare": compare.compare,
    "bench": bench.bench,
    "batch": batch.batch,
    "worker": worker.worker,
    "history": history.history,
    "export": export.export,
    "models": models.models,
    "demo": demo.demo,
}

BELOW: dict[str, dict[str, Callable[..., None]]] = {"models": {"download": models.download}}
"""Commands with commands of their own."""

app = typer.Typer(
    name="palimpsest",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Edit a picture by changing its words. Without a command the window opens; with --safe alone, in safe mode.",
)
for name, function in COMMANDS.items():
    if name not in BELOW:
        app.command(name)(command(function))
        continue
    group = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})
    group.callback(invoke_without_command=True)(command(function))
    for below, also in BELOW[name].items():
        group.command(below)(command(also))
    app.add_typer(group, name=name)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"palimpsest {__version__}\n")
        raise typer.Exit


@app.callback()
def general(
    context: typer.Context,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Edit a picture by changing its words. Without a command the window opens; with --safe alone, in safe mode."""
    context.obj = Manner(as_json, quiet, verbose)
