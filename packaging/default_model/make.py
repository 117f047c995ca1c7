"""Train a preset from nothing and export it: python packaging/default_model/make.py --preset full --minutes 28.

Each part goes on from the checkpoints of the ones before, in --run; a run that was cut off goes on with --from PART.
With --begin it starts from a finished model instead, whose autoencoder and known words are kept.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from data import ROOT, RUN, load_settings

HERE = Path(__file__).parent


def script(part: str) -> list[str]:
    """The script of a part of the training, and its own options."""
    if part == "autoencoder":
        return ["train_autoencoder.py"]
    if part == "decoder":
        return ["train_autoencoder.py", "--decoder"]
    if part.startswith("adapter_"):
        return ["train_adapter.py", "--stage", part.removeprefix("adapter_")]
    return ["train.py", "--stage", part]


def commands(
    preset: str, minutes: float, run: Path, out: Path, begin: Path | None, first: str | None
) -> list[list[str]]:
    """Every script with its options, the minutes shared out as the preset says."""
    shares = dict(load_settings(preset)["shares"])
    listed: list[list[str]] = []
    if begin is not None:
        shares.pop("autoencoder")
        listed.append(["begin.py", str(begin), "--preset", preset, "--run", str(run)])
    if first is not None:
        listed.clear()
        shares = dict(list(shares.items())[list(shares).index(first) :])
    whole = sum(shares.values())
    for part, share in shares.items():
        spent = f"{minutes * share / whole:.2f}"
        listed.append([*script(part), "--preset", preset, "--minutes", spent, "--out", str(run)])
    listed.append(["export.py", "--preset", preset, "--run", str(run), "--out", str(out)])
    return listed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="full")
    parser.add_argument("--minutes", type=float, default=28)
    parser.add_argument("--run", type=Path, default=RUN / "full", help="folder of the checkpoints")
    parser.add_argument("--out", type=Path, default=RUN / "full" / "export", help="folder of the model")
    parser.add_argument("--begin", type=Path, help="a finished model to begin from")
    parser.add_argument("--from", dest="first", metavar="PART", help="the part to go on with")
    options = parser.parse_args()
    paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    listed = commands(options.preset, options.minutes, options.run, options.out, options.begin, options.first)
    for number, (name, *rest) in enumerate(listed, 1):
        print(f"{number}/{len(listed)} {name} {' '.join(rest)}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / name), *rest], env=environment)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
