"""What ``palimpsest open`` asks for: what was given, and for the rest what the picture says itself."""

from dataclasses import dataclass
from pathlib import Path

from editor_core.base.errors import ImageFileError
from editor_core.base.loras import without_loras
from editor_core.commands.console import Console
from editor_core.commands.values import MAX_CHARACTERS
from editor_core.messages.requests import Sampling
from editor_core.project.words.found import FoundWords
from editor_core.project.words.reading import words_in
from editor_core.workflow.opening import sampling_of


@dataclass(frozen=True)
class Given:
    """What the command line says; None where it says nothing."""

    prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    negative: str | None = None
    sampler: str | None = None


def asked(file: Path, given: Given, console: Console) -> tuple[str, Sampling]:
    """The words and the sampling for a picture. Raises ImageFileError where nothing and nobody says the words."""
    if given.prompt is not None:
        sampler = given.sampler or Sampling().sampler
        return given.prompt, Sampling(given.seed, given.steps, given.guidance, given.negative or "", sampler)
    found = words_in(file)
    if found is None:
        raise ImageFileError(
            "“{file}” does not say how it was made; say with --prompt what it shows.", file=file.name
        )
    console.notice(_told(found))
    words, loras = without_loras(found.prompt, strict=False)
    if loras:
        named = ", ".join(lora.label for lora in loras)
        console.notice(f"It was made with LoRAs, which --lora takes where they are at hand: {named}.")
    told = sampling_of(found)
    sampling = Sampling(
        seed=told.seed if given.seed is None else given.seed,
        steps=given.steps or told.steps,
        guidance=told.guidance if given.guidance is None else given.guidance,
        negative=told.negative[:MAX_CHARACTERS] if given.negative is None else given.negative,
        sampler=given.sampler or told.sampler,
    )
    return words[:MAX_CHARACTERS], sampling


def _told(found: FoundWords) -> str:
    """A sentence on what the picture says."""
    values = {
        "seed": found.seed,
        "steps": found.steps,
        "guidance": found.guidance,
        "sampler": found.sampler,
        "model": found.model,
    }
    more = "".join(f", {name} {value}" for name, value in values.items() if value not in (None, ""))
    return f"The picture says that {found.program} made it from “{found.prompt}”{more}."
