"""Train the sketch adapter of a finished U-Net: packaging/default_model/train_adapter.py --stage small --minutes 10.

A T2I-Adapter (Mou et al. 2023, arXiv 2302.08453) for white lines on black. The U-Net and the text encoder stay as they
are; every call goes on from the checkpoint in --out, if there is one.
"""

import argparse
import copy
import math
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import T2IAdapter
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import CLIPTokenizer

from captions import Caption
from data import RUN, load_settings
from grounding import AttentionRecorder, grounding_loss
from networks import build_adapter, build_scheduler, build_text_encoder, build_unet
from pool import Example, ExampleMaker, Pool, collate, stage_pools
from rendering import start_workers
from runs import Deadline, autocast, best_device, load_autoencoder, save_checkpoint
from scenes import Picture
from sketches import draw, random_hand
from speed import Meter
from tables import TABLES
from tokenizer import write_tokenizer

EMPTY_SHARE = 0.05
"""Samples without a line, so that an empty drawing asks for nothing."""
ONE_OBJECT_SHARE = 0.4
"""Samples of several objects of which only one is drawn."""


@dataclass(frozen=True)
class Drawn(Example):
    """An example and its line drawing, uint8 (1, H, W)."""

    sketch: Tensor


class DrawnMaker(ExampleMaker):
    """Renders seeds into examples with a drawing by a random hand."""

    def _example(self, latents: Tensor, caption: Caption, picture: Picture) -> Drawn:
        example = super()._example(latents, caption, picture)
        sketch = random_sketch(picture, np.random.default_rng(int(picture.pixels.sum())))
        return Drawn(**vars(example), sketch=torch.from_numpy(sketch)[None])


def random_sketch(picture: Picture, rng: np.random.Generator) -> np.ndarray:
    """A drawing of all objects, of one of them or, now and then, of nothing: uint8 (H, W)."""
    objects = list(range(len(picture.masks)))
    if rng.random() < EMPTY_SHARE or not objects:
        return np.zeros(picture.pixels.shape[:2], np.uint8)
    if len(objects) > 1 and rng.random() < ONE_OBJECT_SHARE:
        objects = [int(rng.choice(objects))]
    return draw(picture, objects, random_hand(rng), rng)


class AdapterTrainer:
    """The adapter in training, its average, the optimiser, and the frozen networks around it."""

    def __init__(
        self, settings: dict[str, Any], tokenizer: CLIPTokenizer, model: dict[str, Any], device: torch.device
    ):
        self.settings, self.device = settings, device
        channels = model["average"]["unet.conv_in.weight"].shape[1]
        modules = nn.ModuleDict(
            {
                "text_encoder": build_text_encoder(model["settings"], tokenizer),
                "unet": build_unet(model["settings"], channels),
            }
        )
        modules.load_state_dict(model["average"])
        modules.eval().requires_grad_(False).to(device)
        self.text_encoder, self.unet = modules["text_encoder"], modules["unet"]
        self.recorder = AttentionRecorder(self.unet)
        self.adapter: T2IAdapter = build_adapter(settings, model["settings"]).to(device)
        self.average = copy.deepcopy(self.adapter).requires_grad_(False)
        self.optimiser = torch.optim.AdamW(self.adapter.parameters(), weight_decay=1e-3, fused=True)
        self.alphas = build_scheduler().alphas_cumprod.to(device)
        self.empty = tokenizer("", padding="max_length", return_tensors="pt")["input_ids"][0].to(device)
        self.samples = self.updates = 0

    def loss(self, examples: list[Drawn]) -> Tensor:
        """The error of the predicted velocity and the grounding loss.

        Noisy steps, where shapes are decided, are drawn more often. Grounding says where the drawn things are: words
        should look there although the noise does not show them yet.
        """
        batch = collate(examples)
        latents, tokens = batch.latents.to(self.device), batch.tokens.to(self.device)
        sketches = torch.stack([example.sketch for example in examples]).to(self.device).float() / 255
        dropped = torch.rand(len(tokens), device=self.device) < self.settings["caption_dropout"]
        tokens = torch.where(dropped[:, None], self.empty, tokens)
        share = 1 - torch.rand(len(latents), device=self.device) ** 3  # the paper's cubic sampling
        steps = (share * (len(self.alphas) - 1)).long()
        alpha = self.alphas[steps].view(-1, 1, 1, 1)
        noise = torch.randn_like(latents)
        noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
        velocity = alpha.sqrt() * noise - (1 - alpha).sqrt() * latents
        with autocast(self.device):
            states = self.text_encoder(tokens)[0]
            features = self.adapter(sketches)
            predicted = self.unet(
                noisy, steps, states, down_intrablock_additional_residuals=list(features)
            ).sample
        kept = ~dropped[batch.targets.samples.to(self.device)]
        grounding = grounding_loss(self.recorder.take(), batch.targets.where(kept.cpu(), self.device))
        return F.mse_loss(predicted.float(), velocity) + self.settings["grounding"] * grounding

    def step(self, examples: list[Drawn], rate: float, average: float) -> float:
        """One step of the optimiser at a learning rate, and of the moving average; returns the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss = self.loss(examples)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.adapter.parameters(), 1.0)
        self.optimiser.step()
        self.samples += len(examples)
        self.updates += 1
        decay = min(average, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.adapter.parameters()), 1 - decay)
        return loss.item()

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "config": dict(self.adapter.config),
            "samples": self.samples,
            "updates": self.updates,
            "adapter": self.adapter.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.samples, self.updates = state["samples"], state["updates"]
        self.adapter.load_state_dict(state["adapter"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])


def train(
    trainer: AdapterTrainer, pools: list[Pool], stage: dict[str, Any], deadline: Deadline, checkpoint: Path
) -> None:
    """Train until the deadline, with a checkpoint now and then and at the end."""
    shares = torch.tensor(stage["shares"])
    saved, total, step = time.monotonic(), 0.0, 0
    meter = Meter(trainer.device)
    while not deadline.passed() and step < stage.get("steps", math.inf):
        pool = pools[int(torch.multinomial(shares, 1))]
        warm_up = min(1.0, (trainer.updates + 1) / stage["warm_up"])
        rate = stage["learning_rate"] * warm_up * (1 - 0.95 * deadline.fraction() ** 2)
        examples = pool.draw(stage["batch"])
        shape = torch.Size((len(examples), *examples[0].latents.shape))
        total += meter.step(shape, partial(trainer.step, examples, rate, stage["average"]))
        step += 1
        if step % 50 == 0:
            line = f"samples {trainer.samples}  error {total / 50:.4f}  {meter.report()}  {deadline}"
            print(line, flush=True)
            total = 0.0
        if time.monotonic() - saved > 300:
            save_checkpoint(checkpoint, trainer.state())
            saved = time.monotonic()
    save_checkpoint(checkpoint, trainer.state())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--stage", default="small")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--out", type=Path, default=RUN, help="folder of the checkpoints")
    arguments = parser.parse_args()
    settings = load_settings(arguments.preset)["adapter"]
    stage = settings["stages"][arguments.stage]
    deadline, device = Deadline(arguments.minutes), best_device()
    vae = load_autoencoder(arguments.out / "autoencoder.pt").to(device)
    tables = TABLES[arguments.preset]
    tokenizer = write_tokenizer(arguments.out / "tokenizer", tables)
    model = torch.load(arguments.out / "model.pt", map_location="cpu", weights_only=True, mmap=True)
    trainer = AdapterTrainer(settings, tokenizer, model, device)
    checkpoint = arguments.out / "adapter.pt"
    if checkpoint.exists():
        trainer.resume(checkpoint)
    seed = trainer.samples // 1000 + 501
    workers = start_workers(stage.get("workers", 0))
    pools = stage_pools(stage, tables, DrawnMaker(vae, tokenizer), workers, seed)
    torch.manual_seed(seed)
    train(trainer, pools, stage, deadline, checkpoint)
    if workers is not None:
        workers.shutdown(cancel_futures=True)


if __name__ == "__main__":
    main()
