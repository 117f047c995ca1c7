"""Whether Krita and GIMP show what we write as we do, and whether what Krita writes comes back so.

Every mode in every kind of group (`support/mode_cases.py`), as OpenRaster and as PSD. Differences are of premultiplied
colour, in levels of 255; more than two are a fault. A program that is not there is named and passed over; Krita needs a
display (Xvfb). Run by path: ``python tests/campaign/other_programs.py``.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402

from editor_core.document.compositing import flatten  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.project.documents import load_document  # noqa: E402
from editor_core.project.layer_formats import required_layer_format  # noqa: E402
from editor_core.project.picture_reading import read_picture  # noqa: E402
from support.mode_cases import SIDE, cases, document_of  # noqa: E402

ALLOWED = 2  # levels
GIMP_OWN = frozenset(
    ("color-dodge", "color-burn", "soft-light", "hue", "saturation", "color", "luminosity", "plus")
)
"""Modes that GIMP 2.10 computes by formulas of its own, whoever wrote the file: told, and no fault of it."""
TIMEOUT = 600  # seconds
GIMP_PLUG_INS = list(Path("/usr/lib/gimp").glob("*/plug-ins/file-openraster*"))
GIMP_SCRIPT = (
    '(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}")))'
    " (layer (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))"
    " (gimp-layer-resize-to-image-size layer)"
    ' (file-png-save RUN-NONINTERACTIVE image layer "{target}" "{target}" 0 9 0 0 0 0 0))'
)


def krita(source: Path, target: Path) -> None:
    subprocess.run(
        ["xvfb-run", "-a", "krita", "--export", "--export-filename", target, source],
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )


def gimp(source: Path, target: Path) -> None:
    script = GIMP_SCRIPT.format(source=source, target=target)
    subprocess.run(
        ["gimp", "-i", "-b", script, "-b", "(gimp-quit 0)"], capture_output=True, timeout=TIMEOUT, check=False
    )


def seen(document: Document) -> np.ndarray:
    return flatten(document.layers, document.rect)


def picture(path: Path) -> np.ndarray | None:
    """RGBA of a file that another program should have written."""
    if not path.exists():
        return None
    pixels = read_picture(path).pixels
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return pixels if pixels.shape[2] == 4 else np.dstack([pixels, opaque])


def premultiplied(pixels: np.ndarray) -> np.ndarray:
    alpha = pixels[..., 3:] / 255
    return np.dstack([pixels[..., :3] * alpha, pixels[..., 3:]])


def compare(
    title: str,
    ours: np.ndarray,
    theirs: np.ndarray | None,
    names: list[tuple[str, str]],
    own: frozenset[str] = frozenset(),
) -> int:
    """Print what differs; returns how many cases do whose modes are not the other program's ``own``."""
    if theirs is None or theirs.shape != ours.shape:
        print(f"{title}: FAULT, no picture of this size came back")
        return len(names)
    levels = np.rint(np.abs(premultiplied(ours) - premultiplied(theirs)).max(axis=2))
    worst = [float(levels[:, n * SIDE : (n + 1) * SIDE].max()) for n in range(len(names))]
    faults = [f"{' '.join(name)} {level:.0f}" for name, level in zip(names, worst) if level > ALLOWED]
    print(
        f"{title}: {len(names) - len(faults)} of {len(names)} within {ALLOWED} levels, worst {max(worst):.1f}"
    )
    for fault in faults:
        print(f"    {fault}")
    return sum(level > ALLOWED and name[0] not in own for name, level in zip(names, worst))


def main() -> int:
    programs = {"krita": krita, "gimp": gimp}
    present = {name: run for name, run in programs.items() if shutil.which(name)}
    for name in programs.keys() - present.keys():
        print(f"{name}: not installed, passed over")
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suffix in (".ora", ".psd"):
            wanted = cases(operators=suffix == ".ora")
            document = document_of(wanted)
            source = folder / f"cases{suffix}"
            required_layer_format(source).write(document.snapshot(), source)
            faults += compare(f"ours {suffix}", seen(document), seen(load_document(source)), wanted)
            for program, run in present.items():
                target = folder / f"{program}{suffix}.png"
                if program == "gimp" and suffix == ".ora" and not GIMP_PLUG_INS:
                    print("gimp .ora: its plug-in is not installed, passed over")
                    continue
                run(source, target)
                own = GIMP_OWN if program == "gimp" else frozenset()
                faults += compare(f"{program} {suffix}", seen(document), picture(target), wanted, own)
            if "krita" in present:
                back = folder / f"back{suffix}"
                krita(source, back)
                theirs = seen(load_document(back)) if back.exists() else None
                faults += compare(f"back from krita {suffix}", seen(document), theirs, wanted)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
