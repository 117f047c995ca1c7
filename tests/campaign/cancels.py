"""Jobs of every way cancelled at random events: the document is as it was, and the next job gives what it always does.

Run by path: ``python tests/campaign/cancels.py [COUNT] [FIRST SEED]``. The real session on a tiny model: each seed
cancels one job at one of the events that it tells, looks at the document, and does the same job to its end. Memory may
not grow by more than 0.1 MB a cancel.
"""

import os
import random
import sys
import threading
import traceback
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import Campaign, work_folder  # noqa: E402
from editor_core.base.errors import JobCancelled  # noqa: E402
from editor_core.messages.requests import Request  # noqa: E402
from editor_core.session.jobs import CancelToken  # noqa: E402
from editor_core.session.session import Session  # noqa: E402
from support.documents import contents  # noqa: E402
from support.session_work import (  # noqa: E402
    digest,
    first_document,
    megabytes,
    opened,
    requests,
    slope,
    write_shallow_model,
)

MOST_GROWTH = 0.1  # MB a cancel
WARM = 50  # seeds until what is made once is made


def main() -> int:
    campaign = Campaign(
        "cancels", "cancelled jobs that left document, results and memory as they were", wanted=1000
    )
    with work_folder() as folder:
        write_shallow_model(folder / "model")
        with opened(folder / "model", folder / "cache") as session:
            memory = cancelled(campaign, session)
    figures = {}
    if len(memory) > 2 * WARM:
        grown = slope(memory[WARM:])
        figures = {"memory_slope_mb": round(grown, 4), "megabytes": round(memory[-1])}
        if grown > MOST_GROWTH:
            campaign.failed(-1, f"memory grows by {grown:.3f} MB a cancel")
    return campaign.end(how="in one process", **figures)


def cancelled(campaign: Campaign, session: Session) -> list[float]:
    """Megabytes after each seed."""
    document = first_document(session)
    ways = requests(document)
    usual: dict[str, tuple[str, int]] = {}
    before, threads, memory = contents(document), 0, []
    for seed in campaign.seeds():
        chosen = random.Random(seed)
        way = chosen.choice(sorted(ways))
        if way not in usual:
            whole(session, seed, ways[way])  # the first leaves records, which the next ones read
            usual[way] = whole(session, seed, ways[way])
            threads = threading.active_count()
        right, events = usual[way]
        try:
            stopped = stopped_at(session, seed, ways[way], chosen.randrange(events))
            assert contents(document) == before, "the document is another"
            assert whole(session, seed, ways[way])[0] == right, "the next result is another"
            assert threading.active_count() <= threads, "a thread is left"
            campaign.add(**{way: 1, "stopped": int(stopped)})
        except Exception:  # noqa: BLE001 - that is what is looked for
            campaign.failed(seed, f"{way}\n{traceback.format_exc()}")
        memory.append(megabytes())
    return memory


def whole(session: Session, job: int, request: Request) -> tuple[str, int]:
    """The digest of a job's result, and how many events it tells."""
    heard = []
    result = session.run(job, request, lambda event: heard.append(None))
    return digest(result), len(heard)


def stopped_at(session: Session, job: int, request: Request, event: int) -> bool:
    """Cancel a job when it has told so many events; False where it was over before it looked."""
    token, heard = CancelToken(), []

    def hear(_: object) -> None:
        heard.append(None)
        if len(heard) > event:
            token.cancel()

    try:
        session.run(job, request, hear, token)
    except JobCancelled:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
