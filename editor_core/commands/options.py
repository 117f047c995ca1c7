"""The options and arguments that several commands take."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from editor_core.base.sampler_table import SAMPLER_LABELS

METHODS = ("fisedit", "instdiffedit", "masafusion", "embctrl")
WAYS = ("direct", "null-text", "ddim")
SAMPLERS = tuple(SAMPLER_LABELS)
PRESETS = ("auto", "paper", "printed", "demo", "grounded")


def choices(*words: str) -> Callable[[str], list[str]]:
    """What the shell proposes for an option; a word that is none of them is refused where it is used."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


File = Annotated[Path, typer.Argument(help="A project; - reads one from standard input.")]
Files = Annotated[
    list[Path],
    typer.Argument(help="Projects, or patterns such as *.palimpsest; - reads from standard input."),
]
Prompt = Annotated[
    str, typer.Option("--prompt", "-p", help="The words that describe the whole picture; - reads them.")
]
PromptIfAny = Annotated[
    str | None,
    typer.Option(
        "--prompt", "-p", help="The words that describe it, if the picture does not say them; - reads them."
    ),
]
ProjectOutput = Annotated[
    Path, typer.Option("--output", "-o", help="The project to write (.palimpsest); - is standard output.")
]
Seed = Annotated[
    int | None, typer.Option(help="The number the noise is drawn from; random if not given, or -1.")
]
Size = Annotated[str | None, typer.Option(metavar="WxH", help="Size in pixels, for example 320x256.")]
Sampler = Annotated[
    str | None,
    typer.Option(
        help=f"{', '.join(SAMPLERS)}; lcm, dmd2, tcd and euler-trailing are for few steps.",
        autocompletion=choices(*SAMPLERS),
    ),
]
Steps = Annotated[int | None, typer.Option(min=1, max=1000, help="Sampling steps.")]
Guidance = Annotated[float | None, typer.Option(min=0.0, max=30.0, help="How strictly to follow the words.")]
Negative = Annotated[str, typer.Option(help="Words for what should not be there.")]
Model = Annotated[
    str | None, typer.Option(help='"default", a .safetensors file, or a folder in the layout of diffusers.')
]
Lora = Annotated[
    list[str] | None,
    typer.Option(
        "--lora",
        metavar="NAME[:WEIGHT]",
        help="A LoRA's name or file, and how strongly it counts; may be given again, '' is none.",
    ),
]
Load = Annotated[
    list[str] | None,
    typer.Option(
        "--load",
        metavar="NAME=VALUE",
        help="How the model is loaded: precision=bfloat16, clip_skip=2, vae=FILE; may be given again.",
    ),
]
Device = Annotated[
    str | None,
    typer.Option(
        help="auto, cpu, cuda, cuda:1 or mps.", autocompletion=choices("auto", "cpu", "cuda", "mps")
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ADDRESS",
        help="Where the work is done: ray://HOST:10001, or here; see palimpsest worker.",
        autocompletion=choices("here"),
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        help="How the mask is found: auto, paper, printed, demo or grounded.",
        autocompletion=choices(*PRESETS),
    ),
]
Reference = Annotated[
    Path | None,
    typer.Option(help="A picture whose things and manner the result takes after, by an IP-Adapter."),
]
TurnId = Annotated[str | None, typer.Option("--turn", help="The turn to use; the shown one if not given.")]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="png, jpg, webp, tiff, bmp or avif, where no name's ending tells it.",
        autocompletion=choices("png", "jpg", "webp", "tiff", "bmp", "avif"),
    ),
]
