"""A document and the real session on a tiny model: all that can be asked for, and what is the same afterwards.

Campaigns do this thousands of times, and prove nothing of the network: theirs has half the layers.
"""

import hashlib
import random
from pathlib import Path

import numpy as np
import psutil

from editor_core.base.settings import Settings
from editor_core.document.document import Document
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import FindMask, Generate, OpenPicture, Request, Sampling
from editor_core.session.session import Session
from editor_core.workflow.turns import edit_request, turn_from_result
from support.tiny_models import write_tiny_model

SIDE, STEPS = 64, 4
SAMPLING = Sampling(seed=1, steps=STEPS)
WORDS = ("a red cat", "a blue dog", "a green owl on the sofa", "a fox in the snow", "an apple on the table")


def write_shallow_model(folder: Path) -> None:
    write_tiny_model(folder, "sd1", layers_per_block=1)


def opened(model: Path, cache: Path, disk_megabytes: int = 64, ram_megabytes: int = 0) -> Session:
    budgets = {"disk_cache_mb": disk_megabytes, "ram_cache_mb": ram_megabytes}
    return Session(Settings(model=str(model), device="cpu", cache_folder=str(cache), **budgets))


def first_document(session: Session) -> Document:
    result = session.run(1, Generate("a cat on the sofa", SIDE, SIDE, SAMPLING), lambda event: None)
    return Document.new_from_turn(turn_from_result(result, None))


def spot(seed: int = 0) -> np.ndarray:
    """Where a picture may change, uint8 (SIDE, SIDE)."""
    x, y = (random.Random(f"{seed}{axis}").randrange(8, SIDE // 2) for axis in "xy")
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[y : y + 24, x : x + 24] = 255
    return mask


def requests(document: Document) -> dict[str, Request]:
    """One of each way in which a document's picture comes about."""
    turn = document.history.current
    return {
        "generate": Generate("a red fox", SIDE, SIDE, SAMPLING),
        "open": OpenPicture(turn.image, turn.prompt, SAMPLING),
        "reword": edit_request(document, "a dog on the sofa"),
        "reword_masked": edit_request(document, "a dog on the sofa", mask=spot()),
        "repaint": edit_request(
            document, "a dog", mask=spot(), method="instdiffedit", parameters={"variants": 1}
        ),
        "recolour": edit_request(document, "a blue cat on the sofa", method="embctrl", guidance=30.0),
        "redraw": edit_request(document, "a dog on the sofa", mask=spot(), method="masafusion"),
        "mask": FindMask(turn.image, "a dog", parameters={"preset": "paper"}),
    }


def digest(result: object) -> str:
    """Of what a job gave, to the last bit."""
    arrays = [result.image] if isinstance(result, TurnResult) else [result.heat, result.mask]  # type: ignore[attr-defined]
    if isinstance(result, TurnResult):
        arrays += [result.latents[name] for name in sorted(result.latents)]
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def megabytes() -> float:
    """Of memory that this process has for itself."""
    return float(psutil.Process().memory_info().rss / 2**20)


def slope(values: list[float]) -> float:
    """By how much a value grows from one round to the next, by the median of the slopes (Theil and Sen)."""
    steps = max(1, len(values) // 50)
    picked = values[::steps]
    slopes = [
        (later - earlier) / (steps * (j - i))
        for i, earlier in enumerate(picked)
        for j, later in enumerate(picked[i + 1 :], i + 1)
    ]
    return float(np.median(slopes)) if slopes else 0.0
