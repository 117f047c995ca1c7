"""How many bytes each tier may hold."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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
    if sys.platform == "win32":
        return _windows_free_ram()
    if sys.platform == "darwin":
        return _macos_free_ram(subprocess.run(["vm_stat"], capture_output=True, text=True, check=True).stdout)
    return _linux_free_ram(Path("/proc/meminfo").read_text())


def _linux_free_ram(meminfo: str) -> int:
    """``MemAvailable`` of proc(5), in bytes."""
    fields = dict(line.split(":", 1) for line in meminfo.splitlines() if ":" in line)
    return int(fields["MemAvailable"].split()[0]) * 1024


def _macos_free_ram(vm_stat: str) -> int:
    """Free, inactive and speculative pages of vm_stat(1), in bytes."""
    numbers = {
        name.strip('" '): int(count) for name, count in re.findall(r"^([^:\n]+):\s+(\d+)\.", vm_stat, re.M)
    }
    pages = sum(numbers.get(f"Pages {kind}", 0) for kind in ("free", "inactive", "speculative"))
    page_size = re.search(r"page size of (\d+) bytes", vm_stat)
    return pages * int(page_size[1] if page_size else 4096)


def _windows_free_ram() -> int:
    """``ullAvailPhys`` of GlobalMemoryStatusEx."""
    import ctypes

    class MemoryStatus(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong)
            for name in (
                "total",
                "available",
                "total_page",
                "free_page",
                "total_virtual",
                "free_virtual",
                "ext",
            )
        ]

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # noqa: B009
    return int(status.available)


def _free_device_bytes(device: torch.device) -> int:
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else 0
