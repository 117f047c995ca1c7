"""palimpsest batch: one edit of many pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.edit import Method, Settings, Was
from editor_core.commands.options import (
    Device,
    Guidance,
    Load,
    Lora,
    Model,
    Negative,
    On,
    Sampler,
    Seed,
    Steps,
    choices,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Source = Annotated[
    Path,
    typer.Argument(help="A folder of pictures, or a file (.jsonl) with one JSON object a line."),
]
Words = Annotated[
    str, typer.Option("--prompt", "-p", help="The words of the edited pictures, where a line says none.")
]
Out = Annotated[Path, typer.Option("--out", help="The folder for the results and their rows, rows.csv.")]
Mask = Annotated[
    Path | None, typer.Option("--mask", help="A picture in which is marked where they may change.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the batch in the folder.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="How many pictures at once; with --on as many as there are, else one."),
]
Ending = Annotated[
    str,
    typer.Option(
        "--format",
        help="Of the results: png, jpg, webp, tiff, avif, or palimpsest for projects.",
        autocompletion=choices("png", "jpg", "webp", "tiff", "avif", "palimpsest"),
    ),
]


def batch(
    console: "Console",
    source: Source,
    out: Out,
    prompt: Words = "",
    was: Was = None,
    method: Method = "fisedit",
    mask: Mask = None,
    settings: Settings = None,
    resume: Resume = False,
    workers: Workers = None,
    ending: Ending = "png",
    seed: Seed = None,
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
    """Make one edit of many pictures, several at once: one row a picture; what is done is not done again."""
    from editor_core.commands import batching, chosen_model, values

    words, chosen = chosen_model.words_and_model(
        values.parse_words(prompt), model, device, lora, load, console, on
    )
    given = {
        "prompt": words,
        "was": "" if was is None else values.parse_words(was),
        "method": method,
        "mask": "" if mask is None else str(mask),
        "parameters": values.parse_settings(method, settings or []),
        "seed": values.parse_seed(seed),
        "steps": steps,
        "sampler": values.parse_sampler(sampler),
        "guidance": guidance,
        "negative": values.parse_words(negative),
    }
    batching.run(console, source, given, out, ending, resume, workers, chosen)
