"""What every part of the build agrees on: the one version number, the names, the folders."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"

NAME = "palimpsest"
TITLE = "Palimpsest"
SUMMARY = "Edit pictures by changing their words"
MIME_TYPE = "application/x-palimpsest"
SUFFIX = ".palimpsest"


def table() -> dict[str, Any]:
    """``[project]`` of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def version() -> str:
    """The version of pyproject.toml. Raises ValueError if the commit is tagged as another one."""
    number = table()["version"]
    tags = _git("tag", "--points-at", "HEAD", "v*")
    if tags and f"v{number}" not in tags:
        raise ValueError(f"The commit is tagged {', '.join(tags)}, but pyproject.toml says {number}.")
    return number


def build_date() -> int:
    """Seconds since 1970 of the commit that is built, so that the same commit gives the same dates."""
    stamp = _git("log", "-1", "--format=%ct")
    return int(stamp[0]) if stamp else 0


def _git(*arguments: str) -> list[str]:
    """The lines git prints; none where there is no git or no repository."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return done.stdout.split()
