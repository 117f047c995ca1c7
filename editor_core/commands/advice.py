"""What to do next: a refusal from below names what is wrong, a command adds the way on."""

from editor_core.base.errors import (
    DeviceError,
    EditorError,
    ImageFileError,
    ModelError,
    NothingToChangeError,
    OutOfMemoryError,
    ProjectError,
    RegionError,
    SizeError,
    SketchError,
)

_NEXT: tuple[tuple[type[EditorError], str], ...] = (
    (ModelError, "palimpsest models lists those that can be used"),
    (DeviceError, "--device cpu works everywhere"),
    (OutOfMemoryError, "--device cpu or a smaller --size needs less"),
    (SizeError, "--size 256x256 suits the model that ships with the program"),
    (RegionError, "--mask takes a picture in which is marked where it may change"),
    (SketchError, "--sketch takes a picture of a drawing"),
    (NothingToChangeError, "change --prompt, or give another --turn"),
    (ImageFileError, "save it as PNG in the program it comes from"),
    (ProjectError, "a copy from before the last save may lie beside it as .bak"),
)


def with_next_step(error: EditorError) -> str:
    """The error's sentence; where it does not say itself what to do, with what its kind suggests."""
    sentence = str(error)
    if "; " in error.message.template or ". " in error.message.template:
        return sentence
    step = next((step for kind, step in _NEXT if isinstance(error, kind)), "")
    return f"{sentence.rstrip('.')}; {step}." if step else sentence
