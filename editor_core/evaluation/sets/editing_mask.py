"""Editing-Mask (Zou et al., InstDiffEdit, arXiv 2401.07709).

`Editing-Mask_list.txt` has a line for each picture: "ID <> caption <> phrase <> new phrase" for Imagen's,
"FILE <> label <> new label" for ImageNet's. Pictures and masks are found by the name without its ending, masks below a
folder whose name has "mask" in it.
"""

from collections.abc import Iterator
from pathlib import Path

from editor_core.base.errors import EditorError
from editor_core.evaluation.example import Example
from editor_core.evaluation.sets.files import lines_of

ENDINGS = (".png", ".jpg", ".jpeg", ".JPEG", ".webp")


def read(folder: Path) -> Iterator[Example]:
    """Raises EditorError."""
    listed = next(iter(sorted(folder.rglob("Editing-Mask_list.txt"))), folder / "Editing-Mask_list.txt")
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in ENDINGS]
    masks = {
        file.stem: file for file in files if "mask" in file.parent.relative_to(folder).as_posix().lower()
    }
    pictures = {file.stem: file for file in files if file not in masks.values()}
    for line in lines_of(listed):
        name, *words = [part.strip() for part in line.split("<>")]
        key = Path(name).stem
        if key not in pictures or key not in masks:
            raise EditorError("The set has no picture or no mask of the name {name}.", name=key)
        if len(words) == 3:
            caption, old, new = words
            before, after = caption, caption.replace(old, new) if old in caption else new
        else:
            before, after = (f"a {label}" for label in words[:2])
        kind = "imagen" if len(words) == 3 else "imagenet"
        classes = ("", "") if len(words) == 3 else (words[0], words[1])
        yield Example(
            key,
            kind,
            pictures[key],
            before,
            after,
            instruction=words[-1],
            mask=masks[key],
            shows=classes[0],
            wanted=classes[1],
        )
