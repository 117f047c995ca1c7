"""palimpsest upscale: a turn's picture at more pixels."""

from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.edit import Output
from editor_core.commands.options import Device, Files, Load, Lora, Model, On, TurnId

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Factor = Annotated[int, typer.Option(help="2 or 4.")]
Upscaler = Annotated[
    str,
    typer.Option(
        metavar="NAME|FILE",
        help="A network that enlarges (ESRGAN and the like): its name in the library, or its file.",
    ),
]
Repaint = Annotated[
    bool | None,
    typer.Option(
        "--repaint/--no-repaint",
        help="Whether the model paints the detail: so without --upscaler, not so with it.",
    ),
]


def upscale(
    console: "Console",
    files: Files,
    factor: Factor = 2,
    upscaler: Upscaler = "",
    repaint: Repaint = None,
    turn: TurnId = None,
    output: Output = None,
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Make a turn's picture two or four times as large, with the detail that enlarging leaves out."""
    from editor_core.commands import chosen_model, editing, loading, places, running
    from editor_core.document.commands import AcceptTurn
    from editor_core.messages.requests import Sampling
    from editor_core.workflow import turns as workflow

    found = places.expanded(files)
    targets = editing.targets(found, output)
    _, chosen = chosen_model.words_and_model("", model, device, lora, load, console, on)
    with running.session(console, chosen) as run:

        def upscale_one(number: int) -> None:
            with places.readable(found[number]) as place:
                places.require_project(place)
                document = loading.loaded_to_edit(place, targets[number], console)
            parent = running.turn_of(document, turn, places.name_of(found[number]))
            if turn is None:
                running.read_what_is_shown(document, run, None, places.name_of(found[number]), Sampling())
                parent = running.turn_of(document, None, places.name_of(found[number]))
            result = run(workflow.upscale_request(document, factor, parent.id, upscaler, repaint))
            accepted = workflow.turn_from_result(result, parent.id)
            document.execute(AcceptTurn(accepted))
            running.save_and_tell(document, accepted, targets[number], console)

        places.each(console, found, upscale_one)
