"""What every training run needs: the device, the time that is left, and checkpoints."""

import os
import signal
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from diffusers import AutoencoderDC


def best_device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """bfloat16 for the heavy operations: native on CUDA, and about 1.4 times faster on CPUs with AVX512-BF16."""
    return torch.autocast(device.type, torch.bfloat16)


class Deadline:
    """The end of a run: after so many minutes, or when SIGTERM or SIGINT asks for it."""

    def __init__(self, minutes: float):
        self._start, self._seconds, self._stopped = time.monotonic(), minutes * 60, False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True

    def fraction(self) -> float:
        """How much of the time has gone, 0..1."""
        return min(1.0, (time.monotonic() - self._start) / self._seconds)

    def passed(self) -> bool:
        """Whether the run is to end now."""
        return self._stopped or self.fraction() >= 1.0

    def __str__(self) -> str:
        left = self._seconds * (1 - self.fraction())
        return f"{int(left // 60)}:{int(left % 60):02d} left"


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint under a temporary name, then rename it, so that a cut never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load_autoencoder(path: Path) -> AutoencoderDC:
    """The autoencoder of a checkpoint, for use only."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    model = AutoencoderDC.from_config(state["config"])
    model.load_state_dict(state["model"])
    return model.eval().requires_grad_(False)
