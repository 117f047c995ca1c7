"""The first part: what machine this is, and the two ceilings that times are held against, memory and products."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

LIBRARIES = ("torch", "diffusers", "transformers", "safetensors", "numpy", "opencv-python-headless", "pillow")
LIBRARIES += ("peft", "accelerate", "triton", "pytest")


def versions() -> dict[str, str | None]:
    """Of Python and the libraries; None for one that is not there."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def machine() -> dict[str, Any]:
    """Processor and memory."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    tools = {name: shutil.which(name) for name in ("compute-sanitizer", "nvcc", "git")}
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "ram_gb": round(pages / 1e9, 1),
        "tools": tools,
    }


def card() -> dict[str, Any]:
    """The card and its driver."""
    properties = torch.cuda.get_device_properties(0)
    return {
        "name": properties.name,
        "capability": list(torch.cuda.get_device_capability(0)),
        "memory_gb": round(properties.total_memory / 1e9, 1),
        "multiprocessors": properties.multi_processor_count,
        "driver": _driver(),
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
    }


def _driver() -> str | None:
    if shutil.which("nvidia-smi") is None:
        return None
    query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    return subprocess.run(query, capture_output=True, text=True, timeout=5).stdout.strip() or None


def seconds(call: Callable[[], object], device: str, rounds: int = 5) -> float:
    """The shortest of a few calls, after one that warms up."""
    times = []
    for _ in range(rounds + 1):
        _wait(device)
        start = time.perf_counter()
        call()
        _wait(device)
        times.append(time.perf_counter() - start)
    return min(times[1:])


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def copies(device: str, nbytes: int) -> dict[str, float]:
    """GB/s between host and device, from memory as it comes and from page-locked memory."""
    there = torch.empty(nbytes, dtype=torch.uint8, device=device)
    hosts = {"pageable": torch.ones(nbytes, dtype=torch.uint8)}
    if device == "cuda":
        hosts["page_locked"] = torch.ones(nbytes, dtype=torch.uint8, pin_memory=True)
    found = {}
    for name, host in hosts.items():
        up = seconds(lambda host=host: there.copy_(host, non_blocking=True), device)
        down = seconds(lambda host=host: host.copy_(there, non_blocking=True), device)
        found |= {f"{name}_up": round(nbytes / up / 1e9, 2), f"{name}_down": round(nbytes / down / 1e9, 2)}
    return found


def memory_bandwidth(device: str, nbytes: int) -> float:
    """GB/s of a copy within the device, bytes read and written both counted."""
    source = torch.randint(0, 255, (nbytes,), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return round(2 * nbytes / seconds(lambda: target.copy_(source), device) / 1e9, 1)


def product_rate(device: str, side: int, dtype: torch.dtype) -> float:
    """TFLOP/s of a product of square matrices of random numbers."""
    a, b = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    return round(2 * side**3 / seconds(lambda: a @ b, device) / 1e12, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    large = options.device == "cuda"
    found: dict[str, Any] = {"device": options.device, "versions": versions(), "machine": machine()}

    def keep(name: str, value: object) -> None:
        found[name] = value
        options.out.write_text(json.dumps(found, indent=1))
        print(name, value)

    keep("card", card() if large else None)
    keep("copies_gb_s", copies(options.device, 2**28 if large else 2**22))
    keep("memory_gb_s", memory_bandwidth(options.device, 2**31 if large else 2**22))
    side = 8192 if large else 256
    for dtype in (torch.bfloat16, torch.float16, torch.float32):
        keep(f"{str(dtype).removeprefix('torch.')}_tflops", product_rate(options.device, side, dtype))


if __name__ == "__main__":
    main()
