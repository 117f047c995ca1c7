"""The fourth part: the rows that need a card, a group at a time, the most wanted first.

Every group's rows are kept as soon as they are there, in the form of tests/benchmarks/report.py. A group that fails is
told with its rows left out, and the rest is measured in a fresh process: a fault on the card spoils all that follows.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "benchmarks")]

import prelude  # noqa: F401 before torch

import torch

import bench_fisedit
import bench_fusion
import bench_masks
import sparse_steps
from editor_core.backbones.rows import Sparsity
from editor_core.backbones.unet import backbone, row_step
from editor_core.backbones.unet.policy import CostModel
from editor_core.base.settings import Settings
from editor_core.models.placement import choose_dtype
from editor_core.session.session import Session
from report import Row, commit, machine
from scene_pairs import held_out_pairs

Rows = list[Row]


class Setting:
    """How large everything is: as the tables have it, or, to be rehearsed, as small as it goes."""

    def __init__(self, device: str, rehearse: bool) -> None:
        self.device, self.dtype = device, choose_dtype(torch.device(device))
        self.rehearse, self.rounds = rehearse, 1 if rehearse else 20
        self.turns, self.tries = (1, 1) if rehearse else (5, 5)
        self.model, self.pixels = "default", 512
        if rehearse:
            self._shrink()

    def _shrink(self) -> None:
        """Tiny shapes and a tiny model; what only a card has, a capture and its rivals, is walked through, too."""
        from support.captures import repeat
        from support.tiny_models import sketching_folder

        self.model, self.pixels = str(sketching_folder("default")), 128
        tiny = {"cross_attention_dim": 8, "attention_head_dim": 8, "layers_per_block": 1}
        for arch, shape in sparse_steps.SHAPES.items():
            widths = (32, 32, 64, 64)[-len(shape["block_out_channels"]) :]
            blocks = {"block_out_channels": widths, "transformer_layers_per_block": 1}
            sparse_steps.SHAPES[arch] = {**shape, **tiny, **blocks}
        graphs = sparse_steps.StepGraphs
        sparse_steps.StepGraphs = backbone.StepGraphs = lambda: graphs(repeat)
        costs = CostModel(*[1e-9] * len(fields(CostModel)))  # any: to measure them takes seconds
        sparse_steps.measure = row_step.costs_here = lambda *_: costs
        Sparsity.on = lambda sparsity, device: sparsity  # type: ignore[method-assign]

    @contextmanager
    def session(self) -> Iterator[Session]:
        with tempfile.TemporaryDirectory() as cache:
            settings = Settings(self.model, device=self.device, cache_folder=cache)
            with Session(replace(settings, live_preview=False)) as session:
                yield session


def steps(arch: str, pixels: int) -> Callable[[Setting], Rows]:
    """Steps of a shape at its customary size."""

    def run(setting: Setting) -> Rows:
        bench = sparse_steps.Bench(arch, 64 if setting.rehearse else pixels, setting.device, setting.dtype)
        bench.rivals = True
        if setting.rehearse:
            first = list(bench.cases().items())[:1]
            bench.cases = lambda: dict(first)  # type: ignore[method-assign]
        return bench.run(setting.rounds)

    return run


def turns(setting: Setting) -> Rows:
    """Whole turns of the default model, with a given region and a found one."""
    with setting.session() as session:
        return bench_fisedit.Bench(session, setting.pixels, 1, setting.device).turns(setting.turns)


def overlay(setting: Setting) -> Rows:
    """The first mask of a picture."""
    with setting.session() as session:
        return [bench_masks.first_overlay(session, setting.device, setting.tries, setting.pixels)]


def fused_step(setting: Setting) -> Rows:
    """Redraw's step against its evaluations one by one."""
    size = 64 if setting.rehearse else 256
    pairs = list(held_out_pairs(1, size, bench_fusion.KINDS))
    options = SimpleNamespace(size=size, steps=4 if setting.rehearse else 20)
    with bench_fusion.surroundings(setting.model, setting.device) as context, torch.no_grad():
        rows = bench_fusion.Timing(context, options, pairs).steps()
    return [row for row in rows if row.value is not None]


GROUPS: dict[str, Callable[[Setting], Rows]] = {
    "steps_sd21": steps("sd21", 768),
    "overlay": overlay,
    "fused_step": fused_step,
    "steps_sd15": steps("sd15", 512),
    "steps_sdxl": steps("sdxl", 1024),
    "turns": turns,
}


class Results:
    """What is kept: the rows, and by group how it went."""

    def __init__(self, path: Path, setting: Setting) -> None:
        self.path = path
        known = json.loads(path.read_text()) if path.exists() else {}
        self.rows: list[dict[str, Any]] = known.get("rows", [])
        self.groups: dict[str, dict[str, Any]] = known.get("groups", {})
        self.head = {"machine": machine(setting.device), "commit": commit(), "rehearsal": setting.rehearse}

    def missing(self, tried: list[str]) -> list[str]:
        """Groups that are not done and were not tried in this call."""
        done = [name for name, told in self.groups.items() if told["state"] == "done"]
        return [name for name in GROUPS if name not in done and name not in tried and self.is_there(name)]

    @staticmethod
    def is_there(name: str) -> bool:
        return not name.startswith("steps_") or name.removeprefix("steps_") in sparse_steps.SHAPES

    def keep(self, name: str, state: str, start: float, rows: Rows, text: str = "") -> None:
        self.rows += [row.as_json() for row in rows]
        self.groups[name] = {"state": state, "seconds": round(time.monotonic() - start, 1)}
        if text:
            self.groups[name]["text"] = text
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps({**self.head, "rows": self.rows, "groups": self.groups}))
        os.replace(partial, self.path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rehearse", action="store_true")
    parser.add_argument("--tried", nargs="*", default=[], help="groups not to try again")
    options = parser.parse_args()
    torch.set_num_threads(1 if options.rehearse else min(2, os.cpu_count() or 1))
    setting = Setting(options.device, options.rehearse)
    results = Results(options.work / "bench.json", setting)
    for name in results.missing(options.tried):
        start = time.monotonic()
        print(f"{name} …", flush=True)
        try:
            rows = GROUPS[name](setting)
        except Exception:  # noqa: BLE001  whatever it is, the other groups are to be measured
            results.keep(name, "failed", start, [], traceback.format_exc()[-4000:])
            traceback.print_exc()
            given = [option for option in sys.argv[1:] if option != "--tried" and option not in GROUPS]
            tried = ["--tried", *options.tried, name]
            os.execv(sys.executable, [sys.executable, __file__, *given, *tried])
        results.keep(name, "done", start, rows)
        if options.device == "cuda":
            torch.cuda.empty_cache()
    return 1 if any(told["state"] == "failed" for told in results.groups.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
