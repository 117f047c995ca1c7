"""The kinds of file that layers can be written to, for a copy; pictures are in `picture_formats.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from editor_core.base.errors import ImageFileError
from editor_core.base.message import Message
from editor_core.document.layers import AdjustmentLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.project.baked_copies import with_modes_baked
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.layer_parts import left_out_of_copies
from editor_core.project.openraster import export_openraster
from editor_core.project.project_file import write_project


@dataclass(frozen=True)
class LayerFormat:
    """A kind of file with layers."""

    name: str
    suffix: str
    write: Callable[[DocumentSnapshot, Path], tuple[Message, ...]]
    """Writes a file and returns a sentence for each thing that it cannot hold; raises ProjectError."""
    for_others: bool = True
    """Whether it is for other programs, which have formulas of their own for some modes."""

    def write_baked(self, snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
        """The same such that it looks alike in every program: with normal layers only."""
        normal, merged = with_modes_baked(snapshot)
        return (*self.write(normal, path), *merged)


def layer_format_of(path: Path) -> LayerFormat | None:
    """The kind of file that a name's ending tells; None where that holds no layers."""
    return next((kind for kind in LAYER_FORMATS if kind.suffix == path.suffix.lower()), None)


def required_layer_format(path: Path) -> LayerFormat:
    """The same. Raises ImageFileError."""
    found = layer_format_of(path)
    if found is None:
        raise ImageFileError(
            "This file type holds no layers. Copies can be saved as {endings}.",
            endings=tuple(kind.suffix for kind in LAYER_FORMATS),
        )
    return found


def without_adjustments(snapshot: DocumentSnapshot) -> tuple[Message, ...]:
    """That adjustments are left out of a file's layers, if there are any; its merged picture shows them."""
    names = tuple(layer.name[:60] for layer in snapshot.layers.walk() if isinstance(layer, AdjustmentLayer))
    told = Message("Adjustment layers are seen in the merged picture only: {names}.", names=names)
    return (told,) if names else ()


def _project(snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
    write_project(snapshot, path, keep_backup=True)
    return ()


def _openraster(snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
    export_openraster(snapshot, path)
    return (*left_out_of_copies(snapshot), *without_adjustments(snapshot))


def _photoshop(snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
    from editor_core.project.photoshop_writing import write_psd  # at the first use: its library takes a while

    return (*write_psd(snapshot, path), *without_adjustments(snapshot))


def _photoshop_large(snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
    from editor_core.project.photoshop_writing import write_psb

    return (*write_psb(snapshot, path), *without_adjustments(snapshot))


LAYER_FORMATS = (
    LayerFormat("OpenRaster", ".ora", _openraster),
    LayerFormat("Photoshop", ".psd", _photoshop),
    LayerFormat("Photoshop, large files", ".psb", _photoshop_large),
    LayerFormat("Palimpsest", PROJECT_SUFFIX, _project, for_others=False),
)
