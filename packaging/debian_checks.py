"""The .deb from apt's side: it installs, works from its menu entry, goes without a trace. Needs root and Debian."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import linux
from checks import Facts, require
from machine import Machine
from program_checks import makes_a_picture, tells_its_version, works_in_its_window
from project import MIME_TYPE, NAME

SHARE = Path("/usr/share")
ENTRY = SHARE / "applications" / f"{NAME}.desktop"


def steps(package: Path, home: Path) -> dict[str, Callable[[], Facts]]:
    """In this order: each stands on the one before."""
    return {
        "apt installs the package": lambda: install(package),
        "menu entry, file type and icons are known": desktop_knows_it,
        "the menu entry's command works": lambda: works_from_menu(home),
        "apt removes it without a trace": remove,
    }


def install(package: Path) -> Facts:
    apt("install", str(package))
    return {"installed_mb": round(int(query("${Installed-Size}")) / 1000)}


def desktop_knows_it() -> Facts:
    known = (SHARE / "applications" / "mimeinfo.cache").read_text(encoding="utf-8")
    require(f"{MIME_TYPE}={NAME}.desktop" in known, "double-clicking a project opens nothing")
    globs = (SHARE / "mime" / "globs2").read_text(encoding="utf-8")
    require(f":{MIME_TYPE}:*.palimpsest" in globs, "the file type is unknown")
    for place in (f"apps/{NAME}", f"mimetypes/{MIME_TYPE.replace('/', '-')}"):
        require((SHARE / "icons/hicolor/48x48" / f"{place}.png").is_file(), f"the icon {place} is missing")
    return {}


def works_from_menu(home: Path) -> Facts:
    command = linux.menu_command(ENTRY)
    require(len(command) == 1, f"the menu entry starts {command}")
    program = Path("/usr/bin", command[0])
    require(program.exists(), f"{program} is missing")
    machine = Machine(program, home)
    tells_its_version(machine)
    facts = works_in_its_window(machine)
    makes_a_picture(machine)
    machine.require_quiet()
    machine.require_tidy_home()
    return {"installed_window_s": facts["window_s"]}


def remove() -> Facts:
    files = [Path(line) for line in query_files() if not Path(line).is_dir() or NAME in line]
    apt("purge", NAME)
    left = [str(file) for file in files if file.exists() or file.is_symlink()]
    require(not left, f"{len(left)} files are left: {left[:5]}")
    for cache in (SHARE / "applications" / "mimeinfo.cache", SHARE / "mime" / "globs2"):
        if cache.exists():
            require(NAME not in cache.read_text(encoding="utf-8"), f"{cache} still names it")
    traces = [*Path("/etc").rglob(f"*{NAME}*"), *Path("/var/lib/dpkg/info").glob(f"{NAME}*")]
    require(not traces, f"traces are left: {traces[:5]}")
    return {"removed": len(files)}


def apt(*arguments: str) -> None:
    command = ["apt-get", "-o", "Dpkg::Use-Pty=0", "--quiet", "--yes", "--no-install-recommends", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, env={"DEBIAN_FRONTEND": "noninteractive", "PATH": _path()}
    )
    require(done.returncode == 0, f"apt-get {arguments[0]}: {done.stderr[-400:]}")


def query(field: str) -> str:
    return subprocess.run(["dpkg-query", "-W", f"-f={field}", NAME], capture_output=True, text=True).stdout


def query_files() -> list[str]:
    done = subprocess.run(["dpkg", "-L", NAME], capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if re.search(NAME, line)]


def _path() -> str:
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
