"""Move a run between machines: its weights in float16, in files of at most 15 MB.

python packaging/default_model/pack.py parts
python packaging/default_model/pack.py --unpack parts
"""

import argparse
import io
from pathlib import Path
from typing import Any

import torch

from data import RUN
from runs import save_checkpoint

PART_BYTES = 15_000_000


def halved(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights in float16."""
    return {name: tensor.half() for name, tensor in weights.items()}


def packed_state(run: Path) -> dict[str, Any]:
    """What is needed to go on: averaged weights, their settings and the autoencoder; no optimiser."""
    model, autoencoder = (load(run / name) for name in ("model.pt", "autoencoder.pt"))
    return {
        "model": {
            **{key: model[key] for key in ("settings", "samples")},
            "average": halved(model["average"]),
        },
        "autoencoder": {"config": autoencoder["config"], "model": halved(autoencoder["model"])},
    }


def load(path: Path) -> dict[str, Any]:
    """A checkpoint's state."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def pack(run: Path, folder: Path) -> None:
    """Write the parts."""
    buffer = io.BytesIO()
    torch.save(packed_state(run), buffer)
    content = buffer.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(content), PART_BYTES)):
        (folder / f"checkpoint.{number:03d}").write_bytes(content[start : start + PART_BYTES])


def unpack(run: Path, folder: Path) -> None:
    """Write the run's checkpoints again, from which training goes on and exports are made."""
    parts = sorted(folder.glob("checkpoint.*"))
    buffer = io.BytesIO(b"".join(part.read_bytes() for part in parts))
    for name, state in torch.load(buffer, map_location="cpu", weights_only=True).items():
        save_checkpoint(run / f"{name}.pt", state)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", type=Path)
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    parser.add_argument("--unpack", action="store_true")
    arguments = parser.parse_args()
    (unpack if arguments.unpack else pack)(arguments.run, arguments.parts)


if __name__ == "__main__":
    main()
