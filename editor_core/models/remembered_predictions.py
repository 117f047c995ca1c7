"""What the artist said a model file predicts, where neither it nor anything beside it says so; kept by its digest."""

import json
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from editor_core.base import paths
from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import ModelError
from editor_core.models.fingerprint import digest_weights
from editor_core.models.weight_files import read_json

TO_PURE_NOISE = "v_prediction_zero_snr"
"""v, and trained down to pure noise (https://arxiv.org/abs/2305.08891)."""
KINDS = ("epsilon", "v_prediction", TO_PURE_NOISE)
_MAX_MODELS = 1000


def remembered(file: Path) -> str | None:
    """One of `KINDS`, or None for a file that nobody was asked about."""
    known = _read()
    kind = known.get(_digest(file)) if known else None
    return kind if kind in KINDS else None


def predicted(kind: str) -> str:
    """ "epsilon" or "v_prediction", of one of `KINDS`."""
    return kind if kind == "epsilon" else "v_prediction"


def remember(file: Path, kind: str) -> None:
    """From now on, wherever the file lies. Raises ModelError where it cannot be read, or the answer not be kept."""
    digest = _digest(file)
    known = {other: told for other, told in _read().items() if other != digest}
    kept = dict(list(known.items())[1 - _MAX_MODELS :]) | {digest: kind}
    temporary = _file().with_suffix(".tmp")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(kept), encoding="utf-8")
        temporary.replace(_file())
    except OSError as error:
        raise ModelError(
            "What the model predicts could not be kept in {folder}: {reason}.",
            folder=str(temporary.parent),
            reason=reason_of(error),
        ) from error


def _digest(file: Path) -> str:
    digest = blake2b(digest_size=16)
    digest_weights(digest, file)
    return digest.hexdigest()


def _read() -> dict[str, Any]:
    with suppress(ModelError):
        return read_json(_file())
    return {}


def _file() -> Path:
    return paths.state_folder() / "predictions.json"
