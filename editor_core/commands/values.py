"""What is typed on a command line, as the program's own values; what cannot be used is refused in a sentence."""

import dataclasses
import re
import secrets
from pathlib import Path
from typing import Any

from editor_core.base.errors import EditorError, PromptError, SizeError
from editor_core.commands.options import SAMPLERS
from editor_core.commands.streams import standard_input

MAX_SEED = 2**64 - 1  # what torch's generators take
RANDOM_SEED = -1  # by the convention of other programs
MAX_CHARACTERS = 10_000  # a model reads some hundred of them
SWITCH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def parse_size(size: str | None) -> tuple[int | None, int | None]:
    """``"320x256"`` as (320, 256). Raises SizeError."""
    if size is None:
        return None, None
    if not (match := re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", size.strip().lower())):
        raise SizeError("“{size}” is not a size; write for example 320x256.", size=size[:40])
    return int(match[1]), int(match[2])


def parse_seed(seed: int | None) -> int | None:
    """The seed, or None where it shall be random. Raises EditorError."""
    if seed is None or seed == RANDOM_SEED:
        return None
    if seed != int(seed) or not 0 <= seed <= MAX_SEED:
        raise EditorError(
            "A seed is a whole number from 0 to {largest}; -1 draws a random one.",
            largest=MAX_SEED,
        )
    return seed


def parse_sampler(name: str | None) -> str:
    """The sampler's name. Raises EditorError for one that does not exist."""
    if name is not None and name not in SAMPLERS:
        raise EditorError(
            "There is no sampler called {name}; choose {choices}.", name=name[:40], choices=tuple(SAMPLERS)
        )
    return name or SAMPLERS[0]


def drawn_seed(seed: int) -> int:
    """The seed, or for -1 a random one. Raises EditorError."""
    chosen = parse_seed(seed)
    return secrets.randbelow(2**31) if chosen is None else chosen


def parse_words(words: str) -> str:
    """The words, read from standard input if they are ``-``. Raises PromptError and EditorError."""
    if words == "-":
        read = standard_input().read(4 * MAX_CHARACTERS + 1)
        words = read.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    if len(words) > MAX_CHARACTERS:
        raise PromptError(
            "These words are too long: write at most {most} characters.",
            most=MAX_CHARACTERS,
        )
    return words


def parse_settings(method: str, settings: list[str]) -> dict[str, Any]:
    """``["preset=faithful", "fusion_end=0.5"]`` as the method's own types. Raises EditorError."""
    from editor_core.engines.registry import parameters_of

    known = {field.name: field.default for field in dataclasses.fields(parameters_of(method))}
    found: dict[str, Any] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in known:
            raise EditorError(
                "{method} has no setting called {name}; choose {choices}.",
                method=method,
                name=name[:40],
                choices=tuple(known),
            )
        found[name] = _as_type_of(known[name], value, name)
    if "seed" in found:
        found["seed"] = parse_seed(found["seed"])
    return found


def with_reference(settings: list[str] | None, reference: Path | None) -> list[str]:
    """The settings with the reference picture among them, if there is one."""
    return [*(settings or []), *([] if reference is None else [f"reference={reference}"])]


def _as_type_of(default: Any, value: str, name: str) -> Any:
    try:
        if isinstance(default, bool) or (default is None and value in SWITCH):
            return SWITCH[value]
        if isinstance(default, tuple):
            return tuple(int(part) for part in value.split(","))
        return _number(value) if default is None else type(default)(value)
    except (ValueError, KeyError) as error:
        raise EditorError(
            "“{value}” is not a value for {name}; write {example}.",
            value=value[:40],
            name=name,
            example=_example(default),
        ) from error


def _example(default: Any) -> str:
    if isinstance(default, bool):
        return "yes or no"
    if isinstance(default, tuple):
        return "numbers with commas between, for example 1,1"
    return "a word" if isinstance(default, str) else f"a number, for example {default or 1}"


def _number(value: str) -> int | float:
    return int(value) if value.lstrip("-").isdigit() else float(value)
