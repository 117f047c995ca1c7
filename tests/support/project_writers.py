"""Processes that add turns to one project at the same time."""

import multiprocessing
from multiprocessing.pool import Pool
from pathlib import Path

from editor_core.document.commands import AcceptTurn
from editor_core.document.document import Document
from editor_core.project.merging import save_merged
from editor_core.project.project_file import load_project, save_project
from support.documents import make_turn

WRITERS = multiprocessing.get_context("spawn")


def all_turns_are_kept(folder: Path, writers: int, rounds: int, turns: int) -> int:
    """Let ``writers`` processes add ``turns`` turns each, ``rounds`` times; returns how many turns were lost."""
    with WRITERS.Pool(writers) as pool:
        paths = [folder / f"round-{number}.palimpsest" for number in range(rounds)]
        return sum(lost_by(pool, path, writers, turns) for path in paths)


def lost_by(pool: Pool, path: Path, writers: int, turns: int) -> int:
    """How many turns are lost where so many processes add so many turns each to a new project at once."""
    save_project(Document.new_from_turn(make_turn(0, size=(4, 4))), path)
    work = [(path, writer, turns) for writer in range(writers)]
    made = {turn_id for ids in pool.starmap(add_turns, work, chunksize=1) for turn_id in ids}
    return len(made - {turn.id for turn in load_project(path).history})


def add_turns(path: Path, writer: int, count: int) -> list[str]:
    """Add turns one by one, as a command does each; returns their ids."""
    made = []
    for number in range(count):
        document = load_project(path)
        turn = make_turn(1000 * (writer + 1) + number, document.history.current, size=(4, 4))
        document.execute(AcceptTurn(turn))
        save_merged(document, path)
        made.append(turn.id)
    return made
