"""Whether Krita and GIMP show what we write as we do, and whether what they write comes back so.

Every mode in every kind of group (`support/mode_cases.py`), as OpenRaster and as PSD, as they are and with modes baked;
GIMP's own files, with all modes that it has. Differences are of premultiplied colour, in levels of 255; more than two
are a fault. A program that is not there is named and passed over; Krita needs a display (Xvfb). Run by path:
``python tests/campaign/other_programs.py``; the figures go into the campaigns' report (``--no-report``: they do not).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from campaign.report import commit, file_row  # noqa: E402
from editor_core.document.compositing import flatten  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.document.geometry import Rect  # noqa: E402
from editor_core.project.baked_copies import OWN_TO_GIMP  # noqa: E402
from editor_core.project.documents import load_document  # noqa: E402
from editor_core.project.layer_formats import required_layer_format  # noqa: E402
from editor_core.project.picture_reading import read_picture  # noqa: E402
from support.gimp_scripts import REACHES, converted, gimp, names, own_modes  # noqa: E402
from support.mode_cases import SIDE, cases, document_of, ground, paint  # noqa: E402

ALLOWED = 2  # levels
TIMEOUT = 600  # seconds
GIMP_PLUG_INS = list(Path("/usr/lib/gimp").glob("*/plug-ins/file-openraster*"))
"""GIMP 2.10's way to read OpenRaster, in Python 2: systems of today do not have it."""

Names = Sequence[tuple[str, str]]


def krita(source: Path, target: Path) -> None:
    """Once more where nothing came of it: several displays that are opened at once may take each other's number."""
    for _ in range(2):
        subprocess.run(
            ["xvfb-run", "-a", "krita", "--export", "--export-filename", target, source],
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        if target.exists():
            return


def seen(document: Document) -> np.ndarray:
    return flatten(document.layers, document.rect)


def opened(path: Path) -> np.ndarray | None:
    """What is seen of the layers in a file that another program should have written."""
    return seen(load_document(path)) if path.exists() else None


def picture(path: Path) -> np.ndarray | None:
    """RGBA of a picture that another program should have written."""
    if not path.exists():
        return None
    pixels = read_picture(path).pixels
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return pixels if pixels.shape[2] == 4 else np.dstack([pixels, opaque])


def premultiplied(pixels: np.ndarray) -> np.ndarray:
    alpha = pixels[..., 3:] / 255
    return np.dstack([pixels[..., :3] * alpha, pixels[..., 3:]])


class Comparison:
    """All that was compared; what differs is printed."""

    def __init__(self) -> None:
        self.within: dict[str, str] = {}
        self.held = self.wanted = 0
        self.faults: list[str] = []

    def add(
        self,
        title: str,
        ours: np.ndarray | None,
        theirs: np.ndarray | None,
        of: Names,
        own: frozenset[str] = frozenset(),
    ) -> None:
        """Two pictures of cases side by side; those whose modes are the other program's ``own`` do not count."""
        counted = [name for name in of if name[0] not in own]
        self.wanted += len(counted)
        if ours is None or theirs is None or theirs.shape != ours.shape:
            self.faults.append(f"{title}: no picture of this size came back")
            print(self.faults[-1])
            return
        levels = np.rint(np.abs(premultiplied(ours) - premultiplied(theirs)).max(axis=2))
        worst = {name: float(levels[:, n * SIDE : (n + 1) * SIDE].max()) for n, name in enumerate(of)}
        off = [name for name in of if worst[name] > ALLOWED]
        self.held += sum(worst[name] <= ALLOWED for name in counted)
        self.within[title] = f"{len(of) - len(off)} of {len(of)}, worst {max(worst.values()):.0f}"
        print(f"{title}: {self.within[title]}")
        for name in off:
            told = f"{' '.join(name)} {worst[name]:.0f}"
            print(f"    {told}" + (" (a formula of its own)" if name[0] in own else ""))
            if name[0] not in own:
                self.faults.append(f"{title}: {told}")

    def row(self, programs: dict[str, str]) -> dict[str, Any]:
        """The report's."""
        return {
            "id": "other_programs",
            "title": f"modes and groups within {ALLOWED} levels in Krita and GIMP, there and back",
            "value": self.held,
            "unit": "combinations",
            "bar": f"= {self.wanted}",
            "holds": self.held == self.wanted and len(programs) == 2,
            "details": {
                "programs": programs,
                "within": self.within,
                "faults": self.faults[:50],
                "not_counted": f"GIMP's {len(OWN_TO_GIMP)} own modes where they are not baked",
                "commit": commit(),
            },
        }


def ours(compared: Comparison, folder: Path, present: dict[str, str]) -> None:
    """What we write, as others show it and write it again."""
    for suffix in (".ora", ".psd"):
        wanted = cases(operators=suffix == ".ora")
        document = document_of(wanted)
        kind = required_layer_format(Path(suffix[1:] + suffix))
        for how, write in (("", kind.write), (" baked", kind.write_baked)):
            title, source = f"{suffix}{how}", folder / f"cases{how.strip()}{suffix}"
            write(document.snapshot(), source)
            compared.add(f"ours {title}", seen(document), opened(source), wanted)
            if "krita" in present:
                krita(source, shown := folder / f"krita{how.strip()}{suffix}.png")
                compared.add(f"krita {title}", seen(document), picture(shown), wanted)
                krita(source, back := folder / f"back{how.strip()}{suffix}")
                compared.add(f"back from krita {title}", seen(document), opened(back), wanted)
            if "gimp" in present and (suffix == ".psd" or GIMP_PLUG_INS):
                own = frozenset() if how else OWN_TO_GIMP
                shown, *again = (
                    folder / f"gimp{how.strip()}{suffix}{end}" for end in (".png", ".xcf", ".psd")
                )
                gimp(converted(source, shown, *again), timeout=TIMEOUT)
                compared.add(f"gimp {title}", seen(document), picture(shown), wanted, own)
                compared.add(f"back from gimp {title}, as .xcf", picture(shown), opened(again[0]), wanted)
                compared.add(f"back from gimp {title}, as .psd", seen(document), opened(again[1]), wanted)
            elif "gimp" in present:
                print("gimp .ora: its plug-in is not installed, passed over")


def gimps(compared: Comparison, folder: Path) -> None:
    """GIMP's own files with all its modes, in each way to reach over the backdrop."""
    whole = Rect(0, 0, SIDE, SIDE)
    pictures = [folder / "ground.png", folder / "paint.png"]
    for path, tiles in zip(pictures, (ground(), paint())):
        Image.fromarray(tiles.read(whole)).save(path)
    for title, reach in REACHES.items():
        target = folder / f"own{reach}"
        gimp(own_modes(*pictures, SIDE, reach, target), timeout=TIMEOUT)
        found = opened(target.with_suffix(".xcf"))
        compared.add(f"gimp's own .xcf, {title}", picture(target.with_suffix(".png")), found, names())


def version(program: str) -> str:
    """What a program says of itself."""
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, timeout=60, check=False
    ).stdout
    return (said.splitlines() or [program])[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="Krita and GIMP, there and back")
    parser.add_argument("--no-report", action="store_true", help="leave the report as it is")
    options = parser.parse_args()
    present = {name: version(name) for name in ("krita", "gimp") if shutil.which(name)}
    for name in {"krita", "gimp"} - present.keys():
        print(f"{name}: not installed, passed over")
    compared = Comparison()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours(compared, folder, present)
        if "gimp" in present:
            gimps(compared, folder)
    row = compared.row(present)
    print(json.dumps(row))
    if not options.no_report:
        file_row(row)
    return int(bool(compared.faults))


if __name__ == "__main__":
    sys.exit(main())
