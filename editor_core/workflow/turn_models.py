"""Which model and LoRAs a turn was made with, and where they lie now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.document.turns import Turn
from editor_core.library.scan import finder
from editor_core.models import embedded
from editor_core.models.available import absolute_source, source_folder
from editor_core.models.find_lora import Called, find_lora


@dataclass(frozen=True)
class FoundModel:
    settings: Settings
    """With the turn's model, as far as it was found, and its LoRAs."""
    missing: tuple[str, ...]
    """Names of what is nowhere."""
    has_model: bool


def model_of(turn: Turn, settings: Settings) -> FoundModel | None:
    """Where the turn's model is: at its place, or a known one of that name. None where no other model is needed,
    or nothing is known of it."""
    if not turn.model_source or _is_in_use(turn, settings):
        return None
    called = finder(settings.library_folders)
    source = _source(turn.model_source, settings.model_folders, called)
    loras, missing = _loras(turn.loras, source or settings.model, settings.loras, called)
    vae = _vae(turn.vae, called)
    if turn.vae and not vae:
        missing = (*missing, Path(turn.vae).name)
    found = replace(settings, model=source or settings.model, loras=loras, vae=vae, clip_skip=turn.clip_skip)
    return FoundModel(found, missing if source else (turn.model, *missing), source is not None)


def _vae(source: str, called: Called) -> str:
    """Its path as it was, or one of that name in the library; empty for the model's own and for one that is nowhere."""
    if not source or Path(source).expanduser().exists():
        return source
    return next((str(path) for path in called(Path(source).name)), "")


def _is_in_use(turn: Turn, settings: Settings) -> bool:
    used = {lora for lora in settings.loras if lora.weight}
    parts = (turn.vae, turn.clip_skip) == (settings.vae, settings.clip_skip)
    return turn.model_source == absolute_source(settings.model) and set(turn.loras) == used and parts


def _source(source: str, known: Iterable[str], called: Called) -> str | None:
    """What the settings call the model: its path as it was, or a known one with the same file's or folder's name."""
    if source == embedded.NAME or Path(source).expanduser().exists():
        return source
    name = Path(source).name
    listed = (other for other in known if Path(other).name == name and Path(other).exists())
    return next(listed, None) or next((str(path) for path in called(name)), None)


def _loras(
    loras: Iterable[LoraChoice], model: str, known: Iterable[LoraChoice], called: Called
) -> tuple[tuple[LoraChoice, ...], tuple[str, ...]]:
    """Those that were found, by path, and the names of the others."""
    found, missing = [], []
    for lora in loras:
        for name in (lora.source, lora.name):
            try:
                found.append(replace(lora, source=str(find_lora(name, source_folder(model), known, called))))
                break
            except ModelError:
                continue
        else:
            missing.append(lora.name)
    return tuple(found), tuple(missing)
