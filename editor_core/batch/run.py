"""A batch's threads: one a worker, each with a session of its own, until every picture has its row."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from editor_core.base.errors import EditorError, JobCancelled, RemoteError
from editor_core.batch.edit_one import edit_one
from editor_core.batch.jobs import BatchJob
from editor_core.batch.rows import Row, Rows
from editor_core.messages.events import Event, Placed
from editor_core.messages.requests import Request
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Result, Runner


@dataclass
class Place:
    """Where pictures are edited, one after another."""

    session: Runner
    worker: str
    """Who does the work now."""


def run_batch(
    jobs: Sequence[BatchJob],
    places: Sequence[Place],
    folder: Path,
    ending: str,
    resume: bool,
    tell: Callable[[Row, int, int], None],
    cancel: CancelToken,
) -> list[Row]:
    """Edit what is not done yet, and return the new rows in the order they came.

    tell: hears each row, how many are done, how many there are. A picture that cannot be edited costs its row alone; a
    place whose workers are gone stops working, and the others go on. Raises EditorError where all of them are gone,
    and JobCancelled once ``cancel`` asks; every row so far is then in its file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = Rows(folder)
    done = rows.begin(resume)
    waiting: SimpleQueue[BatchJob] = SimpleQueue()
    for job in jobs:
        if job.id not in done:
            waiting.put(job)
    batch = _Batch(rows, waiting, folder, ending, tell, cancel, len(done), len(jobs))
    threads = [threading.Thread(target=batch.work, args=(place,), daemon=True) for place in places]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
    except KeyboardInterrupt:
        cancel.cancel()
        for thread in threads:
            thread.join()
        raise
    if batch.fault is not None:
        raise batch.fault
    cancel.raise_if_cancelled()
    if not waiting.empty() and batch.lost is not None:
        raise batch.lost
    return batch.made


class _Batch:
    """What the threads share."""

    def __init__(
        self,
        rows: Rows,
        waiting: "SimpleQueue[BatchJob]",
        folder: Path,
        ending: str,
        tell: Callable[[Row, int, int], None],
        cancel: CancelToken,
        before: int,
        total: int,
    ) -> None:
        self._rows, self._waiting, self._folder, self._ending = rows, waiting, folder, ending
        self._tell, self._cancel = tell, cancel
        self._before, self._total = before, total
        self._lock = threading.Lock()
        self.made: list[Row] = []
        self.lost: RemoteError | None = None
        self.fault: Exception | None = None

    def work(self, place: Place) -> None:
        while not self._cancel.cancelled:
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return
            try:
                self._keep(self._edited(job, place))
            except JobCancelled:
                return
            except RemoteError as error:
                self._waiting.put(job)  # for those that are still there
                self.lost = error
                return
            except Exception as error:  # noqa: BLE001 raised again by the thread that waits for this one
                self.fault = error
                self._cancel.cancel()
                return

    def _edited(self, job: BatchJob, place: Place) -> Row:
        def hear(event: Event) -> None:
            if isinstance(event, Placed):
                place.worker = event.worker

        def run(request: Request) -> Result:
            return place.session.run(0, request, hear, self._cancel)

        try:
            return edit_one(job, run, self._folder, self._ending, lambda: place.worker)
        except RemoteError:
            raise
        except EditorError as error:
            return Row(
                job.id, job.picture, "", job.prompt, job.method, 0, None, 0.0, place.worker, str(error)
            )

    def _keep(self, row: Row) -> None:
        with self._lock:
            self._rows.add(row)
            self.made.append(row)
            self._tell(row, self._before + len(self.made), self._total)
