"""Script-Fu for a real GIMP: what it makes of our files, and files of its own with all of its modes."""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

MODES = tuple(mode for mode in range(62) if mode not in (1, 2, 22, 29, 61))
"""Those of layers that come out the same each time; 61 is a group's, "pass through"."""
REACHES = {"auto": 0, "union": 1, "clip to layer": 3, "intersection": 4}


def gimp(*scripts: str, timeout: int) -> None:
    """Run scripts one after another; what they do not write is missed by whoever looks for it."""
    program = shutil.which("gimp-console") or "gimp"
    batch = [part for script in (*scripts, "(gimp-quit 0)") for part in ("-b", script)]
    subprocess.run([program, "-i", "-d", "-f", *batch], capture_output=True, timeout=timeout, check=False)


def converted(source: Path, *targets: Path) -> str:
    """A script that opens a file and writes what GIMP shows of it (.png), or its layers (.xcf, .psd)."""
    saves = {
        ".xcf": '(gimp-xcf-save 0 image layer "{0}" "{0}")',
        ".psd": '(file-psd-save RUN-NONINTERACTIVE image layer "{0}" "{0}" 0 0)',
        ".png": _SHOWN,
    }
    wanted = " ".join(saves[target.suffix].format(target) for target in targets)
    return (
        f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}")))'
        f" (layer (car (gimp-image-get-active-layer image)))) {wanted} (gimp-image-delete image))"
    )


_SHOWN = (
    '(let ((seen (car (gimp-layer-new-from-visible image image "seen")))) (gimp-image-insert-layer image seen 0 0)'
    ' (file-png-save RUN-NONINTERACTIVE image seen "{0}" "{0}" 0 9 0 0 0 0 0) (gimp-image-remove-layer image seen))'
)


def own_modes(ground: Path, paint: Path, side: int, reach: int, target: Path) -> str:
    """A script that makes a file with each of GIMP's modes in a group of its own, and a picture of it beside that.

    ``ground`` and ``paint``: pictures of ``side`` pixels; ``target``: a name without an ending.
    """
    lines: list[str] = [f"(let* ((image (car (gimp-image-new {side * len(MODES)} {side} RGB)))"]
    for name, path in (("ground", ground), ("paint", paint)):
        lines.append(f'({name} (car (gimp-file-load-layer RUN-NONINTERACTIVE image "{path}")))')
    lines.append("(group 0) (below 0) (above 0))")
    for number, mode in enumerate(MODES):
        lines += _case(number, mode, side, reach)
    lines.append(f'(gimp-xcf-save 0 image group "{target}.xcf" "{target}.xcf")')
    lines += [_SHOWN.format(f"{target}.png"), "(gimp-image-delete image))"]
    return "\n".join(lines)


def _case(number: int, mode: int, side: int, reach: int) -> Iterable[str]:
    yield "(set! group (car (gimp-layer-group-new image))) (gimp-image-insert-layer image group 0 0)"
    for name, source in (("below", "ground"), ("above", "paint")):
        yield f"(set! {name} (car (gimp-layer-new-from-drawable {source} image)))"
        yield f"(gimp-image-insert-layer image {name} group 0)"
        yield f"(gimp-layer-set-offsets {name} {number * side} 0)"
    yield f"(gimp-layer-set-mode above {mode}) (gimp-layer-set-opacity above {80 if number % 2 else 100})"
    if reach:
        yield f"(gimp-layer-set-composite-mode above {reach})"


def names(modes: Sequence[int] = MODES) -> list[tuple[str, str]]:
    """The cases of `own_modes` as reports name them."""
    return [(f"mode {mode}", "of GIMP") for mode in modes]
