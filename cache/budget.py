"""How many bytes each tier may hold."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

DEVICE_SHARE = 0.25  # of the free device memory: the networks and their activations come first
RAM_SHARE = 0.25  # of the available RAM: the operating system keeps read files in the rest
DISK_SHARE = 0.25  # of the free disk space


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes per tier; 0 switches a tier off."""

    device_bytes: int = 0
    ram_bytes: int = 512 * 2**20
    disk_bytes: int = 0

    @classmethod
    def from_machine(cls, folder: Path | None = None, device: str | torch.device = "cpu") -> "Budget":
        """A share of what is free on this machine now; without a folder there is no disk tier."""
        return cls(
            device_bytes=int(DEVICE_SHARE * _free_device_bytes(torch.device(device))),
            ram_bytes=int(RAM_SHARE * free_ram_bytes()),
            disk_bytes=int(DISK_SHARE * free_disk_bytes(folder)) if folder is not None else 0,
        )


def free_disk_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds, or would hold, the folder."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free


def free_ram_bytes() -> int:
    """RAM that can be had without swapping, from the operating system."""
    return int(psutil.virtual_memory().available)


def _free_device_bytes(device: torch.device) -> int:
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else 0
