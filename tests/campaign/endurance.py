"""Three hundred turns in one session: seconds a turn, memory, saving, opening, and the cache's budget.

Run by path: ``python tests/campaign/endurance.py [TURNS]``. The real session on a tiny model; each turn changes the
words inside a small mask of the turn before, and the project is saved and opened every tenth turn. Flat is: a turn, a
save or an opening of the last third takes at most 10 % longer than one of the second, or so few milliseconds that they
cannot be told from noise. Memory may grow by what a turn holds; the cache keeps its budgets, on disk and in memory.
Seconds are of the processor, and compared with those of a piece of work that is always the same, done beside it: others
work on the machine, too.
"""

import os
import sys
import time
import traceback
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import torch  # noqa: E402

from campaign.report import Campaign, work_folder  # noqa: E402
from editor_core.document.commands import AcceptTurn  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.messages.events import CacheUsed, Event  # noqa: E402
from editor_core.project.project_file import load_project, save_project  # noqa: E402
from editor_core.session.session import Session  # noqa: E402
from editor_core.workflow.turns import edit_request, turn_from_result  # noqa: E402
from support.session_work import (  # noqa: E402
    WORDS,
    first_document,
    megabytes,
    opened,
    slope,
    spot,
    write_shallow_model,
)

FLAT = 1.1
NOISE = 0.005  # seconds that a save or an opening may take more: what two in a row differ by
_MAP, _KERNEL = torch.ones(2, 32, 8, 8), torch.ones(32, 32, 3, 3)
EVERY = 10  # turns, a save
BUDGET_MB = 64  # of the cache on disk, and in memory
MEMORY_MB = 0.3  # a turn: of 64 x 64 pixels and four steps it holds 0.2


class Sitting:
    """One session, its document, and what each turn took."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.document: Document = first_document(session)
        self.turn: list[float] = []
        self.yardsticks: list[float] = []
        self.save: list[float] = []
        self.open: list[float] = []
        self.beside: list[float] = []  # yardsticks of saving and opening
        self.memory: list[float] = []
        self.disk = 0

    def go_on(self, number: int) -> None:
        """One more turn; raises AssertionError where something is not as it should be."""
        words = WORDS[number % len(WORDS)]
        began = time.process_time()
        request = edit_request(self.document, words, mask=spot(number))
        result = self.session.run(number, request, self._hear)
        self.document.execute(AcceptTurn(turn_from_result(result, self.document.history.current_id)))
        self.turn.append(time.process_time() - began)
        self.yardsticks.append(yardstick())
        self.memory.append(megabytes())
        used = sum(path.stat().st_size for path in (self.folder / "cache").rglob("*") if path.is_file())
        self.disk = max(self.disk, used >> 20)
        assert used <= BUDGET_MB << 20, f"the cache holds {used >> 20} MB of {BUDGET_MB}"
        if number % EVERY == 0:
            self._save()

    def _hear(self, event: Event) -> None:
        if isinstance(event, CacheUsed):
            used = event.info.memory_bytes
            assert used <= BUDGET_MB << 20, f"the cache holds {used >> 20} MB of memory of {BUDGET_MB}"

    def _save(self) -> None:
        path = self.folder / "a.palimpsest"
        began = time.process_time()
        save_project(self.document, path)
        saved = time.process_time()
        again = load_project(path)
        self.save.append(saved - began)
        self.open.append(time.process_time() - saved)
        self.beside.append(yardstick())
        assert len(again.history) == len(self.document.history) and not again.origin.lost


def main() -> int:
    campaign = Campaign("endurance", "turns in one session, flat within 10 %", wanted=0)
    campaign.options.again = True  # a session cannot be gone on with
    campaign.choose(300)
    with work_folder() as folder:
        write_shallow_model(folder / "model")
        with opened(folder / "model", folder / "cache", BUDGET_MB, BUDGET_MB) as session:
            sitting = Sitting(session, folder)
            for number in campaign.seeds():
                try:
                    sitting.go_on(number)
                except Exception:  # noqa: BLE001 - that is what is looked for
                    campaign.failed(number, traceback.format_exc())
    usual = median(sitting.yardsticks)
    turns = beside(sitting.turn, sitting.yardsticks, usual)
    kinds = {kind: beside(getattr(sitting, kind), sitting.beside, usual) for kind in ("save", "open")}
    ratio, grown = growth(turns), slope(sitting.memory)
    if ratio > FLAT or grown > MEMORY_MB:
        campaign.failed(-1, f"a turn takes {ratio:.2f} times as long; memory grows by {grown:.2f} MB a turn")
    for number, (kind, seconds) in enumerate(kinds.items(), 2):
        second, last = thirds(seconds)
        if last > FLAT * second and last - second > NOISE:
            campaign.failed(
                -number, f"{kind} takes {last / second:.2f} times as long, {last - second:.3f} s more"
            )
    return campaign.end(
        how="in one process",
        turn_seconds=round(median(sitting.turn), 3),
        yardstick_seconds=round(usual, 4),
        seconds_last_third_to_second=round(growth(sitting.turn), 3),
        last_third_to_second=round(ratio, 3),
        memory_slope_mb=round(grown, 3),
        **{f"{kind}_last_third_to_second": round(growth(seconds), 3) for kind, seconds in kinds.items()},
        **{f"{kind}_seconds": picked(seconds) for kind, seconds in kinds.items()},
        cache_megabytes=sitting.disk,
        cache_budget_megabytes=BUDGET_MB,
    )


def beside(values: list[float], yardsticks: list[float], usual: float) -> list[float]:
    """Seconds as they would be if the yardstick beside each had taken the usual ones."""
    return [usual * value / same for value, same in zip(values, yardsticks, strict=True)]


def yardstick() -> float:
    """Seconds of the processor for what never changes, of the kind that a turn is: small convolutions, one by one."""
    began = time.process_time()
    for _ in range(300):
        torch.nn.functional.conv2d(_MAP, _KERNEL, padding=1)
    return time.process_time() - began


def thirds(values: list[float]) -> tuple[float, float]:
    """The medians of the second third and of the last: the first has the beginnings in it."""
    third = max(1, len(values) // 3)
    return median(values[third : 2 * third] or values), median(values[-third:])


def growth(values: list[float]) -> float:
    second, last = thirds(values)
    return last / second


def picked(seconds: list[float]) -> list[float]:
    """Some of them, from the first to the last."""
    return [round(second, 3) for second in seconds[:: max(1, len(seconds) // 6)]]


if __name__ == "__main__":
    sys.exit(main())
