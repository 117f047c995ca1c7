"""Train a preset, all parts within so many seconds: packaging/default_model/train_on_card.py --seconds 360.

In one process: scenes are made on the device that learns from them, a graphics card where there is one. Each part goes
on from the checkpoints in --run, which are written now and then and on SIGTERM; a second call goes on with what is
missing, within the seconds that are left of the same total. `export.py` writes the folder.
"""

import argparse
import gc
import json
import math
import sys
import time
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import CLIPTokenizer

import autoencoding
from autoencoding import AutoencoderTrainer, crops_of, standardise
from begin import begin
from data import RUN, load_settings, sizes_of
from device_scenes import DeviceScenes
from encoding import Draws
from few_steps import FewSteps
from fused_norms import fuse_norms
from low_rank import LowRank
from networks import build_adapter
from painting import Painting, empty_tokens, painting_modules
from runs import Budget, best_device, load_autoencoder, process_age, save_checkpoint
from sketching import Sketching
from tables import TABLES
from tokenizer import write_tokenizer
from trainer import Trainer, fit

Save = Callable[[], None]
LEAST = 0.5
"""Seconds with which a part is worth beginning."""


@dataclass(frozen=True)
class Run:
    """What all parts share: a preset's numbers, the folder of the checkpoints, and where training happens."""

    settings: dict[str, Any]
    folder: Path
    tokenizer: CLIPTokenizer
    scenes: DeviceScenes
    device: torch.device
    capture: bool

    def load(self, name: str) -> dict[str, Any] | None:
        """A checkpoint, or None."""
        path = self.folder / f"{name}.pt"
        return torch.load(path, map_location=self.device, weights_only=True) if path.exists() else None

    def painted(self) -> nn.ModuleDict:
        """The averaged text encoder and U-Net, for use only."""
        state = self.load("model")
        assert state is not None
        channels = state["average"]["unet.conv_in.weight"].shape[1]
        modules = painting_modules(state["settings"], self.tokenizer, channels)
        modules.load_state_dict(state["average"])
        modules.to(self.device).eval().requires_grad_(False)
        fuse_norms(modules["unet"].to(memory_format=torch.channels_last))
        return modules


class Progress:
    """How far some parts of a run have come: the seconds that they took in all calls, and the fraction of each.

    `spent` seconds of this call have gone already.
    """

    def __init__(self, folder: Path, parts: dict[str, dict[str, Any]], spent: float = 0.0):
        self._path, self._parts = folder / "progress.json", parts
        self._noted = time.monotonic() - spent
        self._all: dict[str, dict[str, float]] = (
            json.loads(self._path.read_text()) if self._path.exists() else {}
        )

    def fraction(self, part: str) -> float:
        """How much of a part is done, 0..1."""
        return float(self._all.get(part, {}).get("fraction", 0.0))

    def note(self, part: str, fraction: float) -> None:
        """Write down how far a part has come; it took the time since the last note, or since the start."""
        now = time.monotonic()
        seconds = self._all.get(part, {}).get("seconds", 0.0) + now - self._noted
        self._noted = now
        self._all[part] = {"seconds": round(seconds, 2), "fraction": round(fraction, 4)}
        unfinished = self._path.with_suffix(".partial")
        unfinished.write_text(json.dumps(self._all, indent=2))
        unfinished.replace(self._path)

    @property
    def seconds(self) -> float:
        """Seconds of all calls, up to now."""
        spent = sum(self._all.get(name, {}).get("seconds", 0.0) for name in self._parts)
        return spent + time.monotonic() - self._noted

    def left(self, part: str, seconds: float) -> float:
        """The seconds that a part has, its share of what is left of so many for all."""
        undone = {name: each["share"] * (1 - self.fraction(name)) for name, each in self._parts.items()}
        return max(0.0, seconds - self.seconds) * undone[part] / sum(undone.values())


def paint(run: Run, part: dict[str, Any], budget: Budget, note: Save) -> None:
    """The text encoder and the U-Net."""
    vae = autoencoder_of(run)
    model = run.settings["model"]
    modules = painting_modules(model, run.tokenizer, vae.config.latent_channels).to(run.device)
    fuse_norms(modules["unet"].to(memory_format=torch.channels_last))
    objective = Painting(model, modules, empty_tokens(run.tokenizer, run.device), run.device)
    trainer = resumed(Trainer(objective, part, run.device, run.capture), run.load("model"))
    save = saving(run, "model", trainer, note, settings=model)
    draws = Draws(run.scenes, vae, part, trainer.samples)
    fit(trainer, draws, budget, save, part.get("steps"))


def sketch(run: Run, part: dict[str, Any], budget: Budget, note: Save) -> None:
    """The adapter for sketches."""
    settings = run.settings["adapter"]
    adapter = build_adapter(settings, run.settings["model"]).to(run.device)
    objective = Sketching(
        settings, adapter, run.painted(), empty_tokens(run.tokenizer, run.device), run.device
    )
    trainer = resumed(Trainer(objective, part, run.device, run.capture), run.load("adapter"))
    save = saving(run, "adapter", trainer, note, config=dict(adapter.config))
    draws = Draws(run.scenes, autoencoder_of(run), part, trainer.samples, sketches=True)
    fit(trainer, draws, budget, save, part.get("steps"))


def shorten(run: Run, part: dict[str, Any], budget: Budget, note: Save) -> None:
    """The few-step version."""
    settings, modules = run.settings["few_steps"], run.painted()
    change = LowRank(modules["unet"], settings["rank"]).to(run.device)
    objective = FewSteps(settings, change, modules, empty_tokens(run.tokenizer, run.device), run.device)
    trainer = resumed(Trainer(objective, part, run.device, run.capture), run.load("few_steps"))
    save = saving(run, "few_steps", trainer, note, settings=settings)
    fit(
        trainer,
        Draws(run.scenes, autoencoder_of(run), part, trainer.samples),
        budget,
        save,
        part.get("steps"),
    )


def autoencode(
    run: Run, part: dict[str, Any], budget: Budget, note: Save, decoder_only: bool = False
) -> None:
    """The autoencoder, or its decoder alone."""
    settings = {**run.settings["autoencoder"], **part}
    state = run.load("autoencoder")
    found = load_autoencoder(run.folder / "autoencoder.pt") if state else None
    model = autoencoding.start(settings, found, decoder_only)
    trainer = resumed(AutoencoderTrainer(settings, model, decoder_only, run.device), state)
    crops = crops_of(trainer, run.scenes)

    def save() -> None:
        if not decoder_only:
            standardise(trainer.average, crops.draw(64)["pixels"])
        save_checkpoint(run.folder / "autoencoder.pt", trainer.state())
        note()

    fit(trainer, partial(crops.draw, settings["batch"]), budget, save, part.get("steps"))


KINDS: dict[str, Callable[[Run, dict[str, Any], Budget, Save], None]] = {
    "autoencoder": autoencode,
    "painting": paint,
    "decoder": partial(autoencode, decoder_only=True),
    "sketching": sketch,
    "few_steps": shorten,
}


def autoencoder_of(run: Run) -> Any:
    """The run's autoencoder, for use only."""
    vae = load_autoencoder(run.folder / "autoencoder.pt")
    return vae.to(run.device, memory_format=torch.channels_last)


def resumed(trainer: Any, state: dict[str, Any] | None) -> Any:
    """The trainer, gone on from a checkpoint where there is one."""
    if state is not None:
        trainer.resume(state)
    return trainer


def saving(run: Run, name: str, trainer: Trainer, note: Save, **more: Any) -> Save:
    """What writes a trainer's checkpoint, and how far the part has come."""

    def save() -> None:
        save_checkpoint(run.folder / f"{name}.pt", {**trainer.state(), **more})
        note()

    return save


def train(run: Run, progress: Progress, parts: list[str], seconds: float, report_every: float) -> list[str]:
    """Some parts of the preset, in their order, as far as they are not done; returns those that failed.

    A part with a number of steps takes the time that those take; the others share the seconds. After a part that fails
    the others go on: a card may be at hand only once.
    """
    failed = []
    for name in parts:
        begun = progress.fraction(name)
        if begun >= 1.0 or Budget.stopped:
            continue
        allowed = math.inf if "steps" in run.settings["parts"][name] else progress.left(name, seconds)
        if allowed < LEAST:
            print(f"{name}: no time is left", flush=True)
            continue
        try:
            train_part(run, progress, name, Budget(allowed, begun, report_every))
        except (RuntimeError, ValueError, OSError, AssertionError):
            traceback.print_exc()
            failed.append(name)
        gc.collect()  # a trainer and its captured step hold each other
        if run.device.type == "cuda":
            torch.cuda.empty_cache()
    return failed


def train_part(run: Run, progress: Progress, name: str, budget: Budget) -> None:
    """One part until its budget is spent, in smaller batches where the device runs out of memory."""
    part = run.settings["parts"][name]
    print(f"{name}: {budget}", flush=True)
    torch.manual_seed(zlib.crc32(f"{name} {budget.fraction():.3f}".encode()))
    while True:
        try:
            KINDS[part["kind"]](run, part, budget, lambda: progress.note(name, budget.fraction()))
            break
        except torch.OutOfMemoryError:
            if part["batch"] == 1:
                raise
            part = {**part, **{key: max(1, part[key] // 2) for key in ("batch", "at_once", "fresh")}}
            print(f"{name}: the memory is too small; on with batches of {part['batch']}", flush=True)
        gc.collect()
    if not Budget.stopped:
        progress.note(name, 1.0)


def prepared(
    preset: str,
    folder: Path,
    parts: list[str],
    capture: bool = True,
    turn: int = 0,
    backgrounds: int | None = None,
    painted: Path | None = None,
) -> Run:
    """A run with what some parts of a preset need; scenes begin to be made, others at each turn.

    Their backgrounds are painted from now on, or were painted ahead into the folder `painted`.
    """
    settings, tables, device = load_settings(preset), TABLES[preset], best_device()
    tokenizer = write_tokenizer(folder / "tokenizer", tables)
    sizes, seed = sizes_of(settings, parts), settings["seed"] + turn
    count = backgrounds or settings["backgrounds"]
    scenes = DeviceScenes(tables, tokenizer, device, seed, count, sizes, painted=painted)
    return Run(settings, folder, tokenizer, scenes, device, capture)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="full")
    parser.add_argument(
        "--seconds", type=float, default=360, help="of the whole training, all calls together"
    )
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    parser.add_argument("--begin", type=Path, help="a finished model to begin from")
    parser.add_argument("--painted", type=Path, help="where paint_ahead.py paints the backgrounds")
    parser.add_argument("--parts", nargs="+", help="some parts of the preset only")
    parser.add_argument("--report", type=float, default=20, help="seconds between reports and checkpoints")
    parser.add_argument(
        "--no-capture", action="store_true", help="launch every step anew, without CUDA graphs"
    )
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    known = load_settings(options.preset)["parts"]
    parts = options.parts or list(known)
    progress = Progress(options.run, {name: known[name] for name in parts}, process_age())
    if options.begin is not None and not (options.run / "autoencoder.pt").exists():
        begin(options.begin, options.run, options.preset)
        if "autoencoder" not in (options.parts or ()):  # asked for by name, it is trained further
            progress.note("autoencoder", 1.0)
    turn = int(progress.seconds)
    run = prepared(options.preset, options.run, parts, not options.no_capture, turn, painted=options.painted)
    failed = train(run, progress, parts, options.seconds, options.report)
    run.scenes.close()
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
