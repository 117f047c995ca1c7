"""Files that are replaced as a whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from editor_core.base.errors import ImageFileError, ProjectError
from editor_core.project.safe_write import backup_of, read_failure, replacing


def write(path: Path, content: bytes, **options: bool) -> None:
    with replacing(path, ProjectError, **options) as file:
        file.write(content)


def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path):
    path = tmp_path / "a.bin"
    write(path, b"one")
    write(path, b"two")
    assert path.read_bytes() == b"two" and os.listdir(tmp_path) == ["a.bin"]


def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    path = tmp_path / "a.bin"
    write(path, b"one")
    with pytest.raises(KeyError), replacing(path, ProjectError) as file:
        file.write(b"tw")
        raise KeyError
    assert path.read_bytes() == b"one" and os.listdir(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "writing there is not allowed"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_refuses_is_told_in_a_sentence(tmp_path: Path, monkeypatch, number: int, reason: str):
    path = tmp_path / "a.bin"
    write(path, b"one")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patch, pytest.raises(ImageFileError) as caught:
            patch.setattr(os, step, refuse)
            with replacing(path, ImageFileError) as file:
                file.write(b"two")
        assert str(caught.value) == f"“a.bin” was not saved: {reason}."
        assert path.read_bytes() == b"one" and os.listdir(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EROFS, "the disk is read-only"), (errno.EACCES, "writing there is not allowed")],
)
def test_a_folder_that_takes_no_new_file(tmp_path: Path, monkeypatch, number: int, reason: str):
    path = tmp_path / "a.bin"
    write(path, b"one")
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(OSError(number, os.strerror(number))))
    with pytest.raises(ProjectError, match=reason):
        write(path, b"two")
    monkeypatch.undo()
    assert path.read_bytes() == b"one"


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path):
    path = tmp_path / "a.bin"
    write(path, b"one")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ProjectError, match="not allowed"):
            write(path, b"two")
        assert path.read_bytes() == b"one"
    finally:
        tmp_path.chmod(0o700)


def test_a_missing_folder_and_a_folder_in_the_way(tmp_path: Path):
    with pytest.raises(ProjectError, match="there is no folder"):
        write(tmp_path / "none" / "a.bin", b"")
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(ProjectError, match="was not saved"):
        write(tmp_path / "a.bin", b"")
    assert os.listdir(tmp_path) == ["a.bin"]
    with pytest.raises(ProjectError, match="too long"):
        write(tmp_path / ("a" * 300), b"")


@pytest.mark.parametrize("links", [True, False])
def test_the_backup_is_the_file_before(tmp_path: Path, monkeypatch, links: bool):
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no links")))
    path = tmp_path / "a.bin"
    for content in (b"one", b"two", b"three"):
        write(path, content, keep_backup=True)
    assert (path.read_bytes(), backup_of(path).read_bytes()) == (b"three", b"two")
    assert sorted(os.listdir(tmp_path)) == ["a.bin", "a.bin.bak"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")
def test_permissions_and_links_stay(tmp_path: Path):
    path, link = tmp_path / "a.bin", tmp_path / "link.bin"
    write(path, b"one")
    path.chmod(0o640)
    link.symlink_to(path)
    write(link, b"two")
    assert link.is_symlink() and path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_only_old_leftovers_are_swept(tmp_path: Path):
    old, young, other = (tmp_path / name for name in (".a.bin.1.tmp", ".a.bin.2.tmp", ".b.bin.3.tmp"))
    for leftover in (old, young, other):
        leftover.write_bytes(b"")
    for leftover in (old, other):
        os.utime(leftover, (1, 1))
    write(tmp_path / "a.bin", b"one")
    assert not old.exists() and young.exists() and other.exists()


def test_why_a_file_cannot_be_read():
    path = Path("pictures/a.png")
    assert read_failure(path, OSError(errno.ENOENT, "")) == f"There is no file “{path}”."
    assert read_failure(path, OSError(errno.EACCES, "")) == f"Reading “{path}” is not allowed."
    assert "could not be read: Input" in read_failure(path, OSError(errno.EIO, os.strerror(errno.EIO)))
    assert "disk fault" in read_failure(path, OSError("odd"))
