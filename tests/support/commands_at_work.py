"""Commands one after another on one project, in one process, until it is killed.

Run by path with a folder (with a model in ``model``) and a seed. Each command is told of when it has ended well.
"""

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


def main(folder: Path, seed: str) -> None:
    import torch

    from editor_core.commands import entry
    from editor_core.project.project_file import load_project

    torch.set_num_threads(1)
    chosen = random.Random(seed)
    project, model = folder / "a.palimpsest", ["--model", str(folder / "model"), "--device", "cpu", "-q"]
    tell(began=True)
    while True:
        if not project.exists():
            code = entry.main(
                ["new", WORDS[0], "-o", str(project), "--size", "64x64", "--steps", "4", *model]
            )
        else:
            words = chosen.choice(WORDS)
            code = entry.main(["edit", str(project), words, *model])
        turns = len(load_project(project).history) if project.exists() else 0
        tell(code=code, turns=turns)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
