"""The model that a command is told to use: the settings', changed by its options and by what the prompt says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from editor_core.base import settings
from editor_core.base.errors import EditorError
from editor_core.base.loras import LoraChoice, lora_from_text, with_loras, without_loras
from editor_core.base.settings import Settings
from editor_core.commands.console import Console
from editor_core.library.scan import finder
from editor_core.models.available import source_folder
from editor_core.models.embedded import NAME
from editor_core.models.find_lora import found_loras

LOADING = ("precision", "clip_skip", "vae")
"""Settings that ``--load`` takes."""


def words_and_model(
    words: str,
    model: str | None,
    device: str | None,
    loras: Sequence[str] | None,
    loading: Sequence[str] | None,
    console: Console,
    on: str | None = None,
) -> tuple[str, Settings]:
    """The prompt without its ``<lora:NAME:WEIGHT>``, and the settings with all that was said.

    on: where the work is done, or "here"; None is as the settings say.

    LoRAs in the prompt count besides those given, or besides the settings'. Raises ModelError and EditorError.
    """
    kept = settings.load()
    chosen = replace(
        kept, model=_model(model or kept.model, kept), device=device or kept.device, **_loading(loading or ())
    )
    if on is not None:
        chosen = replace(chosen, compute_address="" if on == "here" else on)
    rest, tagged = without_loras(words)
    first = (
        chosen.loras if loras is None else _found([lora_from_text(text) for text in loras if text], chosen)
    )
    inside = _found(tagged, chosen)
    if tagged:
        console.notice(f"LoRAs in the prompt became settings: {', '.join(lora.label for lora in inside)}.")
    return rest, replace(chosen, loras=with_loras(first, inside))


def _found(named: Sequence[LoraChoice], chosen: Settings) -> tuple[LoraChoice, ...]:
    called = finder(chosen.library_folders)
    return found_loras(named, source_folder(chosen.model), chosen.loras, called)


def _model(given: str, kept: Settings) -> str:
    """A path as it is; else what in the library has that name, or the name, which is refused later."""
    if given == NAME or Path(given).expanduser().exists() or Path(given).name != given:
        return given
    return str(next(finder(kept.library_folders)(given), given))


def _loading(given: Sequence[str]) -> dict[str, Any]:
    """``["clip_skip=2"]`` as the settings' own types."""
    types = get_type_hints(Settings, include_extras=True)
    found: dict[str, Any] = {}
    for each in given:
        name, _, value = each.partition("=")
        if name not in LOADING:
            raise EditorError(
                "There is no {name} to load with; choose {choices}.", name=name[:40], choices=LOADING
            )
        try:
            found[name] = msgspec.convert(value, types[name], strict=False)
        except msgspec.ValidationError as error:
            raise EditorError(
                "“{value}” is not a value for {name}; precision is auto, float32, bfloat16 or float16, clip_skip 1 to "
                "12, vae a file or folder.",
                value=value[:40],
                name=name,
            ) from error
    return found
