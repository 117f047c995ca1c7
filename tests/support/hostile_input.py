"""Damaged and crafted model folders, zips, settings, window states; each from a seed, and what is done with it.

``tried_*`` says what became of one: "used", "refused" in a sentence, and raises what must not happen.
"""

import copy
import json
import random
import shutil
import signal
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from editor_core.base import settings
from editor_core.base.errors import EditorError
from editor_core.document.document import Document
from editor_core.project.documents import load_document
from support.damage import _replace_one
from support.look import look_at_everything

HANG_SECONDS = 20  # of the processor
NUMBERS = [
    10**9,
    2**31,
    2**63,
    -(10**9),
    0,
    1,
    -1,
    0.5,
    1e308,
    [10**9],
    [0],
    [],
    "1e9",
    [[1]],
    None,
    True,
    "x" * 9000,
]


class HangError(Exception):
    """It took longer than anybody waits."""


@contextmanager
def in_time(seconds: int = HANG_SECONDS) -> Iterator[None]:
    """Raises HangError in the body after so much work of the processor (not on Windows).

    What waits for something is told by `Watched`: on a busy machine a clock on the wall tells nothing.
    """
    if not hasattr(signal, "SIGPROF"):
        yield
        return

    def late(*_: object) -> None:
        raise HangError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def refused(error: EditorError) -> str:
    sentence = str(error)
    assert "\n" not in sentence and sentence.endswith("."), sentence
    assert "Traceback" not in sentence and "Error(" not in sentence, sentence
    return "refused"


# -- model folders


def damage_model(whole: Path, target: Path, seed: int) -> Path:
    """A copy of a model's folder with one part damaged."""
    chosen = random.Random(seed)
    shutil.copytree(whole, target)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    way = chosen.randrange(8)
    if way < 4:
        _change_json(chosen.choice([path for path in files if path.suffix == ".json"]), chosen)
    elif way < 6:
        change_header(chosen.choice([path for path in files if path.suffix == ".safetensors"]), chosen)
    elif way == 6:
        change_bytes(chosen.choice(files), chosen)
    else:
        path, other = chosen.choice(files), chosen.choice(files)
        if chosen.random() < 0.5:
            path.unlink()
        else:
            shutil.copyfile(other, path) if other != path else path.write_bytes(b"")
    return target


def _change_json(path: Path, chosen: random.Random) -> None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return
    for _ in range(chosen.choice((1, 1, 3))):
        if isinstance(value, dict) and value and chosen.random() < 0.6:
            value[chosen.choice(list(value))] = copy.deepcopy(chosen.choice(NUMBERS))
        else:
            _replace_one(value, chosen)
    path.write_bytes(json.dumps(value).encode("utf-8", "surrogatepass"))


def change_bytes(path: Path, chosen: random.Random) -> None:
    """Some of them, more often near the beginning; or the end is lost."""
    data = bytearray(path.read_bytes())
    for _ in range(chosen.choice((1, 8, 60))):
        if data:
            data[chosen.randrange(min(len(data), chosen.choice((64, 4096, len(data)))))] = chosen.randrange(
                256
            )
    path.write_bytes(data[: chosen.randrange(len(data) + 1)] if chosen.random() < 0.3 else data)


def change_header(path: Path, chosen: random.Random) -> None:
    """Of safetensors: names, types, shapes, offsets, the length itself."""
    data = path.read_bytes()
    (size,) = struct.unpack_from("<Q", data)
    header, rest = json.loads(data[8 : 8 + size]), data[8 + size :]
    name = chosen.choice(list(header))
    how = chosen.randrange(6)
    if how == 0:
        header[chosen.choice(("x", "../x", "", name * 50))] = header.pop(name)
    elif how == 1:
        header.pop(name)
    elif how == 2 and isinstance(header[name], dict) and "shape" in header[name]:
        header[name]["shape"] = chosen.choice(
            ([], [10**9] * 3, [-1], [0], header[name]["shape"][::-1], [1e3])
        )
    elif how == 3 and isinstance(header[name], dict) and "data_offsets" in header[name]:
        header[name]["data_offsets"] = chosen.choice(([0, 2**62], [5, 1], [-4, 4], [0], [0, 0]))
    elif how == 4 and isinstance(header[name], dict) and "dtype" in header[name]:
        header[name]["dtype"] = chosen.choice(("F64", "BF16", "BOOL", "F8_E4M3", "X", "", 3))
    else:
        _replace_one(header, chosen)
    text = json.dumps(header).encode("utf-8", "surrogatepass")
    length = len(text) if chosen.random() < 0.8 else chosen.choice((2**63, 0, len(text) + 10**6))
    path.write_bytes(struct.pack("<Q", length) + text + rest)


def tried_model(folder: Path, loads: bool = True) -> str:
    """Look at a model as the list of models does, and load it."""
    from editor_core.models.inspection import inspect_model
    from editor_core.models.load import load

    with in_time():
        try:
            inspect_model(folder)
            if loads:
                load(str(folder), device="cpu")
        except EditorError as error:
            return refused(error)
    return "used"


# -- zips


def damage_zip(whole: Path, target: Path, seed: int) -> Path:
    """A project whose zip is damaged as a zip: its directory, its headers, its names; or that is no such zip at all."""
    chosen = random.Random(seed)
    data = bytearray(whole.read_bytes())
    directory = data.rfind(b"PK\x05\x06")
    (size, start) = struct.unpack_from("<II", data, directory + 12)
    way = chosen.randrange(5)
    if way == 0:  # fields of the central directory
        for _ in range(chosen.choice((1, 2, 8))):
            at = start + chosen.randrange(size)
            data[at : at + 4] = chosen.choice((b"\xff\xff\xff\xff", bytes(4), chosen.randbytes(4)))
    elif way == 1:  # of its end
        at = directory + chosen.randrange(4, len(data) - directory)
        data[at : at + 2] = chosen.randbytes(2)[: len(data) - at]
    elif way == 2:  # of the files' own headers
        with zipfile.ZipFile(whole) as archive:
            entry = chosen.choice(archive.infolist())
        at = entry.header_offset + chosen.randrange(30)
        data[at] = chosen.randrange(256)
    elif way == 3:
        _crafted(whole, target, chosen)
        return target
    else:
        data = (
            data[chosen.randrange(len(data)) :]
            if chosen.random() < 0.5
            else data + data[: chosen.randrange(999)]
        )
    target.write_bytes(data)
    return target


def _crafted(whole: Path, target: Path, chosen: random.Random) -> None:
    """Names that lead elsewhere, names twice, floods of entries, contents far larger than they are packed."""
    with zipfile.ZipFile(whole) as old:
        parts = [(entry.filename, old.read(entry)) for entry in old.infolist()]
    number = chosen.randrange(len(parts))
    name, content = parts[number]
    how = chosen.randrange(5)
    if how == 0:
        parts[number] = (
            chosen.choice(("../" * 9 + name, "/etc/passwd", "C:\\x", "a\0b", name + "/", "." * 300)),
            content,
        )
    elif how == 1:
        parts.append((name, chosen.choice((b"", content[: len(content) // 2], parts[0][1]))))
    elif how == 2:
        parts += [(f"junk/{n}", b"") for n in range(5000)]
    elif how == 3:
        parts[number] = (name, bytes(chosen.choice((10**6, 10**8))))
    else:
        parts[number] = (
            name,
            b"[" * 10**6 if name.endswith(("json", "xml")) else b"\x89PNG\r\n\x1a\n" + chosen.randbytes(500),
        )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part, data in parts:
            new.writestr(
                zipfile.ZipInfo(part), data, chosen.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            )


def tried_document(path: Path) -> str:
    with in_time():
        try:
            document = load_document(path)
        except EditorError as error:
            return refused(error)
        assert isinstance(document, Document)
        look_at_everything(document)
    return "used"


# -- settings


def damaged_settings(seed: int) -> bytes:
    """A file of settings with lines, values and bytes that are none."""
    chosen = random.Random(seed)
    lines = [
        'model = "default"',
        'model_folders = ["/a", "/b"]',
        "ram_cache_mb = 512",
        "live_preview = true",
        "autosave_minutes = 3",
        "mask_strength = 0.5",
        'theme = "dark"',
        'language = "de"',
        "[window]",
        "width = 3",
    ]
    for _ in range(chosen.choice((1, 2, 5))):
        number = chosen.randrange(len(lines))
        key = lines[number].split(" = ")[0]
        wrong = [
            "nan",
            "inf",
            "-1",
            "1e308",
            "99999999999999999999",
            '"x"',
            "[[[[]]]]",
            "{a = {b = 1}}",
            "",
            '"\\ud800"',
        ]
        lines[number] = chosen.choice(
            (f"{key} = {chosen.choice(wrong)}", "=", "[", "]]", key, lines[number] * 2, "\0")
        )
    data = bytearray("\n".join(lines).encode())
    if chosen.random() < 0.5:
        for _ in range(chosen.choice((1, 4, 20))):
            data[chosen.randrange(len(data))] = chosen.randrange(256)
    return chosen.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe")) + bytes(data)


def tried_settings(path: Path) -> str:
    """Read, save and read again: what could be read stays, and the second file is whole."""
    with in_time():
        found, told = settings.read(path)
        try:
            settings.save(found, path)
        except EditorError as error:
            return refused(error)
        again, told_again = settings.read(path)
        assert told_again is None and _values(again) == _values(found), (found, again, told_again)
    return "used" if told is None else "in part"


def _values(found: settings.Settings) -> str:
    """As text that compares: what is no number is not even equal to itself."""
    return json.dumps(asdict(found), sort_keys=True, default=str)
