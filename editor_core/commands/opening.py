"""What ``palimpsest open`` asks for: what was given, and for the rest what the picture says itself."""

from dataclasses import dataclass
from pathlib import Path

from editor_core.base.errors import ImageFileError
from editor_core.commands.console import Console
from editor_core.commands.values import MOST_CHARACTERS
from editor_core.messages.requests import Sampling
from editor_core.project.metadata import SAMPLERS
from editor_core.project.words.found import FoundWords
from editor_core.project.words.reading import words_in

DEFAULT = "ddim"
STEPS = range(2, 1001)
GUIDANCE = (1.0, 30.0)


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
        sampler = given.sampler or DEFAULT
        return given.prompt, Sampling(given.seed, given.steps, given.guidance, given.negative or "", sampler)
    found = words_in(file)
    if found is None:
        raise ImageFileError(f"“{file.name}” does not say how it was made; say with --prompt what it shows.")
    console.notice(_told(found))
    low, high = GUIDANCE
    sampling = Sampling(
        seed=found.seed if given.seed is None else given.seed,
        steps=given.steps or (found.steps if found.steps in STEPS else None),
        guidance=given.guidance or (found.guidance if low <= (found.guidance or 0) <= high else None),
        negative=found.negative[:MOST_CHARACTERS] if given.negative is None else given.negative,
        sampler=given.sampler or _ours(found.sampler),
    )
    return found.prompt[:MOST_CHARACTERS], sampling


def _ours(name: str) -> str:
    """Our sampler of that name, by our own or Automatic1111's word for it; else the usual one."""
    known = {word.lower(): ours for ours, theirs in SAMPLERS.items() for word in (ours, theirs)}
    return known.get(name.lower(), DEFAULT)


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
