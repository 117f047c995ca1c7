"""The bundle as a Windows installer, by Inno Setup. Not yet built: written from the tools' manuals."""

import re
import shutil
import subprocess
from pathlib import Path

from project import MIME_TYPE, NAME, PACKAGING, SUFFIX, SUMMARY, TITLE

RUNTIME = ("vcruntime140.dll", "msvcp140.dll")
"""torch's libraries ask for them, and a fresh Windows lacks them."""

VERSION_INFO = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("FileDescription", "{title}: {summary}"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "{name}"),
      StringStruct("LegalCopyright", "Apache License 2.0"),
      StringStruct("OriginalFilename", "{name}.exe"),
      StringStruct("ProductName", "{title}"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def write_version_info(version: str, folder: Path) -> Path:
    """What Explorer shows of the program, in the form that PyInstaller reads."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "version_info.txt"
    file.write_text(version_info(version), encoding="utf-8")
    return file


def version_info(version: str) -> str:
    """Windows wants four numbers; a suffix such as ``rc1`` is left out of them."""
    parts = [int(number) for number in re.findall(r"\d+", re.split(r"[a-z+-]", version)[0])]
    numbers = (*parts, *[0] * (4 - len(parts)))
    return VERSION_INFO.format(numbers=numbers, version=version, name=NAME, title=TITLE, summary=SUMMARY)


def make_installer(bundle: Path, icons: Path, version: str, folder: Path, sliced: bool) -> Path:
    """``palimpsest-VERSION-windows-x64.exe``; with ``sliced`` it has .bin files beside it, for bundles over 4 GB.

    Raises FileNotFoundError without Inno Setup or without Microsoft's runtime in the bundle.
    """
    for name in RUNTIME:
        if not any(bundle.rglob(name)):
            raise FileNotFoundError(
                f"{name} is not in the bundle: install the Visual C++ runtime, then build again."
            )
    compiler = shutil.which("iscc") or str(Path(r"C:\Program Files (x86)\Inno Setup 6\ISCC.exe"))
    subprocess.run([compiler, *defines(bundle, icons, version, folder, sliced), str(script())], check=True)
    return folder / f"{installer_name(version)}.exe"


def script() -> Path:
    return PACKAGING / "windows" / f"{NAME}.iss"


def installer_name(version: str) -> str:
    return f"{NAME}-{version}-windows-x64"


def defines(bundle: Path, icons: Path, version: str, folder: Path, sliced: bool) -> list[str]:
    """What the script is told; it defines none of these itself."""
    told = {
        "Version": version,
        "Bundle": bundle,
        "Icons": icons,
        "OutputFolder": folder,
        "OutputName": installer_name(version),
        "Sliced": "yes" if sliced else "no",
        "Suffix": SUFFIX,
        "MimeType": MIME_TYPE,
    }
    return [f"/D{name}={value}" for name, value in told.items()]
