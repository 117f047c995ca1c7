"""Two and three programs that add turns to one project at the same time: nothing may be lost.

Run by path: ``python tests/campaign/lost_turns.py [ROUNDS]``; even seeds with two writers, odd ones with three, each a
process of its own that adds three turns one by one, as a command does each.
"""

import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import Campaign, work_folder  # noqa: E402
from support.project_writers import WRITERS, lost_by  # noqa: E402

TURNS = 3


def main() -> int:
    campaign = Campaign(
        "lost_turns", "rounds of two and three writers that lost a turn", wanted=200, no_loss=True
    )
    with work_folder() as folder, WRITERS.Pool(3) as pool:
        for seed in campaign.seeds():
            writers = 2 + seed % 2
            try:
                lost = lost_by(pool, folder / f"round-{seed}.palimpsest", writers, TURNS)
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, traceback.format_exc())
                continue
            campaign.add(turns_made=writers * TURNS, turns_lost=lost)
            if lost:
                campaign.failed(seed, f"{lost} turns of {writers} writers")
    return campaign.end(how="each writer in a process of its own, which goes on through all rounds")


if __name__ == "__main__":
    sys.exit(main())
