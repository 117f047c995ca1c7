"""The bundle as a .deb and as a .tar.zst. Symbolic links stay links: as copies they would double the size."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

from project import MIME_TYPE, NAME, PACKAGING, ROOT, SUMMARY

PREFIX = Path("opt") / NAME
ICON_SIDES = (16, 24, 32, 48, 64, 128, 256, 512)
DESKTOP_HELPERS = ("desktop-file-utils", "hicolor-icon-theme", "shared-mime-info")
WAYLAND = ("libwayland-client0", "libwayland-cursor0", "libwayland-egl1")
"""For Qt's Wayland plugin, which stays unused without them: desktops with Wayland have them, others need them not."""
OPTIONAL = re.compile(r"wayland|libQt6WlShell", re.IGNORECASE)

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: The Palimpsest authors <authors@palimpsest.invalid>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: {recommends}
Section: graphics
Priority: optional
Description: {summary}
 Change the words of a picture, and only what the words change is painted
 again: every other pixel keeps its bytes, over as many turns as you like.
 A small model ships with the program; everything runs on this machine.
"""


def make_tar(bundle: Path, version: str, date: int, folder: Path) -> Path:
    """The bundle as ``palimpsest-VERSION-linux-ARCH.tar.zst``."""
    archive = folder / f"{NAME}-{version}-linux-{os.uname().machine}.tar.zst"
    subprocess.run(
        ["tar", "--create", "--file", archive, "--use-compress-program", "zstd -T0 -12", "--sort=name"]
        + ["--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{date}", "--directory", bundle.parent]
        + ["--transform", f"flags=r;s,^{bundle.name},{NAME}-{version},", bundle.name],
        check=True,
    )
    return archive


def make_deb(bundle: Path, icons: Path, version: str, date: int, work: Path, folder: Path) -> Path:
    """The Debian package. ``work`` is emptied and used to lay out its files."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(bundle, work / PREFIX, symlinks=True)
    _lay_out_desktop_files(work, icons)
    architecture = _output("dpkg", "--print-architecture").strip()
    control = CONTROL.format(
        name=NAME,
        version=version,
        architecture=architecture,
        kilobytes=sum(path.lstat().st_size for path in work.rglob("*")) // 1024,
        depends=", ".join(dependencies(bundle)),
        recommends=", ".join(WAYLAND),
        summary=SUMMARY,
    )
    (work / "DEBIAN").mkdir()
    (work / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    (work / "DEBIAN" / "md5sums").write_text("".join(_md5_lines(work)), encoding="utf-8")
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", work], check=True)
    package = folder / f"{NAME}_{version}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--threads-max=2", "--build", work, package],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(date)},
    )
    return package


def _lay_out_desktop_files(work: Path, icons: Path) -> None:
    """Menu entry, file type, icons, licence: where a desktop looks for them."""
    share = work / "usr" / "share"
    placed = {
        PACKAGING / "linux" / f"{NAME}.desktop": share / "applications" / f"{NAME}.desktop",
        PACKAGING / "linux" / f"{NAME}.xml": share / "mime" / "packages" / f"{NAME}.xml",
        PACKAGING / "linux" / f"{NAME}.metainfo.xml": share / "metainfo" / f"{NAME}.metainfo.xml",
        ROOT / "LICENSE": share / "doc" / NAME / "copyright",
    }
    for drawing, place in (
        (NAME, f"apps/{NAME}"),
        (f"{NAME}-project", f"mimetypes/{MIME_TYPE.replace('/', '-')}"),
    ):
        hicolor = share / "icons" / "hicolor"
        placed[ROOT / "resources" / "program" / f"{drawing}.svg"] = hicolor / "scalable" / f"{place}.svg"
        for side in ICON_SIDES:
            placed[icons / f"{drawing}-{side}.png"] = hicolor / f"{side}x{side}" / f"{place}.png"
    for source, target in placed.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    command = work / "usr" / "bin" / NAME
    command.parent.mkdir(parents=True)
    command.symlink_to(Path("/") / PREFIX / NAME)


# -- what it depends on -------------------------------------------------------------------------------------------


def dependencies(bundle: Path) -> list[str]:
    """The packages of the libraries that the bundle's own ask for and that it does not carry."""
    wanted = _owners(missing_libraries(bundle))
    wanted.discard("libc6")
    return [f"libc6 (>= {newest_glibc(bundle)})", *map(_with_older_name, sorted(wanted)), *DESKTOP_HELPERS]


def missing_libraries(bundle: Path) -> set[str]:
    """Names of shared libraries that are asked for and not in the bundle."""
    binaries = [path for path in _binaries(bundle) if not OPTIONAL.search(str(path.relative_to(bundle)))]
    carried = {path.name for path in bundle.rglob("*.so*")}
    asked = {name for path in binaries for name in needed(path)}
    return asked - carried


def needed(binary: Path) -> list[str]:
    """The libraries an ELF file asks for."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", _output("readelf", "--dynamic", "--wide", str(binary)))


def newest_glibc(bundle: Path) -> str:
    """The newest version of the C library that a file of the bundle asks for."""
    found = {
        tuple(map(int, number.split(b".")))
        for path in _binaries(bundle)
        for number in re.findall(rb"GLIBC_(2\.\d+)\0", path.read_bytes())
    }
    return ".".join(map(str, max(found)))


def _owners(libraries: set[str]) -> set[str]:
    """The Debian packages that install these libraries. Raises LookupError for one that none does."""
    cache = _output("ldconfig", "-p")
    owners = set()
    for name in libraries:
        place = re.search(rf"^\s*{re.escape(name)} .*=> (\S+)$", cache, re.MULTILINE)
        found = place and subprocess.run(["dpkg", "-S", f"*/{name}"], capture_output=True, text=True).stdout
        if not found:
            raise LookupError(f"No installed package has {name}, which the bundle asks for.")
        owners.add(found.partition(":")[0])
    return owners


def _with_older_name(package: str) -> str:
    """Ubuntu 24.04 and Debian 13 renamed some libraries for 64-bit times; either name will do."""
    base = package.removesuffix("t64")
    return f"{base} | {base}t64" if base in ("libglib2.0-0",) or package.endswith("t64") else package


def _binaries(bundle: Path) -> Iterator[Path]:
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def _md5_lines(work: Path) -> Iterator[str]:
    for path in sorted(work.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts:
            yield f"{md5(path.read_bytes()).hexdigest()}  {path.relative_to(work).as_posix()}\n"


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def menu_command(desktop_file: Path) -> list[str]:
    """The command line of a menu entry, without its place for a file."""
    line = re.search(r"^Exec=(.+)$", desktop_file.read_text(encoding="utf-8"), re.MULTILINE)
    if line is None:
        raise ValueError(f"{desktop_file} starts nothing.")
    return [word for word in line[1].split() if not word.startswith("%")]
