"""Two and three programs that add turns to one project at the same time: nothing may be lost.

Run by path: ``python tests/campaign/lost_turns.py [ROUNDS]``; half of the rounds with two writers, half with three,
each adding three turns one by one. Prints how many turns were lost.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.project_writers import all_turns_are_kept  # noqa: E402

TURNS = 3


def main(rounds: int) -> int:
    began, lost, made = time.perf_counter(), 0, 0
    for writers in (2, 3):
        with tempfile.TemporaryDirectory() as folder:
            lost += all_turns_are_kept(Path(folder), writers, rounds // 2, TURNS)
        made += writers * TURNS * (rounds // 2)
    seconds = round(time.perf_counter() - began, 1)
    print(json.dumps({"rounds": rounds, "turns_made": made, "turns_lost": lost, "seconds": seconds}))
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
