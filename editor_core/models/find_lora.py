"""Where the LoRA lies that somebody calls by name: among those already known, or in the folders beside the model.

Folders as the web UIs and ComfyUI have them: `loras` or `Lora` beside the model's own, or beside the folder it lies in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.models.lora_file import is_lora

_FOLDERS = ("loras", "lora", "lycoris")
_ENDING = ".safetensors"

Called = Callable[[str], Iterable[Path]]


def _nowhere(name: str) -> Iterable[Path]:
    return ()


def found_loras(
    choices: Sequence[LoraChoice], model: Path, known: Iterable[LoraChoice], called: Called = _nowhere
) -> tuple[LoraChoice, ...]:
    """The same with paths for names. Raises ModelError for one that is nowhere."""
    return tuple(
        replace(choice, source=str(find_lora(choice.source, model, known, called))) for choice in choices
    )


def find_lora(name: str, model: Path, known: Iterable[LoraChoice] = (), called: Called = _nowhere) -> Path:
    """A path itself; else the file of that name, capitals aside. Raises ModelError when there is none.

    model: the folder or file of the model. known: LoRAs by path. called: files of a name that lie elsewhere.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path.resolve()
    wanted = path.name.removesuffix(_ENDING).casefold()
    if path.name == name and wanted:
        paths = [Path(choice.source) for choice in known]
        for file in (*paths, *_beside(model)):
            if file.stem.casefold() == wanted:
                return file
        for file in called(wanted):
            if is_lora(file):
                return file
    raise ModelError(
        "There is no LoRA called “{name}”; give its path, or put it into a folder “loras” beside the model.",
        name=name[:200],
    )


def _beside(model: Path) -> Iterator[Path]:
    home = model if model.is_dir() else model.parent
    for folder in dict.fromkeys((home, home.parent, home.parent.parent)):
        try:
            inside = sorted(each for each in folder.iterdir() if each.name.casefold() in _FOLDERS)
        except OSError:
            continue
        for each in inside:
            yield from sorted(each.rglob(f"*{_ENDING}"))
