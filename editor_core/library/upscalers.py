"""Networks that enlarge pictures, in the watched folders: by name."""

from collections.abc import Iterator
from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.library.entry import Kind
from editor_core.library.places import watched
from editor_core.library.scan import weights_in


def upscaler_files(library_folders: tuple[str, ...]) -> Iterator[Path]:
    """Those that may be some; none is opened."""
    return (path for path, kind in weights_in(watched(library_folders)) if kind is Kind.UPSCALER)


def find_upscaler(name: str, library_folders: tuple[str, ...]) -> Path:
    """A file itself; else the one of that name, with or without its ending, capitals aside.

    Raises ModelError when there is none.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    wanted = path.name.casefold()
    for file in upscaler_files(library_folders):
        if wanted in (file.name.casefold(), file.stem.casefold()):
            return file
    raise ModelError(
        "There is no upscaler called “{name}”; give its file, or put it into a folder “upscale_models” among the "
        "models.",
        name=name[:200],
    )
