"""Bring the translations up to date: new texts into the .ts files, the .ts files into compressed .qm files.

The window's texts are found by Qt's own tool; the messages of the parts below it, which know no Qt, by `templates`.
Run by path from the repository's root: ``python packaging/translations.py``. Texts are translated in between, with Qt
Linguist or any editor; what has no translation stays English.
"""

import ast
import functools
import json
import lzma
import re
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "zh_CN")
CONTEXT = "messages"  # as gui/texts/messages.py looks them up
TERMINAL = ("commands", "batch", "evaluation")  # of editor_core; what only a terminal shows stays English
SMALLEST = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}]  # texts have no alignment
HASHES, MESSAGES = 0x42, 0x69  # sections of a .qm file
END, SOURCE_TEXT, COMMENT = 1, 6, 8  # parts of its messages


def sources() -> list[Path]:
    """Every file with texts of the window."""
    return sorted(
        path for part in ("gui", "editor_core/document/layer_kinds") for path in (ROOT / part).rglob("*.py")
    )


def message_sources() -> list[Path]:
    """Every file that makes messages which the window may show."""
    below = ROOT / "editor_core"
    shown = [path for path in below.rglob("*.py") if path.relative_to(below).parts[0] not in TERMINAL]
    return sorted(shown) + sources()


@functools.cache
def makers() -> frozenset[str]:
    """What is called with a template first: Message, and every class of errors."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "editor_core").rglob("*.py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"Message", "EditorError"}
    while new := {node.name for node in classes if found & _bases(node)} - found:
        found |= new
    return frozenset(found)


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def message_calls(path: Path) -> Iterator[ast.Call]:
    """Every place in a file that makes a Message or one of our errors."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers():
            yield node


def templates() -> list[str]:
    """The messages' templates, each once."""
    calls = (call for path in message_sources() for call in message_calls(path))
    literal = (call.args[0] for call in calls if call.args)
    return list(dict.fromkeys(node.value for node in literal if isinstance(node, ast.Constant)))


def tool(name: str, *arguments: str | Path) -> None:
    """Run one of PySide6's tools, which lie beside the interpreter. Raises CalledProcessError."""
    subprocess.run([Path(sys.executable).parent / f"pyside6-{name}", *arguments], check=True, cwd=ROOT)


def update(path: Path) -> None:
    """Add new texts to a .ts file and drop those that are gone."""
    texts = [path.relative_to(ROOT) for path in sources()]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "messages.py"  # for Qt's tool, which reads calls of its own functions only
        calls = [
            f"QCoreApplication.translate({CONTEXT!r}, {json.dumps(text, ensure_ascii=False)})"
            for text in templates()
        ]
        listed.write_text("\n".join(calls), encoding="utf-8")
        options = ("-no-obsolete", "-locations", "none", "-source-language", "en")
        tool("lupdate", *options, *texts, listed, "-ts", path)
    written = path.read_text(encoding="utf-8")
    a_line_each = re.sub(r"\n *(?=<source|<translation|</message)", "", written)
    path.write_text(re.sub(r"^ +(?=<)", "", a_line_each, flags=re.MULTILINE), encoding="utf-8")


def release(path: Path) -> None:
    """Make of a .ts file what the window reads."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.qm"
        tool("lrelease", path, "-qm", made)
        path.with_suffix(".qm.xz").write_bytes(
            lzma.compress(without_sources(made.read_bytes()), filters=SMALLEST)
        )


def without_sources(qm: bytes) -> bytes:
    """A .qm file a third smaller: Qt finds a message by the hash of its source text, and then by its context."""
    sections, place = {}, 16
    while place < len(qm):
        tag, size = struct.unpack_from(">BI", qm, place)
        sections[tag] = qm[place + 5 : place + 5 + size]
        place += 5 + size
    messages, kept, moved, place, begins = sections[MESSAGES], bytearray(), {}, 0, True
    while place < len(messages):
        if begins:
            moved[place] = len(kept)
        begins = (tag := messages[place]) == END
        size = 1 if begins else 5 + max(0, struct.unpack_from(">i", messages, place + 1)[0])  # -1: nothing
        if tag not in (SOURCE_TEXT, COMMENT):
            kept += messages[place : place + size]
        place += size
    found = struct.iter_unpack(">II", sections[HASHES])
    sections[HASHES] = b"".join(struct.pack(">II", code, moved[place]) for code, place in found)
    sections[MESSAGES] = bytes(kept)
    return qm[:16] + b"".join(struct.pack(">BI", tag, len(part)) + part for tag, part in sections.items())


def main() -> None:
    for language in LANGUAGES:
        texts = FOLDER / f"palimpsest_{language}.ts"
        update(texts)
        release(texts)


if __name__ == "__main__":
    main()
