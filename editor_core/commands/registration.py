"""What all commands share: --json, -q and -v, and the Console that they make."""

import inspect
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notices.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Also say how long each stage took, and log.")]


@dataclass(frozen=True)
class Manner:
    """How a command speaks."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


def command(function: Callable[..., None]) -> Callable[..., None]:
    """What Typer sees of a command: in the place of its first parameter, a Console, the options that make one."""
    own = list(inspect.signature(function).parameters.values())[1:]

    def run(context: typer.Context, as_json: AsJson, quiet: Quiet, verbose: Verbose, **values: Any) -> None:
        from editor_core.commands.console import Console

        general = context.find_object(Manner) or Manner()  # from before the command's name
        manner = Manner(as_json or general.as_json, quiet or general.quiet, verbose or general.verbose)
        if context.invoked_subcommand is not None:  # which does the work
            context.obj = manner
            return
        if manner.verbose:
            logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
        with Console(manner) as console:
            function(console, **values)

    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    shared = [inspect.Parameter("context", keyword, annotation=typer.Context)]
    flags = [
        inspect.Parameter(name, keyword, default=False, annotation=kind)
        for name, kind in (("as_json", AsJson), ("quiet", Quiet), ("verbose", Verbose))
    ]
    parameters = [*shared, *own, *flags]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    )
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__, run.__name__ = function.__doc__, function.__name__
    return run
