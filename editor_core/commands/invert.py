"""palimpsest invert: find the noise behind a turn's picture in another way."""

from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    WAYS,
    Device,
    Files,
    Load,
    Lora,
    Model,
    On,
    TurnId,
    choices,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

How = Annotated[str, typer.Option(help="direct, null-text or ddim.", autocompletion=choices(*WAYS))]


def invert(
    console: "Console",
    files: Files,
    how: How = "direct",
    turn: TurnId = None,
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Find, once, the noise behind a turn's picture, and keep it in the project for later edits."""
    from editor_core.commands import chosen_model, editing, loading, places, running
    from editor_core.document.commands import AcceptTurn
    from editor_core.workflow import turns as workflow

    found = places.expanded(files)
    targets = editing.targets(found, None)
    _, chosen = chosen_model.words_and_model("", model, device, lora, load, console, on)
    with running.session(console, chosen) as run:

        def invert_one(number: int) -> None:
            with places.readable(found[number]) as place:
                places.require_project(place)
                document = loading.loaded_to_edit(place, targets[number], console)
            inverted = running.turn_of(document, turn, places.name_of(found[number]))
            result = run(workflow.inversion_request(inverted, how))
            accepted = workflow.inverted_turn(result, inverted)
            document.execute(AcceptTurn(accepted))
            running.save_and_tell(document, accepted, targets[number], console)

        places.each(console, found, invert_one)
