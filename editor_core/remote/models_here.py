"""Models are asked for by path and by fingerprint: another computer has it at another place, or is sent it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.base.message import Message
from editor_core.messages.requests import LoadModel
from editor_core.models import embedded
from editor_core.models.available import source_folder
from editor_core.models.find_lora import find_lora
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model
from editor_core.models.progress import Cancel
from editor_core.remote.parcels import Sendable, digest_of, sendable_files, sendable_model
from editor_core.remote.receiving import received


class NotHere(ModelError):
    """Something that a worker lacks."""

    key = ""
    """Its name as a parcel; empty where it cannot be sent."""

    def called(self, key: str) -> "NotHere":
        self.key = key
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _not_here, (self.message, self.key)


def _not_here(message: Message, key: str) -> NotHere:
    return NotHere.of(message).called(key)


@dataclass(frozen=True)
class WantedModel:
    """A model as it is asked for elsewhere."""

    load: LoadModel
    """With this computer's paths."""
    fingerprint: str = ""
    """Of the files at ``load.source``; empty where they are not on this computer, or the model is the shipped one."""
    loras: tuple[str, ...] = ()
    """Their digests, in the order of ``load.loras``; empty for those that are not on this computer."""
    vae: str = ""
    """Its digest, likewise."""

    def sendable(self, key: str) -> Sendable | None:
        """What lies here under that name. Raises ModelError where it cannot be sent."""
        if key == "":
            return None
        if key == self.fingerprint:
            return sendable_model(source_folder(self.load.source), key)
        files = dict(zip(self.loras, self.load.loras))
        if key in files:
            return sendable_files(find_lora(files[key].source, source_folder(self.load.source)), key)
        return sendable_files(Path(self.load.vae).expanduser(), key) if key == self.vae else None


def wanted_elsewhere(load: LoadModel, cancel: Cancel | None = None) -> WantedModel:
    """The request with the names of what lies here. Raises ModelError where it is no model, and JobCancelled."""
    loras = tuple(_lora_digest(lora, load.source, cancel) for lora in load.loras)
    vae = Path(load.vae).expanduser()
    wanted = WantedModel(load, "", loras, digest_of(vae, cancel) if load.vae and vae.exists() else "")
    if load.source == embedded.NAME or not Path(load.source).expanduser().exists():
        return wanted
    return replace(wanted, fingerprint=fingerprint(inspect_model(source_folder(load.source))))


def _lora_digest(lora: LoraChoice, source: str, cancel: Cancel | None) -> str:
    try:
        return digest_of(find_lora(lora.source, source_folder(source)), cancel)
    except (ModelError, OSError):
        return ""


def found_here(wanted: WantedModel, folders: Iterable[str], device: str) -> LoadModel:
    """The request with this computer's own paths and device.

    folders: models known here, besides those that were sent. Raises NotHere.
    """
    source = _source(wanted, folders)
    digests = wanted.loras or ("",) * len(wanted.load.loras)
    loras = tuple(
        _lora(lora, digest, source) for lora, digest in zip(wanted.load.loras, digests, strict=True)
    )
    return replace(wanted.load, source=source, loras=loras, vae=_vae(wanted), device=device)


def _vae(wanted: WantedModel) -> str:
    own = wanted.load.vae
    for path in (Path(own).expanduser(), *received(wanted.vae)) if own else ():
        if path.exists() and (not wanted.vae or digest_of(path) == wanted.vae):
            return str(path)
    if own:
        raise NotHere(
            "The computer that does the work does not have the VAE {name}.", name=Path(own).name
        ).called(wanted.vae)
    return own


def _source(wanted: WantedModel, folders: Iterable[str]) -> str:
    own = wanted.load.source
    if own == embedded.NAME:
        return own
    for source in (own, *folders, *map(str, received(wanted.fingerprint))):
        if _is_it(source, wanted.fingerprint):
            return source
    raise NotHere(
        "The computer that does the work does not have the model {name}: add it to the models there.",
        name=Path(own).name,
    ).called(wanted.fingerprint)


def _is_it(source: str, wanted: str) -> bool:
    path = Path(source).expanduser()
    if not path.exists():
        return False
    try:
        return not wanted or fingerprint(inspect_model(path)) == wanted
    except (ModelError, OSError):
        return False


def _lora(lora: LoraChoice, digest: str, source: str) -> LoraChoice:
    """By its path, else by its name, else as it was sent. Raises NotHere."""
    found = [*_called(lora.source, source), *_called(lora.name, source), *received(digest)]
    for path in found:
        if not digest or digest_of(path) == digest:
            return replace(lora, source=str(path))
    raise NotHere("The computer that does the work does not have the LoRA {name}.", name=lora.name).called(
        digest
    )


def _called(name: str, source: str) -> list[Path]:
    try:
        return [find_lora(name, source_folder(source))]
    except ModelError:
        return []
