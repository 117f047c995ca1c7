"""Files that are replaced as a whole or not at all."""

import errno
import io
import os
import stat
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from editor_core.base.errors import ImageFileError, ProjectError
from editor_core.project import safe_write
from editor_core.project.safe_read import read_failure
from editor_core.project.safe_write import backup_of, locked, replacing


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
        (errno.EACCES, "you do not have permission"),
        (errno.EIO, f"the disk reported an error (code {errno.EIO})"),
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
    [(errno.EROFS, "the disk is read-only"), (errno.EACCES, "you do not have permission")],
)
def test_a_folder_that_takes_no_new_file(tmp_path: Path, monkeypatch, number: int, reason: str):
    path = tmp_path / "a.bin"
    write(path, b"one")
    monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(OSError(number, os.strerror(number))))
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
        with pytest.raises(ProjectError, match="permission"):
            write(path, b"two")
        assert path.read_bytes() == b"one"
    finally:
        tmp_path.chmod(0o700)


def test_a_missing_folder_and_a_folder_in_the_way(tmp_path: Path):
    with pytest.raises(ProjectError, match="does not exist"):
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


WRITING = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from editor_core.base.errors import ProjectError
from editor_core.project.safe_write import replacing
with replacing(Path({path!r}), ProjectError) as file:
    file.write(b"half")
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_save_left_is_swept_and_what_is_being_written_is_not(tmp_path: Path):
    path = tmp_path / "a.bin"
    script = WRITING.format(root=str(Path.cwd()), path=str(path))
    with subprocess.Popen([sys.executable, "-c", script], stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"writing\n"
        (leftover,) = tmp_path.iterdir()
        assert stat.S_IMODE(leftover.stat().st_mode) == 0o600
        write(path, b"one")
        assert leftover.exists()
        other.kill()
        other.wait()
        write(path, b"two")
        assert os.listdir(tmp_path) == ["a.bin"]


def test_only_old_leftovers_of_other_machines_are_swept(tmp_path: Path):
    write(tmp_path / "a.bin", b"one")
    name = safe_write._hidden_name(tmp_path / "a.bin")
    old, young = tmp_path / f"{name}-fedcba-1-0.tmp", tmp_path / f"{name}-fedcba-2-0.tmp"
    other = tmp_path / f"{safe_write._hidden_name(tmp_path / 'b.bin')}-fedcba-1-0.tmp"
    for leftover in (old, young, other):
        leftover.write_bytes(b"")
    for leftover in (old, other):
        os.utime(leftover, (1, 1))
    write(tmp_path / "a.bin", b"two")
    assert not old.exists() and young.exists() and other.exists()


def test_a_folder_that_cannot_be_synced_is_no_reason_to_say_not_saved(tmp_path: Path, monkeypatch):
    original = os.fsync

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "")
        original(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    write(tmp_path / "a.bin", b"one")
    assert (tmp_path / "a.bin").read_bytes() == b"one"


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_nobody_else_can_read_what_is_private_not_even_while_it_is_written(tmp_path: Path):
    path, secret = tmp_path / "a.bin", tmp_path / "b.bin"
    write(path, b"one")
    path.chmod(0o600)
    public = tmp_path / "c.bin"
    for target, options in ((path, {}), (secret, {"private": True}), (public, {})):
        with replacing(target, ProjectError, **options) as file:
            assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
        assert stat.S_IMODE(target.stat().st_mode) == (
            0o666 & ~safe_write._UMASK if target == public else 0o600
        )


def test_a_write_protected_file_is_replaced_only_when_asked(tmp_path: Path):
    path = tmp_path / "a.bin"
    write(path, b"one")
    path.chmod(0o444)
    with pytest.raises(ProjectError, match="write-protected"):
        write(path, b"two")
    assert path.read_bytes() == b"one"
    write(path, b"three", protected_too=True)
    assert path.read_bytes() == b"three" and stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.skipif(os.name == "nt", reason="devices of POSIX systems")
def test_a_device_is_not_replaced_by_a_file(tmp_path: Path):
    with pytest.raises(ProjectError, match="not a regular file"):
        write(Path("/dev/full"), b"two")
    (tmp_path / "link").symlink_to("/dev/null")
    with pytest.raises(ProjectError, match="not a regular file"):
        write(tmp_path / "link", b"two")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode) and stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("name", ["n" * 255, "ü" * 127, "n" * 251 + ".bin"])
def test_names_as_long_as_they_may_be(tmp_path: Path, name: str):
    path = tmp_path / name
    with locked(path, ProjectError):
        write(path, b"one", keep_backup=True)
        write(path, b"two", keep_backup=True)
    assert (path.read_bytes(), backup_of(path).read_bytes()) == (b"two", b"one")
    assert len(os.listdir(tmp_path)) == 2


def test_long_names_that_begin_alike_have_backups_of_their_own(tmp_path: Path):
    paths = [tmp_path / f"{'ü' * 120}{letter}.palimpsest" for letter in "ab"]
    backups = {backup_of(path) for path in paths}
    assert len(backups) == 2 and all(len(os.fsencode(backup.name)) <= 255 for backup in backups)
    assert backup_of(tmp_path / "fox.palimpsest").name == "fox.palimpsest.bak"


def test_a_name_that_no_file_can_have(tmp_path: Path):
    for name in ("a\0b", "\ud800"):
        with pytest.raises(ProjectError, match="was not saved"):
            write(tmp_path / name, b"")


def test_a_disk_that_fills_in_the_middle_leaves_the_old_file(tmp_path: Path, monkeypatch):
    path = tmp_path / "a.bin"
    write(path, b"one")

    class Filling(io.BufferedWriter):
        def write(self, data) -> int:
            if self.tell() >= 3:
                raise OSError(errno.ENOSPC, "")
            return super().write(data)

    monkeypatch.setattr(safe_write, "_created", lambda file: Filling(io.FileIO(file, "xb")))
    with pytest.raises(ProjectError, match="the disk is full"), replacing(path, ProjectError) as file:
        for _ in range(3):
            file.write(b"two")
    assert path.read_bytes() == b"one" and os.listdir(tmp_path) == ["a.bin"]


def test_what_the_check_refuses_is_not_put_in_place(tmp_path: Path):
    path = tmp_path / "a.bin"
    write(path, b"one")

    def refuse(temporary: Path) -> None:
        assert temporary.read_bytes() == b"two"
        raise ProjectError("no")

    with pytest.raises(ProjectError, match="no"), replacing(path, ProjectError, check=refuse) as file:
        file.write(b"two")
    assert path.read_bytes() == b"one" and os.listdir(tmp_path) == ["a.bin"]


def test_one_at_a_time(tmp_path: Path, monkeypatch):
    path = tmp_path / "a.bin"
    monkeypatch.setattr(safe_write, "_LOCK_SECONDS", 0.05)
    with locked(path, ProjectError):
        assert len(os.listdir(tmp_path)) == 1
        with pytest.raises(ProjectError, match="another program"), locked(path, ProjectError):
            pass
    assert os.listdir(tmp_path) == []
    with pytest.raises(ProjectError, match="was not saved"), locked(tmp_path / "none" / "a", ProjectError):
        pass


def test_why_a_file_cannot_be_read():
    path = Path("pictures/a.png")
    assert str(read_failure(path, OSError(errno.ENOENT, ""))) == f"The file “{path}” does not exist."
    assert "permission" in str(read_failure(path, OSError(errno.EACCES, "")))
    for fault in (OSError(errno.EIO, os.strerror(errno.EIO)), OSError("odd")):
        assert "the disk reported an error" in str(read_failure(path, fault))
