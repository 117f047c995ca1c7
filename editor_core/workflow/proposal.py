"""Which way of editing fits what the artist did: changed words, a mask, a sketch."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from editor_core.document.turns import word_changes
from editor_core.workflow.phrases import names_place, painted_phrase

REWORD, REPAINT, REDRAW, RECOLOUR = "fisedit", "instdiffedit", "masafusion", "embctrl"

_COLOURS = """
red orange yellow green blue purple violet pink brown black white grey gray golden gold silver cyan magenta turquoise
teal beige scarlet crimson maroon navy olive lime coral salmon ivory cream pale dark light bright colorful colourful
"""
_MATERIALS = """
wooden wood stone brick glass metal metallic iron steel copper bronze marble paper cardboard plastic leather silk wool
woollen cotton velvet fur furry clay ceramic porcelain crystal ice straw rubber concrete
"""
LOOKS = frozenset((_COLOURS + _MATERIALS).split())


class Reason(Enum):
    """Why a way is proposed."""

    WORDS = "words"
    COLOUR = "colour"
    PLACE = "place"
    MASK = "mask"
    SKETCH = "sketch"


@dataclass(frozen=True)
class Situation:
    """What there is to edit with."""

    old: str
    """The words of the edited turn."""
    new: str
    masked: bool = False
    sketched: bool = False
    large: bool = False
    """The picture is larger than the model sees at once: it is edited around what is marked."""


def proposed(situation: Situation, available: Collection[str]) -> tuple[str, Reason]:
    """The method that fits, of those available, and why; Reword where nothing says otherwise."""
    if situation.sketched and REDRAW in available:
        return REDRAW, Reason.SKETCH
    if situation.masked and REPAINT in available:
        return REPAINT, Reason.MASK
    if RECOLOUR in available and only_colours(situation.old, situation.new):
        return RECOLOUR, Reason.COLOUR
    if REPAINT in available and only_place(situation.old, situation.new):
        return REPAINT, Reason.PLACE
    return REWORD, Reason.WORDS


def other_way(method: str) -> str | None:
    """The way to try with the same words where a result of one way is not what was wanted; None where there is none."""
    return {REWORD: REPAINT, REPAINT: REWORD, RECOLOUR: REWORD}.get(method)


def only_colours(old: str, new: str) -> bool:
    """Whether words changed, and every changed one is a colour or a material."""
    changed = [
        word
        for change in word_changes(old, new)
        if change.kind != "keep"
        for word in (
            old[change.old_start : change.old_end] + " " + new[change.new_start : change.new_end]
        ).split()
    ]
    return bool(changed) and all(word.lower() in LOOKS for word in changed)


def only_place(old: str, new: str) -> bool:
    """Whether all that changed is where the picture is, and what is said of that place."""
    phrase = painted_phrase(old, new)
    if not names_place(phrase):
        return False
    begin = new.rfind(phrase)
    return all(change.kind == "keep" or change.new_start >= begin for change in word_changes(old, new))


def can_run(method: str, situation: Situation) -> bool:
    """Whether an edit that way could change anything: other words, or a sketch or mask that it works from."""
    if situation.large and not situation.masked:
        return False
    if situation.old != situation.new:
        return True
    return (method == REDRAW and situation.sketched) or (method == REPAINT and situation.masked)
