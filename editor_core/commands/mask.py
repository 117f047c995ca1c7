"""palimpsest mask: where a phrase would change a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    Device,
    Format,
    Load,
    Lora,
    Model,
    On,
    Preset,
    Steps,
    TurnId,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Source = Annotated[Path, typer.Argument(help="A picture or a project; - reads it from standard input.")]
Phrase = Annotated[str, typer.Option("--prompt", "-p", help="What to paint, for example “a fox”.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", help="The mask to write, white on black; - is standard output.")
]
Heat = Annotated[Path | None, typer.Option(help="Also write how strongly each pixel is meant.")]
Sentence = Annotated[str, typer.Option(help="What the whole picture shows then, the phrase in it.")]
Seed = Annotated[int, typer.Option(help="The number the noise is drawn from; -1 is a random one.")]


def mask(
    console: "Console",
    file: Source,
    prompt: Phrase,
    output: Output,
    heat: Heat = None,
    turn: TurnId = None,
    sentence: Sentence = "",
    preset: Preset = None,
    seed: Seed = 0,
    steps: Steps = None,
    picture_format: Format = None,
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Find where a phrase would change a picture, or what a project shows."""
    from editor_core.commands import chosen_model, interrupts, pictures, places, running, values
    from editor_core.messages.requests import FindMask

    [target] = pictures.targets([file], output, picture_format)
    heat_target = None if heat is None else pictures.targets([file], heat, None)[0]
    drawn = values.drawn_seed(seed)
    image, before = pictures.picture_of(file, turn)
    parameters = {} if preset is None else {"preset": preset}
    phrase, chosen = chosen_model.words_and_model(
        values.parse_words(prompt), model, device, lora, load, console, on
    )
    whole = values.parse_words(sentence)
    request = FindMask(image, phrase, whole, before, seed=drawn, steps=steps, parameters=parameters)
    with running.session(console, chosen) as run:
        found = run(request)
    share = round(100 * float((found.mask > 0).mean()), 1)
    line = f"{found.phrase!r} would change {share} % of the picture, found in {found.seconds:.1f} s. Wrote {target}."
    fields = {"file": str(target), "phrase": found.phrase, "changed": share, "seconds": found.seconds}
    with interrupts.finishing(places.PIPE not in (target, heat_target)), interrupts.held():  # both or none
        pictures.write(target, found.mask, console, pictures.Look(picture_format))
        if heat_target is not None:
            pictures.write(heat_target, found.heat, console)
        console.result(fields | {"steps": found.steps, "parameters": dict(found.parameters)}, line)
