"""Train the autoencoder on crops of rendered scenes: packaging/default_model/train_autoencoder.py --minutes 17."""

import argparse
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderDC
from torch import Tensor
from torch.nn import functional as F

from data import ASSETS, Sprites, load_settings, rendered
from networks import build_autoencoder
from runs import Deadline, autocast, best_device, save_checkpoint


def crops(sprites: Sprites, batch: int, side: int, pool_size: int, seed: int) -> Iterator[Tensor]:
    """Endless batches of crops, float32 (batch, 3, side, side) in -1..1, from a slowly renewed pool of scenes."""
    rng = np.random.default_rng(seed)
    pool: list[np.ndarray] = []
    for index in range(2**31):
        size = 256 if index % 2 else 128
        pool.append(rendered(index, sprites, size, size).pixels)
        if len(pool) < batch:
            continue
        pool = pool[-pool_size:]
        yield torch.stack([crop(pool[i], side, rng) for i in rng.integers(len(pool), size=batch)])


def crop(pixels: np.ndarray, side: int, rng: np.random.Generator) -> Tensor:
    """A random crop, float32 (3, side, side) in -1..1."""
    top, left = (rng.integers(extent - side + 1) for extent in pixels.shape[:2])
    part = pixels[top : top + side, left : left + side]
    return torch.from_numpy(part.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)


def reconstruction_loss(decoded: Tensor, target: Tensor) -> Tensor:
    """Squared error, a little absolute error, and the absolute error of the gradients, which keeps edges."""
    slopes = sum(F.l1_loss(decoded.diff(dim=axis), target.diff(dim=axis)) for axis in (-1, -2))
    return F.mse_loss(decoded, target) + 0.1 * F.l1_loss(decoded, target) + 0.3 * slopes


def standardise(model: AutoencoderDC, sprites: Sprites, size: int = 256) -> None:
    """Set the scaling factor so that the latents of scenes have standard deviation 1."""
    pictures = np.stack([rendered(seed, sprites, size, size).pixels for seed in range(32)])
    inputs = torch.from_numpy(pictures.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
    with torch.no_grad():
        latents = torch.cat([model.encode(part.to(model.device)).latent for part in inputs.split(8)])
    model.register_to_config(scaling_factor=round(1 / latents.std().item(), 5))


def train(
    settings: dict[str, Any], sprites: Sprites, minutes: float, checkpoint: Path, seed: int = 0
) -> AutoencoderDC:
    """Train for so many minutes, the learning rate falling to nothing at their end; saves and returns the model."""
    device = best_device()
    torch.manual_seed(seed)
    model = build_autoencoder(settings).to(device)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings["learning_rate"], weight_decay=1e-4)
    deadline = Deadline(minutes)
    report = time.monotonic()
    for step, batch in enumerate(crops(sprites, settings["batch"], settings["crop"], settings["pool"], seed)):
        target = batch.to(device)
        fraction = deadline.fraction()
        warm = min(1.0, (step + 1) / 50)
        for group in optimiser.param_groups:
            group["lr"] = (
                settings["learning_rate"] * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * fraction)))
            )
        with autocast(device):
            decoded = model.decode(model.encode(target).latent).sample
        loss = reconstruction_loss(decoded.float(), target)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % 50 == 0 or deadline.passed():
            psnr = 10 * math.log10(4 / F.mse_loss(decoded.float(), target).item())
            speed = 50 * settings["batch"] / max(time.monotonic() - report, 1e-6)
            report = time.monotonic()
            print(
                f"step {step}  loss {loss:.4f}  psnr {psnr:.1f} dB  {speed:.0f} crops/s  {deadline}",
                flush=True,
            )
        if deadline.passed():
            break
    standardise(model, sprites)
    save_checkpoint(
        checkpoint, {"model": model.state_dict(), "config": dict(model.config), "steps": step + 1}
    )
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--assets", type=Path, default=ASSETS)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--out", type=Path, default=Path("training"), help="folder of the checkpoints")
    arguments = parser.parse_args()
    settings = load_settings(arguments.preset)["autoencoder"]
    train(settings, Sprites.load(arguments.assets), arguments.minutes, arguments.out / "autoencoder.pt")


if __name__ == "__main__":
    main()
