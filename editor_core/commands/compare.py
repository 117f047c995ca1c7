"""palimpsest compare: the same edit by several methods, side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    Device,
    Load,
    Lora,
    Model,
    On,
    Prompt,
    Seed,
    Steps,
    TurnId,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Source = Annotated[Path, typer.Argument(help="A picture or a project; - reads it from standard input.")]
Was = Annotated[str | None, typer.Option(help="What the picture shows now; a project's turn says it itself.")]
Methods = Annotated[
    str, typer.Option(help="Names with commas between; if not given, all that the model can run.")
]
Mask = Annotated[Path | None, typer.Option(help="A picture, white where the edit belongs.")]
Sketch = Annotated[Path | None, typer.Option(help="A drawing of what should appear, dark on light.")]
Instruction = Annotated[str, typer.Option(help="What to do, for models that read orders.")]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="METHOD=FOLDER", help="The weights a method needs; may be given again."),
]
Sheet = Annotated[
    Path, typer.Option("--output", "-o", help="The picture to write, all results side by side.")
]
Each = Annotated[Path | None, typer.Option(help="Also write each result as METHOD.png into this folder.")]


def compare(
    console: "Console",
    file: Source,
    prompt: Prompt,
    output: Sheet,
    methods: Methods = "",
    was: Was = None,
    turn: TurnId = None,
    mask: Mask = None,
    sketch: Sketch = None,
    instruction: Instruction = "",
    weights: With = None,
    each: Each = None,
    seed: Seed = None,
    steps: Steps = None,
    model: Model = None,
    device: Device = None,
    on: On = None,
    lora: Lora = None,
    load: Load = None,
) -> None:
    """Make the same edit by several methods: a table, and the pictures side by side."""
    from editor_core.commands import chosen_model, comparing, editing, pictures, places, values

    [target] = pictures.targets([file], output, None)
    words, chosen = chosen_model.words_and_model(
        values.parse_words(prompt), model, device, lora, load, console, on
    )
    marked = editing.Marked(console, None if mask is None else str(mask), sketch, inverted=False)
    instructed, given = values.parse_words(instruction), comparing.weights_of(weights or [])
    before = None if was is None else values.parse_words(was)
    with places.readable(file) as place, comparing.editor(console, chosen) as editor:
        project = comparing.project_of(editor, place, before, turn, values.parse_seed(seed), steps)
        height, width = project.current.image.shape[:2]
        asked = comparing.Asked(
            words,
            tuple(name.strip() for name in methods.split(",") if name.strip()),
            marked.mask_in_file(width, height),
            marked.sketch_in_file(width, height),
            instructed,
            given,
        )
        found = comparing.compared(editor, project, asked)
    comparing.tell(console, project.current.image, found, target, each)
