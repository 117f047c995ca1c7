"""Automatic1111's ``parameters``: prompt, negative prompt, and a last line of values.

The grammar is that of the web UI's own reader: https://github.com/AUTOMATIC1111/stable-diffusion-webui,
modules/infotext_utils.py. Forge, SD.Next and many others write it, too; Fooocus writes JSON under the same keyword.
"""

import re

from editor_core.project.words.found import (
    FoundWords,
    Texts,
    guidance_of,
    object_of,
    seed_of,
    steps_of,
    text_of,
)

_VALUE = re.compile(r'\s*(\w[\w \-/]*):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_NEGATIVE = "Negative prompt:"
_MIN_VALUES = 3  # a last line with fewer belongs to the words


def read(texts: Texts) -> FoundWords | None:
    told = texts.get("parameters") or texts.get("UserComment") or ""
    if not told.strip():
        return None
    return _fooocus(told) if told.lstrip().startswith("{") else _infotext(told)


def _infotext(told: str) -> FoundWords | None:
    *lines, last = told.strip().split("\n")
    values = dict(_VALUE.findall(last))
    if len(values) < _MIN_VALUES or "Steps" not in values:
        return None
    prompt: list[str] = []
    negative: list[str] = []
    part = prompt
    for line in lines:
        if part is prompt and line.strip().startswith(_NEGATIVE):
            part, line = negative, line.strip().removeprefix(_NEGATIVE)
        part.append(line)
    return FoundWords(
        program="Automatic1111" if not values.get("Version", "").startswith("Palimpsest") else "Palimpsest",
        prompt=text_of("\n".join(prompt)),
        negative=text_of("\n".join(negative)),
        seed=seed_of(values.get("Seed")),
        steps=steps_of(values.get("Steps")),
        guidance=guidance_of(values.get("CFG scale")),
        sampler=text_of(values.get("Sampler")),
        model=text_of(values.get("Model")),
    )


def _fooocus(told: str) -> FoundWords | None:
    values = {key.lower().replace(" ", "_"): value for key, value in object_of(told).items()}
    if "prompt" not in values:
        return None
    return FoundWords(
        program="Fooocus",
        prompt=text_of(values["prompt"]),
        negative=text_of(values.get("negative_prompt")),
        seed=seed_of(values.get("seed")),
        steps=steps_of(values.get("steps")),
        guidance=guidance_of(values.get("guidance_scale")),
        sampler=text_of(values.get("sampler")),
        model=text_of(values.get("base_model")),
    )
