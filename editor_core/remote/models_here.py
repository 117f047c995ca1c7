"""Models are asked for by path and by fingerprint: another computer has the same one at another place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.messages.requests import LoadModel
from editor_core.models import embedded
from editor_core.models.available import source_folder
from editor_core.models.find_lora import find_lora
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model


@dataclass(frozen=True)
class WantedModel:
    """A model as it is asked for elsewhere."""

    load: LoadModel
    """With this computer's paths."""
    fingerprint: str = ""
    """Of the files at ``load.source``; empty where they are not on this computer, or the model is the shipped one."""


def wanted_elsewhere(load: LoadModel) -> WantedModel:
    """The request with the fingerprint of what lies here. Raises ModelError where it is no model."""
    if load.source == embedded.NAME or not Path(load.source).expanduser().exists():
        return WantedModel(load)
    return WantedModel(load, fingerprint(inspect_model(source_folder(load.source))))


def found_here(wanted: WantedModel, folders: Iterable[str], device: str) -> LoadModel:
    """The request with this computer's own paths and device.

    folders: models known here. Raises ModelError for what is not here.
    """
    source = _source(wanted, folders)
    loras = tuple(_lora(lora, source) for lora in wanted.load.loras)
    if wanted.load.vae and not Path(wanted.load.vae).expanduser().exists():
        raise ModelError("There is no VAE {path} on the computer that does the work.", path=wanted.load.vae)
    return replace(wanted.load, source=source, loras=loras, device=device)


def _source(wanted: WantedModel, folders: Iterable[str]) -> str:
    own = wanted.load.source
    if own == embedded.NAME:
        return own
    for source in (own, *folders):
        if _is_it(source, wanted.fingerprint):
            return source
    raise ModelError(
        "The computer that does the work does not have the model {name}: add it to the models there.",
        name=Path(own).name,
    )


def _is_it(source: str, wanted: str) -> bool:
    path = Path(source).expanduser()
    if not path.exists():
        return False
    try:
        return not wanted or fingerprint(inspect_model(path)) == wanted
    except (ModelError, OSError):
        return False


def _lora(lora: LoraChoice, source: str) -> LoraChoice:
    """By its path, else by its name. Raises ModelError."""
    for name in (lora.source, lora.name):
        try:
            return replace(lora, source=str(find_lora(name, source_folder(source))))
        except ModelError:
            continue
    raise ModelError("The computer that does the work does not have the LoRA {name}.", name=lora.name)
