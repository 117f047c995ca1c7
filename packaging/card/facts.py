"""The first part: what machine this is, and the two ceilings that times are held against, memory and products."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests" / "benchmarks"))

from ceilings import bytes_per_second, operations_per_second, shortest

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


def copies(device: str, nbytes: int) -> dict[str, float]:
    """GB/s between host and device, from memory as it comes and from page-locked memory."""
    there = torch.empty(nbytes, dtype=torch.uint8, device=device)
    hosts = {"pageable": torch.ones(nbytes, dtype=torch.uint8)}
    if device == "cuda":
        hosts["page_locked"] = torch.ones(nbytes, dtype=torch.uint8, pin_memory=True)
    found = {}
    for name, host in hosts.items():
        up = shortest(partial(there.copy_, host, non_blocking=True), device)
        down = shortest(partial(host.copy_, there, non_blocking=True), device)
        found |= {f"{name}_up": round(nbytes / up / 1e9, 2), f"{name}_down": round(nbytes / down / 1e9, 2)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    device = options.device
    found: dict[str, Any] = {"device": device, "versions": versions(), "machine": machine()}

    def keep(name: str, value: object) -> None:
        found[name] = value
        options.out.write_text(json.dumps(found, indent=1))
        print(name, value)

    keep("card", card() if device == "cuda" else None)
    keep("copies_gb_s", copies(device, 2**28 if device == "cuda" else 2**22))
    keep("memory_gb_s", round(bytes_per_second(device) / 1e9, 1))
    for dtype in (torch.bfloat16, torch.float16, torch.float32):
        rate = operations_per_second(device, dtype)
        keep(f"{str(dtype).removeprefix('torch.')}_tflops", round(rate / 1e12, 3))


if __name__ == "__main__":
    main()
