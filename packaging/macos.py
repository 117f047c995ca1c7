"""The application as a disk image, signed and notarised where there is an identity. Not yet built.

PALIMPSEST_SIGN_AS names a "Developer ID Application" identity, PALIMPSEST_NOTARY a keychain profile of notarytool.
"""

import os
import platform
import subprocess
import tempfile
from pathlib import Path

from project import NAME, PACKAGING, TITLE


def make_dmg(application: Path, version: str, folder: Path) -> Path:
    """``palimpsest-VERSION-macos-ARCH.dmg`` with the application and a link to /Applications."""
    identity = os.environ.get("PALIMPSEST_SIGN_AS")
    if identity:
        _sign(application, identity)
    image = folder / f"{NAME}-{version}-macos-{platform.machine()}.dmg"
    image.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as stage:
        # ditto keeps the links inside frameworks, without which their signatures are void.
        subprocess.run(["ditto", application, Path(stage, application.name)], check=True)
        Path(stage, "Applications").symlink_to("/Applications")
        subprocess.run(
            ["hdiutil", "create", "-volname", TITLE, "-srcfolder", stage, "-format", "ULFO", image],
            check=True,
        )
    if identity and (profile := os.environ.get("PALIMPSEST_NOTARY")):
        subprocess.run(
            ["xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait"], check=True
        )
        subprocess.run(["xcrun", "stapler", "staple", image], check=True)
    return image


def _sign(application: Path, identity: str) -> None:
    """PyInstaller has signed the libraries one by one; this seals the whole and checks it."""
    command = ["codesign", "--force", "--options", "runtime", "--timestamp", "--sign", identity]
    subprocess.run([*command, "--entitlements", entitlements(), application], check=True)
    subprocess.run(["codesign", "--verify", "--deep", "--strict", application], check=True)


def entitlements() -> Path:
    return PACKAGING / "macos" / "entitlements.plist"
