"""FISEdit on this machine: steps of the shapes that matter, then whole turns of the default model.

    python tests/benchmarks/bench_fisedit.py [--device cpu|cuda] [--arch default|sd15|sd21] [--size 512|768]
                                             [--parts steps,bytes,growth,turn,fixed,quality,few,guidance,masks]
                                             [--threads 1] [--json]

Without --arch and --size, steps are timed of the default model at 512 and 768 pixels and of the sd15 shape at 512;
turns run at 512, 384 and 256 pixels, and quality is judged at the model's own size. On two quiet cores everything takes
half an hour, most of it for the 64 pairs of "masks".
What needs a GPU is printed as not measured where there is none.
"""

import prelude  # noqa: F401 before torch

import argparse
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import fields, replace
from functools import partial

import numpy as np
import torch

import fixed_costs
import found_regions
import seldom_guidance
from ceilings import waits
from editor_core.base.errors import NothingToChangeError
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.messages.events import CacheInfo, TurnResult
from editor_core.messages.requests import BaseTurn, Edit, Generate, LoadModel, ReadCache, Sampling
from editor_core.models.available import source_folder
from editor_core.models.find_lora import found_loras
from editor_core.models.placement import choose_dtype
from editor_core.session.session import Session
from report import Row, show
from scene_pairs import held_out_pairs, look
from sparse_steps import BARS, CUDA_RUNS, SHAPES, USUAL_SIZES, bytes_read, measured_steps, unmeasured_steps
from sparse_steps import Bench as StepBench

PARTS = ("steps", "bytes", "growth", "turn", "fixed", "quality", "few", "guidance", "masks")
TURN_SIZES = (512, 384, 256)
FROZEN = {"margin": 0, "fresh_norms": False}
MUCH = 20_000
"""Megabytes: who gives the cache a size has everything kept in half precision."""
SECOND_ORDER = {"steps": 10, "sampler": "dpm++2m"}


class Bench:
    """``few``: the same for the model's own version of few steps."""

    def __init__(
        self, session: Session, size: int, pairs: int, device: str = "cpu", few: "Bench | None" = None
    ) -> None:
        self.session, self.size, self.pairs, self.device = session, size, pairs, device
        self.few = few

    def run(self, request):
        return self.session.run(0, request, lambda event: None)

    def generated(self, words: str, seed: int, **sampling) -> BaseTurn:
        asked = Generate(words, self.size, self.size, Sampling(seed=seed, **sampling), one_pass=True)
        return as_base(self.run(asked))

    def with_few_steps(self) -> dict[str, "tuple[Bench, dict[str, object]]"]:
        """Ways to paint in few steps: who does, and how it is asked."""
        ways = {"second_order": (self, SECOND_ORDER)}
        return ways if self.few is None else {"few": (self.few, {})} | ways

    def mask(self, share: float) -> np.ndarray:
        """A square of this share of the picture, where objects stand."""
        side = round(self.size * share**0.5)
        mask = np.zeros((self.size, self.size), np.uint8)
        top = min(round(self.size * 0.55 - side / 2), self.size - side)
        left = (self.size - side) // 2
        mask[top : top + side, left : left + side] = 255
        return mask

    def turns(self, rounds: int = 5) -> list[Row]:
        """Generating anew against an edit turn, in turns, with given and with found masks; decoding included.

        In processor seconds, for others may be at work beside it; on a card by the clock. What a run leaves for the
        disk is written between the runs, as it is while an artist looks at the picture.
        """
        words = "a fox in the snow"
        base = self.generated(words, 1)
        few = {
            name: (bench, bench.generated(words, 1, **asked))
            for name, (bench, asked) in self.with_few_steps().items()
        }
        calls = {
            "anew": lambda: self.run(
                Generate("a cat in the snow", self.size, self.size, Sampling(seed=1), one_pass=True)
            ),
            "given": lambda: self.run(Edit((base,), "a cat in the snow", self.mask(0.15))),
            **{
                name: partial(bench.run, Edit((there,), "a cat in the snow"))
                for name, (bench, there) in few.items()
            },
            **{
                "found" if way == "default" else way: partial(
                    self.run, Edit((base,), "a cat in the snow", parameters=parameters)
                )
                for way, parameters in found_regions.WAYS.items()
            },
        }
        seconds = {name: [] for name in calls}
        clock = time.perf_counter if self.device == "cuda" else time.process_time
        for _ in range(rounds + 1):
            for name, call in calls.items():
                start = clock()
                call()
                seconds[name].append(clock() - start)
                for bench in (self, self.few):
                    if bench is not None:
                        bench.session._cache.flush()
        median = {name: statistics.median(times[1:]) for name, times in seconds.items()}
        details = {"size": self.size, "seconds": {name: round(value, 4) for name, value in median.items()}}
        given, found = median["anew"] / median["given"], median["anew"] / median["found"]
        if self.size < 512:  # a step there is mostly fixed costs
            return [Row(f"turn_{self.size}", found, "x", ">= 2", details | {"given": round(given, 2)})]
        turn, bars = "turn_default", (">= 3.5", ">= 3.2")
        if self.device == "cuda":
            turn, bars = "turn_default_cuda", (None, None)
            details["waits"] = {name: waits(call, self.device) for name, call in calls.items()}
        others = {name: round(median["anew"] / median[name], 2) for name in ("warm-up", "paper")}
        few_steps = turn.replace("default", "few_steps")
        in_few = {name: median["anew"] / median[name] for name in few}
        return [
            Row(f"{turn}_15", given, "x", bars[0], details),
            Row(f"{turn}_found", found, "x", bars[1], others),
            Row(few_steps, in_few.get("few"), "x", ">= 12"),
            Row(f"{few_steps}_second_order", in_few["second_order"], "x", None, SECOND_ORDER),
        ]

    def disk(self) -> list[Row]:
        """What a first turn and an edit of 15 % leave in the cache."""
        base = self.generated("a fox in the snow", 2)
        edit = as_base(self.run(Edit((base,), "a cat in the snow", self.mask(0.15))))
        self.session._cache.flush()
        told = self.run(ReadCache())
        assert isinstance(told, CacheInfo)
        megabytes = {space.name: max(space.disk_bytes, space.memory_bytes) / 2**20 for space in told.spaces}
        return [
            Row("cache_mb_per_turn", megabytes[edit.cache_space], "MB", "<= 60", {"size": self.size}),
            Row("cache_mb_first_turn", megabytes[base.cache_space], "MB", "<= 200", {"size": self.size}),
        ]

    def quality(self) -> list[Row]:
        """Incremental against dense painting with the same region, and what moved outside.

        The dense run is told the new words outside, too, where rows see what the base's made (ARCHITECTURE.md).
        """
        inside, frozen, outside, shares = [], [], 0, []
        for seed, pair in enumerate(held_out_pairs(self.pairs, self.size, ("object", "second", "colour"))):
            before, after = (caption.text for caption in pair.captions)
            base = self.generated(before, seed)
            try:
                rows = self.run(Edit((base,), after))
            except NothingToChangeError:
                continue
            changed = rows.mask > 0
            outside += int((rows.image != base.image).any(2)[~changed].sum())
            shares.append(float(changed.mean()))
            if rows.log["executor"] == "incremental":
                whole = self.run(Edit((base,), after, parameters={"incremental": False})).image[changed]
                plain = self.run(Edit((base,), after, parameters=FROZEN)).image[changed]
                inside.append(psnr(rows.image[changed], whole))
                frozen.append(psnr(plain, whole))
        details = {
            "edits": len(shares),
            "incremental": len(inside),
            "median_share": round(statistics.median(shares), 3),
            "each": [round(value, 1) for value in inside],
        }
        return [
            Row("psnr_inside", statistics.median(inside) if inside else None, "dB", ">= 30", details),
            Row("psnr_inside_frozen", statistics.median(frozen) if frozen else None, "dB", None, FROZEN),
            Row("changed_outside", float(outside), "pixels", "= 0"),
        ]

    def few_steps(self) -> list[Row]:
        """What the judge sees of edits that take few steps, beside those of the model's own sampler and steps."""
        ways = {"usual": (self, {})} | self.with_few_steps()
        asked = {name: [] for name in ways}
        for seed, pair in enumerate(held_out_pairs(self.pairs, self.size, ("object", "second", "colour"))):
            before, after = (caption.text for caption in pair.captions)
            for name, (bench, sampling) in ways.items():
                base = bench.generated(before, seed, **sampling)
                try:
                    picture = bench.run(Edit((base,), after)).image
                except NothingToChangeError:
                    picture = base.image
                asked[name].append(found_regions.is_there(look([picture]), pair))
        there = {name: round(100 * statistics.mean(seen), 1) for name, seen in asked.items()}
        usual, details = there.pop("usual"), {"edits": len(asked["usual"])}
        details["usual"] = usual
        named = {"few": "few_steps_asked_there", "second_order": "second_order_asked_there"}
        return [Row(named[name], value, "%", f">= {usual}", details) for name, value in there.items()]


def as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{f.name: getattr(result, f.name) for f in fields(BaseTurn)})


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = float(((a.astype(np.float64) - b) ** 2).mean())
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def turn_rows(options: argparse.Namespace) -> list[Row]:
    """What needs the session: turns, quality and masks."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as cache:
        settings = replace(Settings(), model=options.model, device=options.device, cache_folder=cache)
        settings = replace(settings, live_preview=False)
        with ExitStack() as open_sessions:
            session = open_sessions.enter_context(Session(settings))
            few = few_step_session(session, settings)
            if few is not None:
                open_sessions.enter_context(few)

            def bench(size: int, pairs: int) -> Bench:
                beside = None if few is None else Bench(few, size, pairs, options.device)
                return Bench(session, size, pairs, options.device, beside)

            if "turn" in options.parts:
                for size in (options.size,) if options.size else TURN_SIZES:
                    rows += bench(size, options.pairs).turns(options.rounds)
                rows += bench(512, options.pairs).disk()
            if "fixed" in options.parts:
                chosen = replace(settings, disk_cache_mb=MUCH, cache_folder=f"{cache}/whole")
                whole = open_sessions.enter_context(Session(chosen))
                for size in (options.size,) if options.size else (512, 256):
                    rows += fixed_costs.measured(bench(size, 1), Bench(whole, size, 1), size)
                pairs = min(options.pairs, 8)
                rows.append(fixed_costs.packed_inside(bench(256, 1), Bench(whole, 256, 1), pairs))
            native = bench(options.size or 256, min(options.pairs, 8))
            if "quality" in options.parts:
                rows += native.quality()
            if "few" in options.parts:
                rows += native.few_steps()
            if "guidance" in options.parts:
                pairs = min(options.pairs, 16)
                rows += seldom_guidance.measured(native.run, as_base, pairs, native.size)
            if "masks" in options.parts:
                rows += found_regions.measured(native.run, options.pairs, native.size)
    return rows


def few_step_session(session: Session, settings: Settings) -> Session | None:
    """One with the model's own LoRA for few steps; None where it brings none."""
    name = session.run(0, LoadModel.chosen(settings), lambda event: None).few_steps
    if not name:
        return None
    loras = found_loras([LoraChoice(name)], source_folder(settings.model), ())
    return Session(replace(settings, loras=loras, cache_folder=f"{settings.cache_folder}/few"))


def step_rows(options: argparse.Namespace) -> list[Row]:
    """What needs only a U-Net of the right shape."""
    dtype = choose_dtype(torch.device(options.device))
    runs = CUDA_RUNS if options.device == "cuda" else list(BARS)
    if options.arch or options.size:
        arch = options.arch or "default"
        runs = [(arch, options.size or USUAL_SIZES[arch])]
    rows: list[Row] = []
    if "steps" in options.parts:
        rows += measured_steps(runs, options.device, dtype, options.rounds)
        rows += [] if options.device == "cuda" else unmeasured_steps()
    if "bytes" in options.parts:
        rows += bytes_read()
    if "growth" in options.parts:
        sizes = [options.size] if options.size else [256, 512, 768, 1024]
        arch = options.arch or "default"
        rows += [StepBench(arch, size, options.device, dtype).growth(options.rounds) for size in sizes]
    return rows


def parts(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    if unknown := set(found) - set(PARTS):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(PARTS)}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="default", help="what turns are made with")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--arch", choices=SHAPES, help="time steps of this shape only")
    parser.add_argument("--size", type=int, help="pixels a side")
    parser.add_argument("--parts", type=parts, default=PARTS, help=f"of {','.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=5, help="of which each timing is the median")
    parser.add_argument("--pairs", type=int, default=64, help="held-out pairs; quality takes at most 8")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("there is no CUDA device here")
    torch.set_num_threads(options.threads)
    show([*step_rows(options), *turn_rows(options)], options.json, options.device)


if __name__ == "__main__":
    main()
