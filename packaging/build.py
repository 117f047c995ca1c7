"""One command from a clean clone to the installer of the system it runs on: python packaging/build.py

Needs nothing but Python: everything else comes into a virtual environment of its own, pinned by constraints.txt.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import linux
import macos
import sbom
import windows
from project import NAME, PACKAGING, ROOT, build_date, table, version

TORCH_INDEX = "https://download.pytorch.org/whl/"
STRIPPED = ("torch/lib/*.so", "libpython3*")
"""Libraries whose symbol tables are worth their size; others were rewritten by auditwheel, which strip may break."""


def main() -> int:
    options = _options()
    begun = time.monotonic()
    work, output = ROOT / "build" / "package", ROOT / "dist"
    output.mkdir(exist_ok=True)
    python = environment(work / "venv", options.flavour, options.reuse)
    say("Drawing the icons")
    run(python, PACKAGING / "icons.py", work / "icons")
    bundle = freeze(python, work, output)
    say("Packing")
    made = package(bundle, work, output, options.flavour)
    made.append(write_sbom(work, output))
    made.append(checksums(made, output))
    minutes = (time.monotonic() - begun) / 60
    facts = {
        "minutes": None if options.reuse else round(minutes, 1),  # of a whole build only
        "flavour": options.flavour,
        "files": [file.name for file in made],
    }
    (output / "build.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    for file in made:
        say(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1e6:.1f} MB")
    say(f"Built in {minutes:.1f} minutes")
    return 0 if options.no_selftest else selftest(bundle)


# -- the steps ----------------------------------------------------------------------------------------------------


def environment(place: Path, flavour: str, reuse: bool) -> Path:
    """A clean virtual environment with the pinned libraries; returns its Python."""
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if reuse and python.exists():
        return python
    say(f"Installing the libraries into {place.relative_to(ROOT)}")
    shutil.rmtree(place, ignore_errors=True)
    run(sys.executable, "-m", "venv", place)
    pip = [python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt"]
    # From torch's own index, where the flavours are told apart; its dependencies come with the rest below.
    run(*pip, "--no-deps", "--retries", "1", "--extra-index-url", TORCH_INDEX + flavour, "torch")
    run(*pip, "--editable", f"{ROOT}[gui,package]")
    # The same OpenCV without a Qt of its own. The two share a folder, so the first must go before the second comes.
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "opencv-python")
    run(*pip, "--no-deps", "opencv-python-headless")
    require_flavour(python, flavour)
    report_unpinned(python)
    return python


def require_flavour(python: Path, flavour: str) -> None:
    """Stop where pip found another torch than was asked for: a CUDA torch makes a CPU bundle five times as large."""
    probe = "import torch; print(torch.version.cuda or '')"
    cuda = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=True).stdout.strip()
    if sys.platform != "darwin" and bool(cuda) != flavour.startswith("cu"):
        raise SystemExit(
            f"The {flavour} bundle was asked for, but pip installed torch for CUDA {cuda or 'none'}."
        )


def report_unpinned(python: Path) -> None:
    """Name the libraries that constraints.txt does not hold in place: other systems have some of their own."""
    freeze = [python, "-m", "pip", "list", "--format=json"]
    installed = json.loads(subprocess.run(freeze, capture_output=True, text=True, check=True).stdout)
    pinned = pins()
    loose = sorted(
        row["name"]
        for row in installed
        if normalised(row["name"]) not in {*pinned, normalised(table()["name"]), "pip"}
    )
    if loose:
        say(f"Not pinned by constraints.txt: {', '.join(loose)}")


def freeze(python: Path, work: Path, output: Path) -> Path:
    """PyInstaller's bundle, without symbol tables: a folder, or on macOS an application."""
    say("Freezing the program")
    shutil.rmtree(work / "notices", ignore_errors=True)
    os.environ |= {
        "PALIMPSEST_ICONS": str(work / "icons"),
        "PALIMPSEST_NOTICES": str(work / "notices"),
        "PALIMPSEST_VERSION": version(),
        "PYTHONHASHSEED": "0",  # the same input gives the same archive
        "SOURCE_DATE_EPOCH": str(build_date()),
    }
    if sys.platform == "win32":
        os.environ["PALIMPSEST_VERSION_INFO"] = str(windows.write_version_info(version(), work))
    run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--workpath", work / "frozen"),
        *("--distpath", output, PACKAGING / "editor.spec"),
    )
    bundle = output / NAME
    if sys.platform == "linux":
        for pattern in STRIPPED:
            for library in (bundle / "_internal").glob(pattern):
                run("strip", "--strip-unneeded", library)
    return output / "Palimpsest.app" if sys.platform == "darwin" else bundle


def package(bundle: Path, work: Path, output: Path, flavour: str) -> list[Path]:
    """The installers of this system."""
    if sys.platform == "win32":
        return [
            windows.make_installer(bundle, work / "icons", version(), output, sliced=flavour.startswith("cu"))
        ]
    if sys.platform == "darwin":
        return [macos.make_dmg(bundle, version(), output)]
    deb = linux.make_deb(bundle, work / "icons", version(), build_date(), work / "deb", output)
    return [deb, linux.make_tar(bundle, version(), build_date(), output)]


def write_sbom(work: Path, output: Path) -> Path:
    components = json.loads((work / "notices" / "components.json").read_text(encoding="utf-8"))
    file = output / f"{NAME}-{version()}.cdx.json"
    sbom.write(components, version(), build_date(), file)
    return file


def checksums(files: list[Path], output: Path) -> Path:
    """SHA-256 sums in the form that `sha256sum --check` reads."""
    sums = output / "SHA256SUMS"
    sums.write_text("".join(f"{digest(file)}  {file.name}\n" for file in files), encoding="utf-8")
    return sums


def selftest(bundle: Path) -> int:
    say("Trying the program out")
    return subprocess.run([sys.executable, PACKAGING / "selftest.py", bundle]).returncode


# -- small things -------------------------------------------------------------------------------------------------


def pins() -> dict[str, str]:
    """Normalised name → version, from constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {normalised(name): number.strip() for name, number in rows}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def digest(file: Path) -> str:
    with file.open("rb") as stream:
        total = sha256()
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def run(*command: str | Path) -> None:
    """Run a command to its end; ends the build with one sentence when it fails."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT)
    if done.returncode:
        raise SystemExit(
            f"{Path(command[0]).name} failed with code {done.returncode}: {' '.join(map(str, command))}"
        )


def say(words: str) -> None:
    print(words, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the installer of this system.")
    parser.add_argument(
        "--flavour",
        default="cpu",
        help="cpu, or a CUDA version as torch's index spells it, for example cu130",
    )
    parser.add_argument("--reuse", action="store_true", help="keep the virtual environment of the last build")
    parser.add_argument("--no-selftest", action="store_true", help="do not try the program out at the end")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
