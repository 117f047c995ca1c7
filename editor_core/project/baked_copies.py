"""Copies for other programs that look the same in each of them: blend modes become part of the pixels."""

from dataclasses import replace

from editor_core.base.message import Message
from editor_core.document.baking import baked, is_normal
from editor_core.document.layers import GroupLayer, LayerStack, PictureLayer
from editor_core.document.snapshot import DocumentSnapshot

OWN_TO_GIMP = frozenset(
    ("color-dodge", "color-burn", "soft-light", "hue", "saturation", "color", "luminosity", "plus")
)
"""Modes that GIMP computes by formulas of its own, whoever wrote the file."""


def shown_otherwise(snapshot: DocumentSnapshot) -> tuple[PictureLayer, ...]:
    """The layers that another program shows by formulas of its own."""
    return tuple(layer for layer in _seen(snapshot) if layer.blend_mode in OWN_TO_GIMP)


def can_be_baked(snapshot: DocumentSnapshot) -> bool:
    """Whether any layer is not seen everywhere as it is here, by the standards."""
    return any(
        not is_normal(layer) or (isinstance(layer, GroupLayer) and not layer.isolated)
        for layer in _seen(snapshot)
    )


def with_modes_baked(snapshot: DocumentSnapshot) -> tuple[DocumentSnapshot, tuple[Message, ...]]:
    """The document with normal layers only that looks the same, and a sentence for each thing that is lost by it."""
    made = baked(snapshot.layers, snapshot.rect)
    told: list[Message] = []
    if made.merged:
        told.append(
            Message(
                "These layers were merged with those below them, for only so they look the same in every program: "
                "{names}.",
                names=tuple(name[:60] for name in made.merged),
            )
        )
    return replace(snapshot, layers=LayerStack(made.layers)), tuple(told)


def _seen(snapshot: DocumentSnapshot) -> tuple[PictureLayer, ...]:
    return tuple(
        layer for layer in snapshot.layers.walk() if isinstance(layer, PictureLayer) and layer.visible
    )
