"""palimpsest edit: change the words of a turn, and only what changes is painted again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from editor_core.commands.options import (
    METHODS,
    Device,
    Files,
    Guidance,
    Load,
    Lora,
    Model,
    On,
    Prompt,
    Reference,
    TurnId,
    choices,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Was = Annotated[
    str | None, typer.Option(help="What the picture shows now, where the project has no turn that says it.")
]
Mask = Annotated[
    str | None,
    typer.Option(
        "--mask",
        "--region",
        help="A picture in which is marked where the project may change, or a region's name; else its own mask.",
    ),
]
InvertMask = Annotated[bool, typer.Option("--invert-mask", help="What is not marked may change instead.")]
Method = Annotated[
    str, typer.Option(help="fisedit, instdiffedit, masafusion or embctrl.", autocompletion=choices(*METHODS))
]
Sketch = Annotated[Path | None, typer.Option(help="A drawing of what should appear.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting of the method; may be given again."),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Save here instead of in FILE; a folder for several; - is standard output."
    ),
]
Strength = Annotated[
    float,
    typer.Option(
        min=0, max=100, metavar="PERCENT", help="How much may change: 0 leaves all as it is, 100 paints anew."
    ),
]
Variants = Annotated[int, typer.Option(min=1, max=8, help="Results of instdiffedit, each a turn.")]


def edit(
    console: "Console",
    files: Files,
    prompt: Prompt,
    turn: TurnId = None,
    was: Was = None,
    mask: Mask = None,
    invert_mask: InvertMask = False,
    method: Method = "fisedit",
    sketch: Sketch = None,
    reference: Reference = None,
    settings: Settings = None,
    output: Output = None,
    guidance: Guidance = None,
    negative: Annotated[str | None, typer.Option(help="New negative words.")] = None,
    strength: Strength = 100,
    variants: Variants = 1,
    model: Model = None,
    lora: Lora = None,
    load: Load = None,
    device: Device = None,
    on: On = None,
) -> None:
    """Change a turn by words, a phrase, sketch or region: only what the change touches is painted again."""
    from editor_core.commands import chosen_model, editing, places, values

    found = places.expanded(files)
    targets = editing.targets(found, output)
    several = [f"variants={variants}"] if variants > 1 or method == "instdiffedit" else []
    settings = values.with_reference(settings, reference)
    words, chosen = chosen_model.words_and_model(
        values.parse_words(prompt), model, device, lora, load, console, on
    )
    asked: dict[str, Any] = {
        "prompt": words,
        "method": method,
        "parameters": values.parse_settings(method, [*several, *settings]),
        "negative": None if negative is None else values.parse_words(negative),
        "guidance": guidance,
        "strength": strength / 100,
    }
    follows = model is None and lora is None and load is None
    marked = editing.Marked(console, mask, sketch, inverted=invert_mask)
    before = None if was is None else values.parse_words(was)
    editing.edit_files(console, found, targets, asked, marked, turn, before, chosen, follows)
