"""Train the text encoder and the U-Net, stage by stage: packaging/default_model/train.py --stage small --minutes 50.

Every call goes on from the checkpoint in --out, if there is one; stages go from small pictures to large ones.
"""

import argparse
import copy
import math
import time
from functools import partial
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTokenizer

from data import RUN, load_settings
from grounding import AttentionRecorder, grounding_loss
from networks import build_scheduler, build_text_encoder, build_unet
from pool import Batch, ExampleMaker, Pool, stage_pools
from rendering import start_workers
from runs import Deadline, autocast, best_device, load_autoencoder, save_checkpoint
from speed import Meter
from tables import TABLES
from tokenizer import write_tokenizer


class Trainer:
    """The networks in training, their averages, the optimiser and the noise schedule."""

    def __init__(
        self, settings: dict[str, Any], tokenizer: CLIPTokenizer, latent_channels: int, device: torch.device
    ):
        self.settings, self.device = settings, device
        self.text_encoder: CLIPTextModel = build_text_encoder(settings, tokenizer).to(device)
        self.unet: UNet2DConditionModel = build_unet(settings, latent_channels).to(device)
        self.modules = nn.ModuleDict({"text_encoder": self.text_encoder, "unet": self.unet})
        self.average = copy.deepcopy(self.modules).requires_grad_(False)
        self.recorder = AttentionRecorder(self.unet)
        self.optimiser = torch.optim.AdamW(
            self.modules.parameters(), weight_decay=1e-3, betas=(0.9, 0.99), fused=True
        )
        self.alphas = build_scheduler().alphas_cumprod.to(device)
        self.empty = tokenizer("", padding="max_length", return_tensors="pt")["input_ids"][0].to(device)
        self.samples = self.updates = 0

    def losses(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The weighted error of the predicted velocity, and the grounding loss, of a batch."""
        latents = batch.latents.to(self.device)
        tokens = batch.tokens.to(self.device)
        dropped = torch.rand(len(tokens), device=self.device) < self.settings["caption_dropout"]
        tokens = torch.where(dropped[:, None], self.empty, tokens)
        steps = torch.randint(len(self.alphas), (len(latents),), device=self.device)
        alpha = self.alphas[steps].view(-1, 1, 1, 1)
        noise = torch.randn_like(latents)
        noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
        velocity = alpha.sqrt() * noise - (1 - alpha).sqrt() * latents
        with autocast(self.device):
            states = self.text_encoder(tokens)[0]
            predicted = self.unet(noisy, steps, states).sample
        error = F.mse_loss(predicted.float(), velocity, reduction="none").mean((1, 2, 3))
        signal_to_noise = (alpha / (1 - alpha)).flatten()
        weight = signal_to_noise.clamp(max=5) / (
            signal_to_noise + 1
        )  # min-SNR for velocities (arXiv 2303.09556)
        kept = ~dropped[batch.targets.samples.to(self.device)]
        grounding = grounding_loss(self.recorder.take(), batch.targets.where(kept.cpu(), self.device))
        return (weight * error).mean(), grounding

    def step(self, batch: Batch, rate: float, average: float) -> tuple[float, float]:
        """One step of the optimiser at a learning rate, and of the moving average; returns both losses."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        error, grounding = self.losses(batch)
        self.optimiser.zero_grad()
        (error + self.settings["grounding"] * grounding).backward()
        nn.utils.clip_grad_norm_(self.modules.parameters(), 1.0)
        self.optimiser.step()
        self.samples += len(batch.latents)
        self.updates += 1
        decay = min(average, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.modules.parameters()), 1 - decay)
        return error.item(), grounding.item()

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "settings": self.settings,
            "samples": self.samples,
            "updates": self.updates,
            "modules": self.modules.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint; one that was packed has only the averaged weights, and the optimiser starts anew."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.samples = state["samples"]
        self.average.load_state_dict(state["average"])
        self.modules.load_state_dict(state.get("modules", state["average"]))
        if "optimiser" in state:
            self.optimiser.load_state_dict(state["optimiser"])
            self.updates = state["updates"]


def learning_rate(stage: dict[str, Any], step: int, fraction: float) -> float:
    """Warm-up, a plateau, and a fall to a twentieth in the last part of the run."""
    fall = stage["fall"]
    end = max(0.0, (fraction - (1 - fall)) / fall) if fall else 0.0
    return stage["learning_rate"] * min(1.0, (step + 1) / stage["warm_up"]) * (1 - 0.95 * end)


def train(
    trainer: Trainer, pools: list[Pool], stage: dict[str, Any], deadline: Deadline, checkpoint: Path
) -> None:
    """Train until the deadline, with a checkpoint now and then and at the end."""
    shares = torch.tensor(stage["shares"])
    saved, sums, step = time.monotonic(), [0.0, 0.0], 0
    meter = Meter(trainer.device)
    while not deadline.passed() and step < stage.get("steps", math.inf):
        pool = pools[int(torch.multinomial(shares, 1))]
        batch = pool.batch(stage["batch"])
        rate = learning_rate(stage, trainer.updates, deadline.fraction())
        errors = meter.step(batch.latents.shape, partial(trainer.step, batch, rate, stage["average"]))
        sums = [total + error for total, error in zip(sums, errors, strict=True)]
        step += 1
        if step % 50 == 0:
            print(
                f"samples {trainer.samples}  error {sums[0] / 50:.4f}  grounding {sums[1] / 50:.3f}  "
                f"{meter.report()}  {deadline}",
                flush=True,
            )
            sums = [0.0, 0.0]
        if time.monotonic() - saved > 300:
            save_checkpoint(checkpoint, trainer.state())
            saved = time.monotonic()
    save_checkpoint(checkpoint, trainer.state())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--stage", default="small")
    parser.add_argument("--minutes", type=float, default=50)
    parser.add_argument("--out", type=Path, default=RUN, help="folder of the checkpoints")
    arguments = parser.parse_args()
    settings = load_settings(arguments.preset)
    stage = settings["stages"][arguments.stage]
    deadline = Deadline(arguments.minutes)
    device = best_device()
    vae = load_autoencoder(arguments.out / "autoencoder.pt").to(device)
    tables = TABLES[arguments.preset]
    tokenizer = write_tokenizer(arguments.out / "tokenizer", tables)
    trainer = Trainer(settings["model"], tokenizer, vae.config.latent_channels, device)
    checkpoint = arguments.out / "model.pt"
    if checkpoint.exists():
        trainer.resume(checkpoint)
    seed = trainer.samples // 1000 + 1
    workers = start_workers(stage.get("workers", 0))
    pools = stage_pools(stage, tables, ExampleMaker(vae, tokenizer), workers, seed)
    torch.manual_seed(seed)
    train(trainer, pools, stage, deadline, checkpoint)
    if workers is not None:
        workers.shutdown(cancel_futures=True)


if __name__ == "__main__":
    main()
