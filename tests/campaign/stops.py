"""Ctrl+C at every moment of every command that writes: old or new whole, one sentence, nothing lying about.

A moment is a system call on one of the artist's files; the cache is killed at any moment by `kills_command.py`.

Run by path: ``python tests/campaign/stops.py [COUNT]`` (0: all). Linux with a C compiler. Each seed is one moment of
one command: a system call on one of its files.
"""

import os
import random
import sys
import traceback
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import Campaign, fresh, own_folders, work_folder  # noqa: E402
from support import faults  # noqa: E402


def main() -> int:
    if faults.LOADED not in os.environ:
        return faults.run_again(__file__)
    from support import commands_at_work  # with the library loaded
    from support.interrupted_work import KINDS, Stopped
    from support.session_work import write_shallow_model

    campaign = Campaign("stops", "files left half done by Ctrl+C", wanted=0, no_loss=True)
    with work_folder() as folder:
        model = folder.parent / "model"

        def ready(kind: str) -> Stopped:
            made = fresh(folder)
            os.environ |= own_folders(folder.parent / "own")
            return Stopped(kind, made, model)

        write_shallow_model(model)
        commands_at_work.warm(folder.parent)
        library = faults.Faults(folder)
        cases = []
        for kind in KINDS:
            ready(kind).calls(library)  # the first time modules are imported
            calls = ready(kind).calls(library)
            cases += [(kind, nth) for nth in range(1, calls + 1)]
            campaign.counts[f"calls_{kind}"] = calls
        random.Random(0).shuffle(cases)  # an interrupted run has then tried some of each
        campaign.choose(len(cases))
        for seed in campaign.seeds():
            kind, nth = cases[seed]
            try:
                campaign.add(**ready(kind).at(library, nth))
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, f"{kind}, call {nth} ({library.failed})\n{traceback.format_exc()}")
    return campaign.end()


if __name__ == "__main__":
    sys.exit(main())
