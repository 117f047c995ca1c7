"""The LoRAs that a command is given, by ``--lora`` and in the prompt."""

from collections.abc import Sequence
from pathlib import Path

from editor_core.base import settings
from editor_core.base.loras import LoraChoice, lora_from_text, with_loras, without_loras
from editor_core.commands.console import Console
from editor_core.models.available import source_folder
from editor_core.models.find_lora import found_loras


def words_and_loras(
    words: str, given: Sequence[str] | None, model: str | None, console: Console
) -> tuple[str, tuple[LoraChoice, ...] | None]:
    """The prompt without its ``<lora:NAME:WEIGHT>``, and the LoRAs by path; None where the settings' are meant.

    Those in the prompt count besides those given, or besides the settings'. Raises ModelError.
    """
    chosen = settings.load()
    home = source_folder(model or chosen.model)
    rest, tagged = without_loras(words)
    named = None if given is None else [lora_from_text(text) for text in given]
    if not tagged and named is None:
        return rest, None
    first = chosen.loras if named is None else _found(named, home, chosen)
    inside = _found(tagged, home, chosen)
    if tagged:
        console.notice(f"LoRAs in the prompt became settings: {', '.join(lora.label for lora in inside)}.")
    return rest, with_loras(first, inside)


def _found(named: Sequence[LoraChoice], home: Path, chosen: settings.Settings) -> tuple[LoraChoice, ...]:
    return found_loras(named, home, chosen.loras)
