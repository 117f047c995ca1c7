"""The program's main job, measured as it runs: from the first words to an edit of a reopened project."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from editor_core.base.settings import Settings
from editor_core.commands.told import changed_share
from editor_core.document.commands import AcceptTurn
from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.messages.events import Event
from editor_core.messages.requests import Generate, Sampling
from editor_core.project.image_io import write_png
from editor_core.project.metadata import provenance
from editor_core.project.project_file import load_project, save_project
from editor_core.session.session import Session
from editor_core.workflow import turns as workflow

FIRST = "a fox on the snow"
# (prompt, index of the turn it edits): two words changed in a chain, then a branch from the first turn.
EDITS = (("a cat on the snow", 0), ("a cat on the beach", 1), ("a rabbit on the snow", 0))
AFTER_REOPENING = ("a bear on the snow", 3)

Emit = Callable[[Event], None]


@dataclass(frozen=True)
class DemoReport:
    project: Path
    rows: list[dict[str, Any]]
    seconds: float
    changed_outside: int
    """Pixels, over all edits, that changed although their mask is 0."""


def run_demo(folder: Path, settings: Settings, seed: int, emit: Emit) -> DemoReport:
    """Run the demo and write its project, pictures and masks into ``folder``. Raises EditorError."""
    start = perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    project = folder / "demo.palimpsest"
    with Session(settings) as session:
        document = _first_turns(session, seed, emit)
    save_project(document, project)
    reopened = load_project(project)
    with Session(settings) as session:  # a new session: all it knows is the project and the cache on disk
        prompt, edited = AFTER_REOPENING
        _edit(session, reopened, prompt, list(reopened.history)[edited], emit)
    save_project(reopened, project)
    turns = list(reopened.history)
    for number, turn in enumerate(turns, start=1):
        _write_pictures(folder, number, turn, reopened)
    rows = [_row(number, turn, reopened) for number, turn in enumerate(turns, start=1)]
    outside = sum(row["changed outside"] or 0 for row in rows)
    return DemoReport(project, rows, round(perf_counter() - start, 1), outside)


def changed_outside(turn: Turn, parent: Turn) -> int:
    """How many pixels differ from the parent's picture where the turn's mask is 0."""
    assert turn.mask is not None
    different = (turn.image != parent.image).any(axis=2)
    return int(np.count_nonzero(different & (turn.mask == 0)))


def _first_turns(session: Session, seed: int, emit: Emit) -> Document:
    result = session.run(0, Generate(FIRST, sampling=Sampling(seed=seed)), emit)
    document = Document.new_from_turn(workflow.turn_from_result(result, None))
    for prompt, edited in EDITS:
        _edit(session, document, prompt, list(document.history)[edited], emit)
    return document


def _edit(session: Session, document: Document, prompt: str, base: Turn, emit: Emit) -> None:
    result = session.run(0, workflow.edit_request(document, prompt, turn_id=base.id), emit)
    document.execute(AcceptTurn(workflow.turn_from_result(result, base.id)))


def _write_pictures(folder: Path, number: int, turn: Turn, document: Document) -> None:
    chain = [document.history[step] for step in document.history.path(turn.id)]
    write_png(folder / f"turn-{number}.png", turn.image, provenance(chain))
    if turn.mask is not None:
        write_png(folder / f"turn-{number}-mask.png", turn.mask)


def _row(number: int, turn: Turn, document: Document) -> dict[str, Any]:
    parent = None if turn.parent is None else document.history[turn.parent]
    return {
        "turn": number,
        "from": None if parent is None else list(document.history).index(parent) + 1,
        "method": turn.method,
        "words": turn.prompt,
        "changed %": changed_share(turn),
        "seconds": round(turn.seconds, 1),
        "changed outside": None if parent is None else changed_outside(turn, parent),
    }
