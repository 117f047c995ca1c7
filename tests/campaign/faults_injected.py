"""Every system call of a save, of recovery and of the cache's writing fails once, with each error: nothing is lost.

Run by path: ``python tests/campaign/faults_injected.py [COUNT]`` (0: all). Linux with a C compiler. Each seed is one
call of one kind of work and one error. What was there before, or what was to be there, must be there afterwards, whole;
what was told to have been done must have been; what is raised is a sentence; nothing is left lying about.
"""

import os
import random
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import Campaign, fresh, work_folder  # noqa: E402
from support import faults  # noqa: E402


def main() -> int:
    if faults.LOADED not in os.environ:
        return faults.run_again(__file__)
    from support.faulty_work import KINDS, Work  # with the library loaded

    campaign = Campaign("faults_injected", "work lost where a system call failed", wanted=0, no_loss=True)
    with work_folder() as folder:
        library = faults.Faults(folder)
        cases = []
        for kind in KINDS:
            calls = Work(kind, fresh(folder)).calls(library)
            cases += [(kind, nth, error) for nth in range(1, calls + 1) for error in faults.ERRORS]
            campaign.counts[f"calls_{kind}"] = calls
        random.Random(0).shuffle(cases)  # an interrupted run has then tried some of each
        campaign.choose(len(cases))
        for seed in campaign.seeds():
            kind, nth, error = cases[seed]
            try:
                campaign.add(**Work(kind, fresh(folder)).with_fault(library, nth, error))
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(
                    seed, f"{kind}, call {nth} ({library.failed}), error {error}\n{traceback.format_exc()}"
                )
    return campaign.end()


if __name__ == "__main__":
    sys.exit(main())
