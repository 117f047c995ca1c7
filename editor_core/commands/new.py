"""palimpsest new: a picture from words."""

from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    Device,
    Guidance,
    Load,
    Lora,
    Model,
    Negative,
    On,
    ProjectOutput,
    Sampler,
    Seed,
    Size,
    Steps,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Words = Annotated[str, typer.Argument(help="What the picture shows; - reads the words.")]


def new(
    console: "Console",
    prompt: Words,
    output: ProjectOutput,
    seed: Seed = None,
    size: Size = None,
    steps: Steps = None,
    sampler: Sampler = None,
    guidance: Guidance = None,
    negative: Negative = "",
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Make a picture from words and save it as a project."""
    from editor_core.commands import chosen_model, places, running, values
    from editor_core.messages.requests import Generate, Sampling

    places.require_project_name(output)
    places.require_writable(output)
    width, height = values.parse_size(size)
    named = "" if sampler is None else values.parse_sampler(sampler)
    sampling = Sampling(values.parse_seed(seed), steps, guidance, values.parse_words(negative), named)
    words, chosen = chosen_model.words_and_model(
        values.parse_words(prompt), model, device, lora, load, console, on
    )
    request = Generate(words, width, height, sampling)
    with running.session(console, chosen) as run:
        running.first_turn(run, request, output, console)
