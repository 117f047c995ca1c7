"""Looking at all of a project that opened, as the window does sooner or later."""

from datetime import datetime

from editor_core.base.errors import EditorError
from editor_core.document.document import Document


def look_at_everything(document: Document) -> None:
    """Raises whatever is no EditorError."""
    document.picture()
    document.edit_mask()
    for turn in document.history:
        datetime.fromisoformat(turn.created).astimezone()
        document.history.path(turn.id)
        for name in ("image", "mask"):
            try:
                getattr(turn, name)
            except EditorError as error:
                assert "\n" not in str(error)
        for name in turn.latents:
            try:
                turn.latents[name]
            except EditorError as error:
                assert "\n" not in str(error)
