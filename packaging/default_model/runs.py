"""What every training run needs: the device, the time that is left, and checkpoints."""

import math
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
    """The GPU where there is one, with its fast products of float32 matrices."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    torch.set_float32_matmul_precision("high")
    return torch.device("cuda")


def process_age() -> float:
    """Seconds since this process began, its imports included; 0 where the system does not say."""
    try:
        begun = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - begun / os.sysconf("SC_CLK_TCK")


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """bfloat16 for the heavy operations: native on CUDA, and about 1.4 times faster on CPUs with AVX512-BF16."""
    return torch.autocast(device.type, torch.bfloat16)


class Budget:
    """The seconds that a part of the training may still take, and when the next report is due.

    `begun` is the fraction of the part that earlier calls have done. SIGTERM and SIGINT end every part.
    """

    stopped = False

    def __init__(self, seconds: float, begun: float = 0.0, report_every: float = 60.0):
        self._seconds, self._begun, self._every = max(seconds, 1e-9), begun, report_every
        self._start = self._reported = time.monotonic()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, Budget._stop)

    @staticmethod
    def _stop(number: int, frame: FrameType | None) -> None:
        Budget.stopped = True

    def fraction(self) -> float:
        """How much of the part is done, 0..1."""
        done = min(1.0, (time.monotonic() - self._start) / self._seconds)
        return self._begun + (1 - self._begun) * done

    def passed(self) -> bool:
        """Whether the part is to end now."""
        return Budget.stopped or time.monotonic() - self._start >= self._seconds

    def due(self) -> bool:
        """Whether it is time for a report and a checkpoint; asking begins the next wait."""
        if time.monotonic() - self._reported < self._every:
            return False
        self._reported = time.monotonic()
        return True

    def __str__(self) -> str:
        if math.isinf(self._seconds):
            return "no limit"
        left = max(0.0, self._seconds - (time.monotonic() - self._start))
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
    config = {
        key: value for key, value in state["config"].items() if not key.startswith("_")
    }  # no path of origin
    model = AutoencoderDC.from_config(config)
    model.load_state_dict(state["model"])
    return model.eval().requires_grad_(False)
