"""Where a model's sketch adapter lies; JSON only."""

from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.models.control_files import find_line_control
from editor_core.models.weight_files import read_json

ADAPTER = "adapter_sketch"
_OTHER_NAMES = tuple(
    f"{family}_{kind}*".replace("_", joint)
    for joint in "_-"
    for family in ("t2iadapter", "t2i_adapter")
    for kind in ("sketch", "lineart", "canny")
)
"""Names on the hub of adapters that follow lines; those for depth, pose or colour do not."""


def find_adapter(folder: Path) -> Path | None:
    """The sketch adapter that comes with a model (a folder or a file) or lies beside it, or None."""
    if is_adapter(folder / ADAPTER):
        return folder / ADAPTER
    for place in (folder, folder.parent):
        for pattern in _OTHER_NAMES:
            if found := [path for path in sorted(place.glob(pattern)) if is_adapter(path)]:
                return found[0]
    return None


def follows_sketches(path: Path, width: int) -> bool:
    """Whether a sketch adapter, or a ControlNet for lines and words of this width, comes with a model."""
    return find_adapter(path) is not None or find_line_control(path, width) is not None


def is_adapter(folder: Path) -> bool:
    """Whether the folder holds a T2I-Adapter in diffusers' layout."""
    try:
        return read_json(folder / "config.json").get("_class_name") == "T2IAdapter"
    except ModelError:  # not there, or damaged: either way none that can be used
        return False
