"""How much slower a step is beside other programs than its fair share of the processor allows.

    python tests/benchmarks/bench_busy.py [--loops 2] [--rounds 9] [--json]

A dense step of the default shape at 512 pixels on two threads, alone and beside loops that never rest. With two cores
and two loops a thread gets half of a core, so the fair time is twice that of the step alone. OpenMP's threads used to
spin while they waited for each other, on the very cores that the others wanted: then it was fourteen times.
`default_policy` is the same with that policy, for comparison.
"""

from prelude import ROOT

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from report import Row, show
from sparse_steps import TOKENS, build

THREADS = 2


def step_seconds(rounds: int) -> float:
    """The median time of a guided dense step, in seconds."""
    unet = build("default", "cpu")
    x = torch.randn(2, unet.config.in_channels, 64, 64)
    words = torch.randn(2, TOKENS, unet.config.cross_attention_dim)
    times = []
    with torch.inference_mode():
        for _ in range(rounds + 1):
            start = time.perf_counter()
            unet(x, 500, words)
            times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Within the body, so many processes never rest."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def with_default_policy(rounds: int) -> float:
    """`step_seconds` in a process of its own, whose OpenMP threads wait as they do if nobody says how."""
    code = f"import torch, bench_busy; torch.set_num_threads({THREADS}); print(bench_busy.step_seconds({rounds}))"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "benchmarks")]),
    }
    environment["OMP_WAIT_POLICY"] = "ACTIVE"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loops", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    cores = os.cpu_count() or 1
    fair = max(1.0, (THREADS + options.loops) / max(cores, THREADS))
    alone = step_seconds(options.rounds)
    with busy(options.loops):
        beside = step_seconds(options.rounds)
        spinning = with_default_policy(max(1, options.rounds // 3))
    quiet_loss = 100 * (alone / with_default_policy(options.rounds) - 1)
    details = {"alone_s": round(alone, 4), "beside_s": round(beside, 4), "fair": fair}
    rows = [
        Row("busy_slowdown", beside / (fair * alone), "x", "<= 1.3", details),
        Row("busy_slowdown_default_policy", spinning / (fair * alone), "x"),
        Row("quiet_loss", quiet_loss, "%", "<= 2"),
    ]
    show(rows, options.json)


if __name__ == "__main__":
    main()
