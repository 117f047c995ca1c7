"""Compare learning rates for a part: packaging/default_model/sweep.py --preset cpu --part small --steps 100.

Every rate begins from the same checkpoint in --run (or from nothing) and sees the same batches and the same noise. The
losses are those of the second half of the steps; what was found is noted in config.toml.
"""

import argparse
import copy
from pathlib import Path
from typing import Any

import torch

from data import RUN, load_settings
from encoding import Draws
from painting import Painting, empty_tokens, painting_modules
from replay import Samples
from train_on_card import Run, autoencoder_of, prepared
from trainer import Trainer

RATES = (2e-4, 4e-4, 8e-4, 1.6e-3, 3.2e-3)


def losses_of(run: Run, part: dict[str, Any], batches: list[Samples], rate: float) -> list[float]:
    """The mean losses of the second half of some steps at a learning rate."""
    model, vae = run.settings["model"], autoencoder_of(run)
    torch.manual_seed(0)
    modules = painting_modules(model, run.tokenizer, vae.config.latent_channels).to(run.device)
    objective = Painting(model, modules, empty_tokens(run.tokenizer, run.device), run.device)
    trainer = Trainer(objective, {**part, "learning_rate": rate, "fall": 0.0}, run.device)
    if (state := run.load("model")) is not None:
        trainer.resume(copy.deepcopy(state))
        trainer.updates = 0
    total = torch.zeros(2, device=run.device)
    for step, batch in enumerate(batches):
        losses = trainer.step(batch, 0.0)
        if step >= len(batches) // 2:
            total += losses
    return (total / (len(batches) - len(batches) // 2)).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--part", default="small", help="a part whose kind is painting")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES)
    parser.add_argument("--batch", type=int, help="samples of a step, in the place of the part's")
    parser.add_argument("--backgrounds", type=int, default=100, help="how many are painted for each size")
    parser.add_argument("--warm-up", type=int, default=20, help="steps")
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    options = parser.parse_args()
    part = {**load_settings(options.preset)["parts"][options.part], "warm_up": options.warm_up}
    if options.batch:
        part |= {"batch": options.batch, "fresh": max(1, options.batch // 4), "start": 8 * options.batch}
    run = prepared(options.preset, options.run, [options.part], backgrounds=options.backgrounds)
    draw = Draws(run.scenes, autoencoder_of(run), part, seed=0)
    batches = [draw() for _ in range(options.steps)]
    run.scenes.close()
    for rate in options.rates:
        error, grounding = losses_of(run, part, batches, rate)
        print(f"{rate:.1e}  error {error:.4f}  grounding {grounding:.4f}", flush=True)


if __name__ == "__main__":
    main()
