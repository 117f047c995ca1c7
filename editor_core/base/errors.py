"""Every error a user may meet, each with one plain sentence.

Programming faults stay ordinary exceptions and reach the user as a report with a traceback.
"""

from typing import Any, Self

from editor_core.base.message import Message, Value


class EditorError(Exception):
    """Base of all expected failures: ``EditorError("There is no turn {turn}.", turn=turn_id)``.

    ``message`` is one sentence an artist understands, ``str(error)`` the same in English.
    """

    def __init__(self, template: str, /, **values: Value) -> None:
        self.message = Message(template, **values)
        super().__init__(str(self.message))

    @classmethod
    def of(cls, message: Message) -> Self:
        """The error that says this."""
        return cls(message.template, **message.values)

    def __reduce__(self) -> tuple[Any, ...]:
        """With its message, where an error of another process is raised in this one."""
        return type(self).of, (self.message,)


class JobCancelled(Exception):
    """The running job was asked to stop; raised at step boundaries only."""


class ImageFileError(EditorError):
    """A picture could not be read or written."""


class ProjectError(EditorError):
    """A project file could not be read or written."""


class LayerError(EditorError):
    """A layer cannot be changed as asked."""


class ModelError(EditorError):
    """A model folder is missing, incomplete, damaged or of a kind the program does not know."""


class DownloadError(EditorError):
    """A model could not be fetched."""


class DeviceError(EditorError):
    """The asked-for device is not on this machine."""


class PromptError(EditorError):
    """The prompt cannot be used as it is."""


class SizeError(EditorError):
    """The picture's size cannot be used."""


class RegionError(EditorError):
    """The region cannot be used as it is."""


class SketchError(EditorError):
    """The sketch cannot be used as it is."""


class NothingToChangeError(EditorError):
    """The edit would leave the picture as it is."""


class OutOfMemoryError(EditorError):
    """The device ran out of memory although the program stepped down."""


class SettingsError(EditorError):
    """The settings could not be saved."""


class RemoteError(EditorError):
    """The computers that should do the work cannot be reached, or stopped."""
