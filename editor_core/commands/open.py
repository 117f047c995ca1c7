"""palimpsest open: a picture made elsewhere becomes a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    Device,
    Guidance,
    Model,
    Negative,
    ProjectOutput,
    Prompt,
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
    prompt: Prompt,
    output: ProjectOutput,
    seed: Seed = None,
    steps: Steps = None,
    guidance: Guidance = None,
    negative: Negative = "",
    model: Model = None,
    device: Device = None,
) -> None:
    """Open a picture made elsewhere: find, once, the noise it could have come from, and save a project."""
    from editor_core.commands import places, running, values
    from editor_core.messages.requests import OpenPicture, Sampling
    from editor_core.project.image_io import over_white, read_image

    files = places.expanded(images)
    targets = places.targets(files, output, places.PROJECT_SUFFIX)
    for target in targets:
        places.require_project_name(target)
        places.require_writable(target)
    words = values.parse_words(prompt)
    sampling = Sampling(values.parse_seed(seed), steps, guidance, values.parse_words(negative))
    with running.session(console, model, device) as run:

        def open_one(number: int) -> None:
            with places.readable(files[number]) as file:
                places.require_picture(file)
                picture = over_white(read_image(file))
            running.first_turn(run, OpenPicture(picture, words, sampling), targets[number], console)

        places.each(console, files, open_one)
