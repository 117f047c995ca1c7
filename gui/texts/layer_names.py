"""What layers are called in the window."""

from PySide6.QtCore import QCoreApplication

from editor_core.document.document import PICTURE_NAME, AnyDocument
from editor_core.document.layers import Layer


def layer_name(document: AnyDocument, layer: Layer) -> str:
    """A layer's own name; the Picture layer is called so in the artist's language until it is named otherwise."""
    if (layer.id, layer.name) == (document.picture_layer_id, PICTURE_NAME):
        return QCoreApplication.translate("LayersVM", "Picture")
    return layer.name
