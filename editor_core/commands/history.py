"""palimpsest history: the turns of a project."""

from typing import TYPE_CHECKING

from editor_core.commands.options import Files

if TYPE_CHECKING:
    from editor_core.commands.console import Console


def history(console: "Console", files: Files) -> None:
    """Show the turns of a project as a tree."""
    from editor_core.commands import places
    from editor_core.commands.loading import loaded
    from editor_core.commands.told import row
    from editor_core.commands.tree import tree_lines

    found = places.expanded(files)

    def show_one(number: int) -> None:
        with places.readable(found[number]) as place:
            places.require_project(place)
            document = loaded(place, console)
        name = places.name_of(found[number])
        if console.as_json:
            turns = [row(turn) for turn in document.history]
            console.result(
                {"file": str(found[number]), "current": document.history.current_id, "turns": turns}, ""
            )
        elif len(document.history):
            console.lines([name, *tree_lines(document.history)])
        else:
            console.lines([f"{name} has no turns yet; palimpsest edit begins with the picture it shows."])

    places.each(console, found, show_one)
