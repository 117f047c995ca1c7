"""NovelAI: the words under ``Description``, everything else as JSON under ``Comment``."""

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

_HASH = re.compile(r"\s+[0-9A-F]{6,}$")  # behind the model's name


def read(texts: Texts) -> FoundWords | None:
    if texts.get("Software") != "NovelAI":
        return None
    values = object_of(texts.get("Comment"))
    prompt = text_of(texts.get("Description")) or text_of(values.get("prompt"))
    return FoundWords(
        program="NovelAI",
        prompt=prompt,
        negative=text_of(values.get("uc")),
        seed=seed_of(values.get("seed")),
        steps=steps_of(values.get("steps")),
        guidance=guidance_of(values.get("scale")),
        sampler=text_of(values.get("sampler")),
        model=_HASH.sub("", text_of(texts.get("Source"))),
    )
