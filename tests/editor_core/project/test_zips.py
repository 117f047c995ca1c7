"""Our zips are those of ``zipfile``, and what we read of any zip is what ``zipfile`` reads."""

import io
import random
import struct
import zipfile
import zlib

import pytest

from editor_core.project import zip_reading, zip_writer
from editor_core.project.zip_reading import entries_of, lists_too_much, read_directory, read_entry
from editor_core.project.zip_writer import ZipWriter

CONTENT = {
    "mimetype": b"image/openraster",
    "grün/a.png": bytes(range(256)),
    "b.json": b'{"a": 1}\n' * 99,
    "c": b"",
}


def ours(content=CONTENT, **more: object) -> bytes:
    file = io.BytesIO()
    with ZipWriter(file, **more) as writer:
        for name, data in content.items():
            (writer.deflated if name.endswith("json") else writer.stored)(name, data)
    return file.getvalue()


def theirs(content=CONTENT, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith("json") else zipfile.ZIP_STORED
            archive.writestr(entry, data)
        archive.comment = comment
    return file.getvalue()


def read_by_us(data: bytes) -> dict[str, bytes | None] | None:
    """What is in a zip by name, None for what cannot be read; None where nothing can."""
    file = io.BytesIO(data)
    try:
        entries = list(entries_of(read_directory(file)))
    except ValueError:
        return None
    found: dict[str, bytes | None] = {}
    for entry in entries:
        try:
            found[entry.name] = read_entry(file, entry)
        except (ValueError, OverflowError, zlib.error):
            found[entry.name] = None
    return found


def read_by_them(data: bytes) -> dict[str, bytes | None] | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        return None
    found: dict[str, bytes | None] = {}
    for entry in archive.infolist():
        try:
            found[entry.filename] = archive.read(entry)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            ValueError,
            OSError,
            zlib.error,
        ):
            found[entry.filename] = None
    return found


def test_what_is_written_is_what_zipfile_writes():
    assert ours() == theirs()


class Low(int):
    """As large as it is when it is written, but soon reached."""

    def __le__(self, other: int) -> bool:
        return other >= 200

    def __lt__(self, other: int) -> bool:
        return other > 200


def test_numbers_that_need_eight_bytes_are_written_as_zipfile_reads_them(monkeypatch):
    monkeypatch.setattr(zip_writer, "LARGEST", Low(zip_reading.LARGEST))
    monkeypatch.setattr(zip_writer, "_MOST", 2)
    data = ours()
    assert data.count(b"PK\6\6") == 1 and data.count(struct.pack("<2H", 1, 16)) == 3
    data = data[:-12] + b"\xff" * 10 + data[-2:]  # an end record that only says that there is another
    assert read_by_us(data) == read_by_them(data) == CONTENT


@pytest.mark.parametrize(
    "data", [theirs(), theirs(comment=b"a comment"), b"before it" + theirs(), ours() + b"behind it"]
)
def test_what_is_read_is_what_zipfile_reads(data):
    assert read_by_us(data) == read_by_them(data) == CONTENT


def test_of_damaged_zips_we_read_what_zipfile_reads_and_nothing_else():
    whole, refused, stricter = theirs(), 0, 0
    for seed in range(2000):
        chosen, data = random.Random(seed), bytearray(whole)
        start = chosen.choice((0, whole.index(b"PK\1\2")))
        for _ in range(chosen.choice((1, 1, 3))):
            data[chosen.randrange(start, len(data))] = chosen.choice((0, 1, 255, chosen.randrange(256)))
        mine, other = read_by_us(bytes(data)) or {}, read_by_them(bytes(data)) or {}
        refused += None in mine.values()
        for name, content in other.items():
            assert content is None or mine[name] in (content, None), (seed, name)
            stricter += content is not None and mine[name] is None  # a stream whose last byte is cut off
        for name, content in mine.items():
            assert content in (None, *CONTENT.values()), (seed, name)
    assert refused > 500 and stricter < 5


def test_the_first_bytes_are_those_of_the_whole():
    file = io.BytesIO(ours())
    for entry in entries_of(read_directory(file)):
        assert read_entry(file, entry, 5) == CONTENT[entry.name][:5]


def test_a_list_is_gone_on_with():
    whole, kept = ours(), dict(list(CONTENT.items())[:2])
    first = ours(kept)
    listed = read_directory(io.BytesIO(first)).data
    file = io.BytesIO(first[: first.index(b"PK\1\2")])
    file.seek(0, io.SEEK_END)
    with ZipWriter(file, listed, len(kept)) as writer:
        writer.deflated("b.json", CONTENT["b.json"])
        writer.stored("c", b"")
    assert file.getvalue() == whole


def test_a_list_of_millions_is_not_read(monkeypatch):
    assert not lists_too_much(io.BytesIO(ours())) and not lists_too_much(io.BytesIO(b"no zip"))
    monkeypatch.setattr(zip_reading, "MAX_ENTRIES", 3)
    assert lists_too_much(io.BytesIO(ours()))
