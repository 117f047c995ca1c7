"""palimpsest export: pictures, masks and layers for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import Files, Format, TurnId, choices

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        help="The picture to write, or .ora for all layers; a folder for several; - for stdout.",
    ),
]
What = Annotated[
    str,
    typer.Option(
        help="image: what the window shows. turn: a turn's picture alone. mask: what the turn changed.",
        autocompletion=choices("image", "turn", "mask"),
    ),
]
NoWords = Annotated[
    bool, typer.Option("--no-words", help="Leave out how the picture was made: words, seeds, model.")
]
Quality = Annotated[
    int | None, typer.Option(min=1, max=100, help="Of JPEG, WebP and AVIF; WebP is lossless without.")
]
Matte = Annotated[
    str | None, typer.Option(metavar="COLOUR", help="Behind transparency, such as white or #336699.")
]
NoNotes = Annotated[
    bool, typer.Option("--no-notes", help="Leave out what an opened photo said: camera, place, author.")
]
OriginalColours = Annotated[
    bool, typer.Option("--original-colours", help="In the colour profile of the opened picture, not in sRGB.")
]
Sign = Annotated[
    bool,
    typer.Option(
        "--sign", help="Add signed content credentials (C2PA), by a certificate made for this user."
    ),
]
BakeModes = Annotated[
    bool,
    typer.Option(
        "--bake-modes",
        help="Of .ora, .psd and .psb: make blend modes part of the pixels, to look the same in every program.",
    ),
]


def export(
    console: "Console",
    files: Files,
    output: Output,
    turn: TurnId = None,
    what: What = "image",
    picture_format: Format = None,
    quality: Quality = None,
    matte: Matte = None,
    no_words: NoWords = False,
    no_notes: NoNotes = False,
    original_colours: OriginalColours = False,
    sign: Sign = False,
    bake_modes: BakeModes = False,
) -> None:
    """Write what a project shows, a turn's picture, or the mask of what it changed; the name's ending tells how."""
    from editor_core.commands import exporting, pictures, places

    if what not in exporting.KINDS:
        raise typer.BadParameter(f"choose {', '.join(exporting.KINDS)}", param_hint="--what")
    found = places.expanded(files)
    targets = exporting.targets(found, output, picture_format)
    look = pictures.Look(
        picture_format,
        quality,
        pictures.parse_matte(matte),
        not no_words,
        not no_notes,
        original_colours,
        sign,
    )
    for target in targets:
        exporting.check(target, what, turn, look, bake_modes)

    def export_one(number: int) -> None:
        exporting.export_file(console, found[number], targets[number], what, turn, look, bake_modes)

    places.each(console, found, export_one)
