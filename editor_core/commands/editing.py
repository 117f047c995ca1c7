"""How ``palimpsest edit`` goes about its files."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from editor_core.base.errors import ProjectError
from editor_core.base.settings import Settings
from editor_core.commands import places
from editor_core.commands.console import Console
from editor_core.commands.loading import loaded_to_edit
from editor_core.commands.running import Run, read_what_is_shown, save_and_tell, session, turn_of
from editor_core.document.commands import AcceptTurn, JumpToTurn
from editor_core.document.document import Document
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.document.turns import Turn
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import LoadModel, Sampling
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.image_io import Drawn, read_fitted_mask, read_fitted_sketch
from editor_core.project.png import Pixels
from editor_core.workflow import turns as workflow
from editor_core.workflow.sketch_layers import sketch_for
from editor_core.workflow.targets import edited_part, region_named
from editor_core.workflow.turn_models import model_of


def targets(files: Sequence[Path], output: Path | None) -> list[Path]:
    """Where each file's edit is saved: in place, unless another place is named. Raises ProjectError."""
    if output is None:
        found = [_in_place(file) for file in files]
    else:
        found = places.targets(files, output, PROJECT_SUFFIX)
    for target in found:
        places.require_project_name(target)
        places.require_writable(target)
    return found


def _in_place(file: Path) -> Path:
    """The project itself; for a file of another kind, a new project of its name beside it."""
    if file == places.PIPE:
        return file
    places.require_file(file)
    if file.suffix.lower() == PROJECT_SUFFIX:
        return file
    places.require_project(file)
    beside = file.with_suffix(PROJECT_SUFFIX)
    if beside.exists():
        raise ProjectError(
            "{beside} is there already; say with -o where the edit of {file} is saved.",
            beside=str(beside),
            file=file.name,
        )
    return beside


class Marked:
    """Where an edit may change a project, and what was drawn: as the command says, else as the project has it."""

    def __init__(self, console: Console, mask: str | None, sketch: Path | None, *, inverted: bool) -> None:
        """mask: a region's name, or the name of a picture file. inverted: what is not marked may change."""
        self._console, self._mask, self._sketch, self._inverted = console, mask, sketch, inverted
        self._read = functools.cache(self._from)  # standard input can be read only once

    def mask(self, document: Document) -> Pixels | None:
        """uint8 (H, W), nonzero where the picture may change; None: anywhere. Raises EditorError."""
        region = region_named(document, self._mask)
        if self._mask is None or region is not None:
            mask = edited_part(document, region)
        else:
            mask = self.mask_in_file(document.width, document.height)
        return 255 - mask if self._inverted and mask is not None else mask

    def sketch(self, document: Document, method: str, parameters: Mapping[str, Any]) -> Pixels | None:
        """uint8 (H, W, 3), lines as drawn, or None. Raises ImageFileError."""
        if self._sketch is not None:
            return self.sketch_in_file(document.width, document.height)
        return sketch_for(document, method, parameters)

    def mask_in_file(self, width: int, height: int) -> Pixels | None:
        """The mask in the picture file that was named, in that size. Raises ImageFileError."""
        return None if self._mask is None else self._read(read_fitted_mask, Path(self._mask), width, height)

    def sketch_in_file(self, width: int, height: int) -> Pixels | None:
        """The drawing in the picture file that was named, in that size. Raises ImageFileError."""
        return None if self._sketch is None else self._read(read_fitted_sketch, self._sketch, width, height)

    def _from(self, read: Callable[[Path, int, int], Drawn], file: Path, width: int, height: int) -> Pixels:
        with places.readable(file) as place:
            found = read(place, width, height)
        for message in found.told:
            self._console.notice(str(message))
        return found.pixels


def edit_files(
    console: Console,
    files: Sequence[Path],
    saved_to: Sequence[Path],
    asked: Mapping[str, Any],
    marked: Marked,
    turn_id: str | None,
    was: str | None,
    chosen: Settings,
    follows: bool,
) -> None:
    """Edit each file; ``asked`` is what ``workflow.edit_request`` takes besides what is marked. Raises EditorError.

    follows: whether each turn's own model is used, where it is at hand.
    """
    variants: list[TurnResult] = []
    with session(console, chosen, variants) as run:

        def edit_one(number: int) -> None:
            file = files[number]
            with places.readable(file) as place:
                places.require_project(place)
                document = loaded_to_edit(place, saved_to[number], console)
            if follows:
                _follow_model(document, turn_id, run, chosen, console)
            variants.clear()
            sketch = marked.sketch(document, asked["method"], asked["parameters"])
            drawn = {"mask": marked.mask(document), "sketch": sketch}
            if turn_id is not None:
                turn_of(document, turn_id, places.name_of(file))
            if turn_id in (None, document.history.current_id):
                sampling = Sampling(guidance=asked["guidance"], negative=asked["negative"] or "")
                read_what_is_shown(document, run, was, places.name_of(file), sampling)
            turns = _edited(document, run, {**asked, **drawn}, turn_id, variants)
            more = {"variants": [turn.id for turn in turns]} if len(turns) > 1 else None
            save_and_tell(document, turns[0], saved_to[number], console, more)

        places.each(console, files, edit_one)


def _follow_model(
    document: Document, turn_id: str | None, run: Run, chosen: Settings, console: Console
) -> None:
    """Get the model and LoRAs into memory that the turn was made with, and say so."""
    history = document.history
    turn = history[turn_id] if turn_id is not None and turn_id in history else history.current
    found = None if turn is None else model_of(turn, chosen)
    if turn is None or found is None or found.missing:
        if found is not None:
            console.notice(f"The turn was made with {', '.join(found.missing)}, which is not found any more.")
        run(LoadModel.chosen(chosen))
        return
    loras = "".join(f", {lora.label}" for lora in found.settings.loras)
    console.notice(f"The turn's own model is used: {turn.model}{loras}.")
    run(LoadModel.chosen(found.settings))


def _edited(
    document: Document, run: Run, asked: Mapping[str, Any], turn_id: str | None, variants: list[TurnResult]
) -> list[Turn]:
    """The result and its variants as turns of the document, which shows the first."""
    request = workflow.edit_request(document, turn_id=turn_id, **asked)
    parent = turn_id or document.history.current_id
    result = run(request)
    first, *others = [workflow.turn_from_result(each, parent) for each in (*variants, result)]
    document.execute(accept(document, first, ResultPlacement.REPLACE, name=first.prompt))
    for turn in others:
        document.execute(AcceptTurn(turn, shown=True))
    if others:
        document.execute(JumpToTurn(first.id))
    return [first, *others]
