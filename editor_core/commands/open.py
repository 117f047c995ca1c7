"""palimpsest open: a picture made elsewhere becomes a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    Device,
    Guidance,
    Load,
    Lora,
    Model,
    On,
    ProjectOutput,
    PromptIfAny,
    Sampler,
    Seed,
    Steps,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Pictures = Annotated[
    list[Path], typer.Argument(help="Pictures, or patterns such as *.jpg; - reads one from standard input.")
]


def open_picture(
    console: "Console",
    images: Pictures,
    output: ProjectOutput,
    prompt: PromptIfAny = None,
    seed: Seed = None,
    steps: Steps = None,
    sampler: Sampler = None,
    guidance: Guidance = None,
    negative: Annotated[str | None, typer.Option(help="Words for what should not be there.")] = None,
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Open a picture made elsewhere: find, once, the noise it could have come from, and save a project.

    Words, seed and numbers that the picture says itself are taken from it where none are given.
    """
    from editor_core.commands import chosen_model, opening, places, running, values
    from editor_core.messages.requests import OpenPicture
    from editor_core.project.file_kinds import PROJECT_SUFFIX
    from editor_core.project.image_io import over_white
    from editor_core.project.picture_reading import read_picture

    files = places.expanded(images)
    targets = places.targets(files, output, PROJECT_SUFFIX)
    for target in targets:
        places.require_project_name(target)
        places.require_writable(target)
    typed, chosen = chosen_model.words_and_model(
        values.parse_words(prompt or ""), model, device, lora, load, console, on
    )
    given = opening.Given(
        prompt=None if prompt is None else typed,
        seed=values.parse_seed(seed),
        steps=steps,
        guidance=guidance,
        sampler=None if sampler is None else values.parse_sampler(sampler),
        negative=None if negative is None else values.parse_words(negative),
    )
    with running.session(console, chosen) as run:

        def open_one(number: int) -> None:
            with places.readable(files[number]) as file:
                places.require_picture(file)
                words, sampling = opening.asked(file, given, console)
                read = read_picture(file)
            for message in read.told:
                console.notice(str(message))
            request = OpenPicture(over_white(read.pixels), words, sampling)
            running.first_turn(run, request, targets[number], console, read.notes)

        places.each(console, files, open_one)
