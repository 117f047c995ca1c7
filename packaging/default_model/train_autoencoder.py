"""Train the autoencoder on crops of rendered scenes: packaging/default_model/train_autoencoder.py --minutes 17."""

import argparse
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderDC
from torch import Tensor, nn
from torch.nn import functional as F

from data import RUN, load_settings, rendered
from networks import build_autoencoder
from runs import Deadline, autocast, best_device, load_autoencoder, save_checkpoint
from sprites import Sprites
from tables import TABLES, Tables


def crops(
    tables: Tables, sprites: Sprites, batch: int, side: int, pool_size: int, seed: int
) -> Iterator[Tensor]:
    """Endless batches of crops, float32 (batch, 3, side, side) in -1..1, from a slowly renewed pool of scenes."""
    rng = np.random.default_rng(seed)
    pool: list[np.ndarray] = []
    for index in range(2**31):
        size = 256 if index % 2 else 128
        pool.append(rendered(index, tables, sprites, size, size).pixels)
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


def standardise(model: AutoencoderDC, tables: Tables, sprites: Sprites, size: int = 256) -> None:
    """Set the scaling factor so that the latents of scenes have standard deviation 1."""
    pictures = np.stack([rendered(seed, tables, sprites, size, size).pixels for seed in range(32)])
    inputs = torch.from_numpy(pictures.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
    with torch.no_grad():
        latents = torch.cat([model.encode(part.to(model.device)).latent for part in inputs.split(8)])
    model.register_to_config(scaling_factor=round(1 / latents.std().item(), 5))


def fit(
    settings: dict[str, Any],
    parameters: list[nn.Parameter],
    reconstruct: Callable[[Tensor], Tensor],
    tables: Tables,
    sprites: Sprites,
    deadline: Deadline,
    seed: int,
) -> None:
    """Fit parameters to the reconstruction of crops until the deadline; the learning rate falls to nothing."""
    device = parameters[0].device
    optimiser = torch.optim.AdamW(parameters, lr=settings["learning_rate"], weight_decay=1e-4)
    report = time.monotonic()
    for step, batch in enumerate(
        crops(tables, sprites, settings["batch"], settings["crop"], settings["pool"], seed)
    ):
        target = batch.to(device)
        rate = settings["learning_rate"] * min(1.0, (step + 1) / 50)
        for group in optimiser.param_groups:
            group["lr"] = rate * (0.02 + 0.49 * (1 + math.cos(math.pi * deadline.fraction())))
        with autocast(device):
            decoded = reconstruct(target).float()
        loss = reconstruction_loss(decoded, target)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if step % 50 == 0:
            psnr = 10 * math.log10(4 / F.mse_loss(decoded, target).item())
            speed = 50 * settings["batch"] / (time.monotonic() - report)
            print(
                f"step {step}  loss {loss:.4f}  psnr {psnr:.1f} dB  {speed:.0f} crops/s  {deadline}",
                flush=True,
            )
            report = time.monotonic()
        if deadline.passed():
            break


def train(
    settings: dict[str, Any], tables: Tables, sprites: Sprites, minutes: float, seed: int = 0
) -> AutoencoderDC:
    """Train a new autoencoder for so many minutes."""
    torch.manual_seed(seed)
    model = build_autoencoder(settings).to(best_device())
    fit(
        settings,
        list(model.parameters()),
        lambda target: model.decode(model.encode(target).latent).sample,
        tables,
        sprites,
        Deadline(minutes),
        seed,
    )
    standardise(model, tables, sprites)
    return model


def train_decoder(
    model: AutoencoderDC,
    settings: dict[str, Any],
    tables: Tables,
    sprites: Sprites,
    minutes: float,
    seed: int = 1,
) -> None:
    """Go on with the decoder alone, on slightly noised latents, so that sampled latents decode without speckles.

    The encoder stays as it is, so a U-Net trained on its latents fits on.
    """
    torch.manual_seed(seed)
    decoder = list(model.decoder.requires_grad_(True).parameters())

    def reconstruct(target: Tensor) -> Tensor:
        with torch.no_grad():
            latents = model.encode(target).latent
        strength = settings["latent_noise"] * torch.rand(len(latents), 1, 1, 1, device=latents.device)
        return model.decode(
            latents + strength / model.config.scaling_factor * torch.randn_like(latents)
        ).sample

    fit(settings, decoder, reconstruct, tables, sprites, Deadline(minutes), seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--out", type=Path, default=RUN, help="folder of the checkpoints")
    parser.add_argument(
        "--decoder", action="store_true", help="go on with the decoder alone, on noised latents"
    )
    arguments = parser.parse_args()
    settings = load_settings(arguments.preset)["autoencoder"]
    tables, sprites = TABLES[arguments.preset], Sprites.load()
    checkpoint = arguments.out / "autoencoder.pt"
    if arguments.decoder:
        model = load_autoencoder(checkpoint).to(best_device())
        train_decoder(model, settings, tables, sprites, arguments.minutes)
    else:
        model = train(settings, tables, sprites, arguments.minutes)
    save_checkpoint(checkpoint, {"model": model.state_dict(), "config": dict(model.config)})


if __name__ == "__main__":
    main()
