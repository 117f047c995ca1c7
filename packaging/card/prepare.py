"""What has to travel to a machine with a card: python packaging/card/prepare.py, here, with network.

Fetches the wheels that such a machine lacks, in the versions of constraints.txt, notes the commit, and says how much
all of it weighs. The folder is ignored by git and is carried along by name.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "card"
WHEELS = (
    "cachetools",
    "diffusers",
    "importlib_metadata",
    "lazy-importer",
    "msgspec",
    "platformdirs",
    "tomli-w",
)
"""What a run there imports; the machine has torch, transformers and everything else that these need."""
INSTALLED = (
    "filelock",
    "huggingface_hub",
    "hypothesis",
    "numpy",
    "opencv-python",
    "pillow",
    "psutil",
    "pytest",
)
INSTALLED += (
    "pytest-timeout",
    "pytest-xdist",
    "regex",
    "rich",
    "safetensors",
    "torch",
    "transformers",
    "typer",
)
"""What that machine has of everything that this project asks for."""
THERE = ("--python-version", "3.12", "--implementation", "cp", "--platform", "manylinux_2_28_x86_64")
THERE += ("--platform", "manylinux_2_17_x86_64", "--platform", "manylinux2014_x86_64")
"""The machine's Python and system, which need not be those of this one."""
MAX_BYTES = 64 * 2**20
"""That travel: the tree and what is carried."""


def pinned(name: str) -> str:
    """``name==version`` as constraints.txt has it."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        known, _, version = line.partition("==")
        if _plain(known) == _plain(name):
            return f"{name}=={version.split(';')[0].strip()}"
    raise SystemExit(f"constraints.txt does not say which version of {name} to take.")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def fetch(folder: Path) -> None:
    """The wheels, one version of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *THERE]
    subprocess.run([*command, "--dest", str(folder), *map(pinned, WHEELS)], check=True)


def tree_files() -> list[Path]:
    """What travels without being named: files under version control, and those that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def weight(paths: list[Path]) -> int:
    """Bytes of files, and of the files in folders."""
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    return sum(file.stat().st_size for file in files if file.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--also", type=Path, nargs="*", default=[], help="further folders to be carried, to be weighed"
    )
    options = parser.parse_args()
    fetch(KEPT / "wheels")
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"], cwd=ROOT, capture_output=True, text=True
    )
    (KEPT / "commit.txt").write_text(described.stdout)
    tree, carried = weight(tree_files()), weight([KEPT, *options.also])
    print(
        f"The tree {tree / 1e6:.1f} MB, carried {carried / 1e6:.1f} MB, of {MAX_BYTES / 1e6:.1f} MB that may travel."
    )
    if tree + carried > MAX_BYTES:
        raise SystemExit("Too much to travel.")


if __name__ == "__main__":
    main()
