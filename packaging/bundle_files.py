"""What the files of a bundle have to be: whole, ours to ship, and nothing besides."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import linux
from checks import Facts, require
from project import ROOT

OTHER_QT = re.compile(r"libQt[45]|Qt5|PyQt|PySide2|cv2/qt/", re.IGNORECASE)
TESTS = re.compile(r"(^|/)(tests?|include)/|_test\.so$|\.(h|hpp|cuh|cpp|pyi|a|lib)$")
NO_TESTS = re.compile(r"\.dist-info/|/licenses/")
NEEDED = ("resources/models/default/unet/diffusion_pytorch_model.safetensors", "resources/icons/save.svg")
BLOCK = 1 << 24


def contents(bundle: Path) -> Path:
    """Where the libraries and resources lie in it."""
    return bundle / "Contents" / "Resources" if bundle.suffix == ".app" else bundle / "_internal"


def files(bundle: Path) -> Iterator[Path]:
    return (path for path in sorted(bundle.rglob("*")) if path.is_file() and not path.is_symlink())


def listing(bundle: Path) -> dict[str, int]:
    """Every file with its time of change."""
    return {path.relative_to(bundle).as_posix(): path.stat().st_mtime_ns for path in files(bundle)}


def size(bundle: Path) -> int:
    """Bytes on disk, links counted as links."""
    return sum(path.lstat().st_size for path in bundle.rglob("*") if not path.is_dir())


def no_other_qt(bundle: Path) -> Facts:
    names = [path.relative_to(bundle).as_posix() for path in bundle.rglob("*")]
    other = [name for name in names if OTHER_QT.search(name)]
    require(not other, f"another Qt is in it: {other[:5]}")
    cores = [path for path in files(bundle) if re.match(r"(libQt6Core\.so|Qt6Core\.dll|QtCore$)", path.name)]
    require(len(cores) == 1, f"{len(cores)} times Qt's core library")
    return {}


def no_tests_or_headers(bundle: Path) -> Facts:
    names = [path.relative_to(bundle).as_posix() for path in files(bundle)]
    extra = [name for name in names if TESTS.search(name) and not NO_TESTS.search(name)]
    require(not extra, f"{len(extra)} files for developers, {extra[:5]} among them")
    return {"files": len(names)}


def no_build_paths(bundle: Path) -> Facts:
    """No file names the folder it was built in."""
    wanted = [os.fsencode(str(ROOT))]
    found = [path.relative_to(bundle).as_posix() for path in files(bundle) if _has_any(path, wanted)]
    require(not found, f"they name a folder of the build: {found[:5]}")
    return {}


def links_stay_inside(bundle: Path) -> Facts:
    links = [path for path in bundle.rglob("*") if path.is_symlink()]
    for link in links:
        target = (link.parent / link.readlink()).resolve()
        require(not link.readlink().is_absolute(), f"{link.name} is an absolute link")
        require(target.exists() and target.is_relative_to(bundle), f"{link.name} leads nowhere")
    return {"links": len(links)}


def licences_are_there(bundle: Path) -> Facts:
    folder = contents(bundle) / "resources" / "licenses"
    rows = json.loads((folder / "components.json").read_text(encoding="utf-8"))
    for row in rows:
        texts = [(folder / name).stat().st_size for name in row["files"]]
        require(max(texts, default=0) > 100, f"{row['name']} has no licence text")
    names = {row["name"].lower() for row in rows}
    require(
        {"torch", "diffusers", "python", "numpy"} <= names, "libraries are missing in the list of licences"
    )
    return {"components": len(rows)}


def resources_are_whole(bundle: Path) -> Facts:
    for name in NEEDED:
        ours, theirs = ROOT / name, contents(bundle) / name
        require(theirs.is_file(), f"{name} is missing")
        require(theirs.read_bytes() == ours.read_bytes(), f"{name} is not the one in the source tree")
    return {}


def libraries_resolve(bundle: Path) -> Facts:
    """Every library finds what it asks for, in the bundle or on this system."""
    if sys.platform != "linux":
        return {"skipped": "only Linux is checked"}
    missing = linux.missing_libraries(bundle)
    known = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True).stdout
    lost = sorted(name for name in missing if name not in known)
    require(not lost, f"neither the bundle nor this system has {lost}")
    return {"from_the_system": len(missing)}


CHECKS: dict[str, Callable[[Path], Facts]] = {
    "one Qt, and no other": no_other_qt,
    "no tests, no headers": no_tests_or_headers,
    "no paths of the build": no_build_paths,
    "links stay inside": links_stay_inside,
    "licence texts are there": licences_are_there,
    "resources are whole": resources_are_whole,
    "libraries resolve": libraries_resolve,
}


def _has_any(path: Path, wanted: list[bytes]) -> bool:
    """Whether one of some byte strings occurs in a file, which may be larger than memory likes."""
    overlap = max(map(len, wanted))
    with path.open("rb") as stream:
        tail = b""
        while block := stream.read(BLOCK):
            if any(text in tail + block for text in wanted):
                return True
            tail = block[-overlap:]
    return False
