"""palimpsest bench: a public set's examples by several methods, one row a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import (
    Device,
    Load,
    Lora,
    Model,
    On,
    Steps,
    choices,
)

if TYPE_CHECKING:
    from editor_core.commands.console import Console

SETS = ("magicbrush", "pie-bench", "editing-mask", "fisedit", "picture-book")
Name = Annotated[
    str,
    typer.Argument(
        help="magicbrush, pie-bench, editing-mask, fisedit or picture-book.", autocompletion=choices(*SETS)
    ),
]
Data = Annotated[Path, typer.Option(help="The folder of the set, as it is handed out.")]
Out = Annotated[Path, typer.Option(help="The folder for rows, summary, page and pictures.")]
Methods = Annotated[
    str,
    typer.Option(
        help="Names with commas between, as compare has them; all is every one that needs no other weights."
    ),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only so many of the first examples.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder.")]
Size = Annotated[
    int | None, typer.Option(min=64, max=2048, help="Pixels a side; the model's own if not given.")
]
Masks = Annotated[
    str,
    typer.Option(
        help="Who gets the set's mask: all, needed (methods that cannot do without) or none; it measures either way.",
        autocompletion=choices("all", "needed", "none"),
    ),
]
AtMost = Annotated[
    list[str] | None,
    typer.Option(
        metavar="METHOD=N", help="Run a slow method on the first N examples only; may be given again."
    ),
]
MultiTurn = Annotated[
    bool, typer.Option("--multi-turn", help="Go on from a method's own result of the turn before.")
]
Variant = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=METHOD:SETTING=VALUE,…",
        help="Also one of ours with other settings, under a name of its own; may be given again.",
    ),
]
NetworksFolder = Annotated[
    Path | None,
    typer.Option(
        "--networks",
        help="A folder with any of clip, dino, lpips and inception: the figures that need their weights.",
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="METHOD=FOLDER", help="The weights a method needs; may be given again."),
]


def bench(
    console: "Console",
    name: Name,
    data: Data,
    out: Out,
    methods: Methods = "fisedit",
    limit: Limit = None,
    resume: Resume = False,
    size: Size = None,
    steps: Steps = None,
    masks: Masks = "all",
    at_most: AtMost = None,
    variant: Variant = None,
    multi_turn: MultiTurn = False,
    networks: NetworksFolder = None,
    weights: With = None,
    model: Model = None,
    device: Device = None,
    on: On = None,
    lora: Lora = None,
    load: Load = None,
) -> None:
    """Run a benchmark: rows.csv, settings.json, summary.csv with 95 % intervals, report.html and the pictures."""
    import itertools

    from editor_core.api import METHODS, check_methods
    from editor_core.base.errors import EditorError
    from editor_core.baselines.registry import needs_own_model
    from editor_core.commands import chosen_model, comparing
    from editor_core.evaluation.judge import judge_of
    from editor_core.evaluation.networks.registry import Networks
    from editor_core.evaluation.runner import MASKS, Protocol, Run
    from editor_core.evaluation.sets.registry import reader

    read = reader(name)
    wanted = tuple(each.strip() for each in methods.split(",") if each.strip())
    if wanted == ("all",):
        wanted = tuple(each for each in METHODS if not needs_own_model(each))
    check_methods(wanted)
    variants = comparing.variants_of(variant or [])
    wanted += tuple(variants)
    if masks not in MASKS:
        raise EditorError("--masks is one of {choices}, not {given}.", choices=MASKS, given=masks)
    _, chosen = chosen_model.words_and_model("", model, device, lora, load, console, on)
    read_networks = Networks.of(networks)
    with comparing.editor(console, chosen) as editor:
        side = size or editor.model().default_width
        protocol = Protocol(
            name, wanted, side, steps, masks, comparing.counts_of(at_most or []), multi_turn,
            comparing.weights_of(weights or []), variants,
        )  # fmt: skip
        run = Run(editor, protocol, out, read_networks, judge_of(data))
        examples = list(itertools.islice(read(data), limit))
        done = run.begin(resume)
        run.run(examples, done, lambda example: console.notice(f"Example {example}"))
        lines = run.finish()
    console.table(
        [
            {key: value for key, value in line.items() if not key.endswith(("_low", "_high", "_nan"))}
            for line in lines
        ]
    )
    console.result(
        {"folder": str(out), "methods": lines},
        f"{len(examples)} examples; rows, summary and page are in {out}.",
    )
