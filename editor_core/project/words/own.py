"""Our own exports: the turns as JSON, in PNG by a keyword, elsewhere in XMP (`project/metadata.py`)."""

import html
import re

from editor_core.project.metadata import EDIT_KEYWORD, EDIT_TAG
from editor_core.project.words.found import (
    FoundWords,
    Texts,
    guidance_of,
    object_of,
    seed_of,
    steps_of,
    text_of,
)

_IN_XMP = re.compile(f"<{EDIT_TAG}>([^<]*)</{EDIT_TAG}>")


def read(texts: Texts) -> FoundWords | None:
    """The last turn, exactly as it was asked for."""
    told = texts.get(EDIT_KEYWORD)
    if told is None and (match := _IN_XMP.search(texts.get("XMP", ""))):
        told = html.unescape(match[1])
    turns = object_of(told).get("turns")
    turn = turns[-1] if isinstance(turns, list) and turns else None
    if not isinstance(turn, dict) or not isinstance(turn.get("prompt"), str):
        return None
    return FoundWords(
        program="Palimpsest",
        prompt=turn["prompt"],
        negative=turn["negative"] if isinstance(turn.get("negative"), str) else "",
        seed=seed_of(turn.get("seed")),
        steps=steps_of(turn.get("steps")),
        guidance=guidance_of(turn.get("guidance")),
        sampler=text_of(turn.get("sampler")),
        model=str(turn.get("model") or "")[:1000],
    )
