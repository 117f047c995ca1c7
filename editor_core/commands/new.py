"""palimpsest new: a picture from words, and from a reference picture if there is one."""

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
    Reference,
    Sampler,
    Seed,
    Size,
    Steps,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="reference_strength=0.6, reference_adapter=FILE or guidance_every=2; may be given again.",
    ),
]
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
    reference: Reference = None,
    settings: Settings = None,
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Make a picture from words and save it as a project."""
    from editor_core.commands import chosen_model, places, running, values
    from editor_core.messages.requests import Sampling
    from editor_core.workflow.turns import generate_request

    places.require_project_name(output)
    places.require_writable(output)
    pixels = values.parse_size(size)
    given = values.parse_settings("generate", values.with_reference(settings, reference))
    named = "" if sampler is None else values.parse_sampler(sampler)
    sampling = Sampling(values.parse_seed(seed), steps, guidance, values.parse_words(negative), named)
    words, chosen = chosen_model.words_and_model(
        values.parse_words(prompt), model, device, lora, load, console, on
    )
    request = generate_request(words, sampling, pixels, given)
    with running.session(console, chosen) as run:
        running.first_turn(run, request, output, console)
