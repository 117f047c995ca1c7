"""Bring the translations up to date: new texts into the .ts files, the .ts files into .qm files.

Run by path from the repository's root: ``python packaging/translations.py``. Texts are translated in between, with Qt
Linguist or any editor; what has no translation stays English.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "zh_CN")


def sources() -> list[Path]:
    """Every file with texts of the window."""
    return sorted(
        path for part in ("gui", "editor_core/document/layer_kinds") for path in (ROOT / part).rglob("*.py")
    )


def tool(name: str, *arguments: str | Path) -> None:
    """Run one of PySide6's tools, which lie beside the interpreter. Raises CalledProcessError."""
    subprocess.run([Path(sys.executable).parent / f"pyside6-{name}", *arguments], check=True, cwd=ROOT)


def update(path: Path) -> None:
    """Add new texts to a .ts file and drop those that are gone."""
    texts = [path.relative_to(ROOT) for path in sources()]
    tool("lupdate", "-no-obsolete", "-locations", "none", "-source-language", "en", *texts, "-ts", path)


def main() -> None:
    for language in LANGUAGES:
        texts = FOLDER / f"palimpsest_{language}.ts"
        update(texts)
        tool("lrelease", texts, "-qm", texts.with_suffix(".qm"))


if __name__ == "__main__":
    main()
