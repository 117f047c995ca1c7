"""The way of a model, LoRA or VAE to a worker that lacks it: in pieces, from where an earlier try ended."""

import time
from hashlib import sha256

from editor_core.base.errors import ModelError
from editor_core.messages.events import Progress
from editor_core.remote.line import Line
from editor_core.remote.parcels import Sendable
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Emit

PIECE = 2**20  # bytes
_MB = 1_000_000
_SECONDS = 0.1  # at least between two reports


def send(line: Line, sendable: Sendable, job: int, emit: Emit, cancel: CancelToken) -> None:
    """Give it to a worker, which keeps it once every file's digest is right; told as progress in megabytes.

    Raises JobCancelled between two pieces (the next try goes on there), LineLost, and ModelError where the worker has
    no room or what arrived is not what was sent.
    """
    parcel = sendable.parcel
    there = line.expect(parcel)
    if there is None:
        return
    done, told, digests = 0, 0.0, []
    for number, path in enumerate(sendable.paths):
        digest, place = sha256(), 0
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    cancel.raise_if_cancelled()
                    digest.update(piece)
                    if place + len(piece) > there[number]:
                        line.take(parcel.key, number, place, piece)
                    place, done = place + len(piece), done + len(piece)
                    if time.monotonic() - told >= _SECONDS or done == parcel.size:
                        told = time.monotonic()
                        emit(Progress(job, "sending", done // _MB, max(1, parcel.size // _MB)))
        except OSError as error:
            raise ModelError("The model file “{file}” could not be read.", file=path.name) from error
        digests.append(digest.hexdigest())
    line.keep(parcel.key, tuple(digests))
