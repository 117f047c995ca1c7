"""Damaged caches: how many wrong bytes come back? None may.

Run by path: ``python tests/campaign/cache_lies.py [COUNT] [FIRST SEED]``. Bits, pages and ends of the index, of its log
and of segments, rows and files in each other's place, columns changed, files lost; also while the cache runs. After
that all is put again and must be there in the next process. Prints every seed that failed.
"""

import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from cache import ActivationCache  # noqa: E402
from campaign.report import Campaign, work_folder  # noqa: E402
from support.cache_damage import BUDGET, KEYS, fill, tried  # noqa: E402


def main() -> int:
    campaign = Campaign(
        "cache_lies", "damaged caches that answered wrongly or did not heal", wanted=10_000, no_loss=True
    )
    with work_folder() as folder:
        whole = folder / "whole"
        with ActivationCache(whole, BUDGET) as cache:
            fill(cache, KEYS)
        for seed in campaign.seeds():
            try:
                counts = tried(whole, folder / "damaged", seed)
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, traceback.format_exc())
                continue
            campaign.add(**counts)
            if counts["wrong"] or not counts["kept"]:
                campaign.failed(seed, str(counts))
    return campaign.end(how="in one process, on segments of a few kilobytes")


if __name__ == "__main__":
    sys.exit(main())
