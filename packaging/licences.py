"""Whose work the bundle contains: the licence texts for the About dialog, and the list that the SBOM is made from."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from project import NAME, ROOT

LIST = "components.json"
_TEXTS = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
_OWN = ROOT / "resources" / "licenses"
_WITHOUT_TEXT = {  # wheels that carry no licence text; by normalised name
    "pyside6-essentials": (_OWN / "LGPL-3.0.txt", _OWN / "GPL-3.0.txt"),
    "shiboken6": (_OWN / "LGPL-3.0.txt", _OWN / "GPL-3.0.txt"),
    "tokenizers": (ROOT / "LICENSE",),  # Apache-2.0, as we are
}


@dataclass(frozen=True)
class Component:
    """One library in the bundle. ``files`` are its licence texts, relative to the folder of the list."""

    name: str
    version: str
    licence: str
    purl: str
    files: tuple[str, ...]


def write(sources: Iterable[str], folder: Path) -> list[Component]:
    """Put the licence texts of everything that the files ``sources`` come from into ``folder``, with a list.

    Raises FileNotFoundError for a library without a text: it may not be shipped.
    """
    taken = {Path(source).resolve() for source in sources}
    found = sorted(
        [*_distributions(taken), *_system_packages(taken), _python()], key=lambda row: row[0].lower()
    )
    components = [_keep(folder, *row) for row in found]
    rows = [asdict(component) for component in components]
    (folder / LIST).write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    return components


_Row = tuple[str, str, str, str, list[Path]]  # name, version, licence, purl, texts


def _distributions(taken: set[Path]) -> Iterator[_Row]:
    """The Python packages that a taken file belongs to."""
    for distribution in metadata.distributions():
        files = [Path(str(distribution.locate_file(file))) for file in distribution.files or ()]
        if distribution.name == NAME:
            continue
        if not any(file.resolve() in taken for file in files if ".dist-info" not in str(file)):
            continue
        name, version = distribution.name, distribution.version
        texts = [file for file in files if _TEXTS.search(file.name) and _is_text(file)]
        texts = texts or list(_WITHOUT_TEXT.get(name.lower().replace("_", "-"), ()))
        purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version.partition('+')[0]}"
        yield name, version, _licence_of(distribution.metadata), purl, texts


def _system_packages(taken: set[Path]) -> Iterator[_Row]:
    """The packages of a Debian system whose libraries were taken along."""
    if not shutil.which("dpkg"):
        return
    for name in sorted({owner for path in taken if (owner := _owner(path))}):
        query = ["dpkg-query", "-W", "-f=${Version}", name]
        version = subprocess.run(query, capture_output=True, text=True).stdout
        text = Path("/usr/share/doc", name.partition(":")[0], "copyright")
        bare = name.partition(":")[0]
        yield bare, version, "see the text", f"pkg:deb/debian/{bare}@{version}", [text.resolve()]


def _owner(path: Path) -> str | None:
    """The Debian package a library of the system belongs to; `/lib` and `/usr/lib` are one folder."""
    if not str(path).startswith(("/usr/lib/", "/lib/")):
        return None
    for name in (str(path), str(path).removeprefix("/usr")):
        done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.partition(": ")[0].partition(",")[0]
    return None


def _python() -> _Row:
    """The interpreter itself, and PyInstaller's boot loader with the exception that lets it be shipped."""
    version = ".".join(map(str, sys.version_info[:3]))
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    system_text = Path(f"/usr/share/doc/python3.{sys.version_info.minor}/copyright")
    return (
        "Python",
        version,
        "PSF-2.0",
        f"pkg:generic/python@{version}",
        [text if text.exists() else system_text],
    )


def _licence_of(about: metadata.PackageMetadata) -> str:
    """The licence's name from wherever a package says it."""
    if expression := about.get("License-Expression"):
        return expression
    classes = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")
    ]
    named = (about.get("License") or "").strip().partition("\n")[0]
    return ", ".join(classes) or named or "see the text"


def _is_text(file: Path) -> bool:
    return file.suffix.lower() in ("", ".txt", ".md", ".rst", ".apache", ".bsd", ".mit") and file.is_file()


def _keep(folder: Path, name: str, version: str, licence: str, purl: str, texts: list[Path]) -> Component:
    texts = [text for text in texts if text.is_file()]
    if not texts:
        raise FileNotFoundError(f"{name} {version} has no licence text; add it to packaging/licences.py.")
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    files = []
    for number, text in enumerate(texts, 1):
        target = place / f"{number}-{text.name}"
        shutil.copyfile(text, target)
        files.append(target.relative_to(folder).as_posix())
    return Component(name, version, licence, purl, tuple(files))
