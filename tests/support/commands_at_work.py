"""Commands one after another on one project, in one process, until it is killed.

Run by path with a folder (with a model in ``model``) and a seed. Each command is told of when it has ended well.
"""

import copy
import functools
import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

WORDS = ("a red cat", "a blue cat", "a red dog", "a blue dog on the sofa", "an apple on the table")


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def one(folder: Path, project: Path, words: str) -> int:
    """Make a project of some words, or edit the one that is there; the exit code."""
    from editor_core.commands import entry

    model = ["--model", str(folder / "model"), "--device", "cpu", "-q"]
    if not project.exists():
        return entry.main(["new", words, "-o", str(project), "--size", "64x64", "--steps", "2", *model])
    return entry.main(["edit", str(project), "--prompt", words, *model])


def parse_quickly() -> None:
    """Let this process build its parser of command lines once, not for every command."""
    import typer.main

    typer.main.get_command = functools.cache(typer.main.get_command)


def warm(folder: Path) -> None:
    """Import and try out in this process all that commands need, and read the model.

    What is forked from it begins with that: no kill and no stop falls into reading what nobody changes.
    """
    import torch

    from editor_core.session import session

    torch.set_num_threads(1)
    parse_quickly()
    for words in WORDS[:2]:
        assert one(folder, folder / "warm.palimpsest", words) == 0
    model = session.load(str(folder / "model"), "cpu")
    session.load = lambda *_, **__: copy.deepcopy(model)


def main(folder: Path, seed: str) -> None:
    import torch

    from editor_core.project.project_file import load_project

    torch.set_num_threads(1)
    chosen = random.Random(seed)
    project = folder / "a.palimpsest"
    tell(began=True)
    while True:
        known = load_project(project).history if project.exists() else ()
        words = chosen.choice([each for each in WORDS if not known or each != known.current.prompt])
        code = one(folder, project, words)
        tell(code=code, turns=len(load_project(project).history))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
