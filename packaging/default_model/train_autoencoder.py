"""Train the autoencoder, or its decoder alone: packaging/default_model/train_autoencoder.py --decoder-only.

Every call goes on from `autoencoder.pt` in --run until the minutes, of all calls together, are spent. With the decoder
alone the encoder stays as it is, so that a U-Net trained on its latents fits on; the decoder may get more layers than
it has.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderDC

from data import RUN, rendered
from examples import to_unit
from quality import decibels, gradient_energy
from runs import load_autoencoder
from sprites import Sprites
from tables import TABLES
from train_on_card import Progress, prepared, train


class HeldOut:
    """Held-out scenes, to see how well an autoencoder does."""

    def __init__(self, preset: str, sprites: Sprites, count: int, size: int):
        tables = TABLES[preset]
        pictures = [
            rendered(seed, tables, sprites, size, size, held_out=True).pixels for seed in range(count)
        ]
        self.truth = to_unit(np.stack(pictures))
        self.energy = sum(map(gradient_energy, pictures))

    @torch.no_grad()
    def report(self, model: AutoencoderDC) -> str:
        """PSNR, and the gradient energy of what is decoded as a share of the true one."""
        parts = [part.to(model.device) for part in self.truth.split(4)]
        decoded = torch.cat([model.decode(model.encode(part).latent).sample.cpu() for part in parts]).clamp(
            -1, 1
        )
        pictures = ((decoded + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        crisp = sum(map(gradient_energy, pictures)) / self.energy
        return f"held out: {decibels(decoded, self.truth):.2f} dB, sharpness {crisp:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--minutes", type=float, default=60, help="of all calls together")
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    parser.add_argument("--decoder-only", action="store_true", help="keep the encoder as it is")
    parser.add_argument("--report", type=float, default=300, help="seconds between reports and checkpoints")
    arguments = parser.parse_args()
    arguments.run.mkdir(parents=True, exist_ok=True)
    part = "decoder" if arguments.decoder_only else "autoencoder"
    run = prepared(arguments.preset, arguments.run, [part])
    progress = Progress(arguments.run, {part: run.settings["parts"][part]})
    train(run, progress, [part], 60 * arguments.minutes, arguments.report)
    run.scenes.close()
    held_out = HeldOut(arguments.preset, Sprites.load(), 24, 256)
    print(held_out.report(load_autoencoder(arguments.run / "autoencoder.pt")), flush=True)


if __name__ == "__main__":
    main()
