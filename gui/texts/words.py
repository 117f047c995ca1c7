"""What a changed sentence says: as plain text for lists, as rich text for the line under the prompt."""

from collections.abc import Iterator
from html import escape

from editor_core.base.prompt_syntax import parsed
from editor_core.document.turns import word_changes


def changed_words(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The words taken away and those put in their place, in order; either may be empty."""
    for change in word_changes(old, new):
        if change.kind != "keep":
            removed = _bare(old[change.old_start : change.old_end])
            added = _bare(new[change.new_start : change.new_end])
            if removed == added:  # only their weight is another
                removed, added = (
                    _weighed(removed, old, change.old_start),
                    _weighed(added, new, change.new_start),
                )
            yield removed, added


def _bare(words: str) -> str:
    """Without the comma that joins them to the rest, unless that is all there is."""
    return words.strip(" ,;.") or words


def _weighed(words: str, prompt: str, place: int) -> str:
    """Words of a prompt with the weight that they have at a place of it."""
    weight = next((piece.weight for piece in parsed(prompt).pieces if place in piece.places), 1.0)
    return words if weight == 1 else f"({words}:{weight:.3g})"


def change_summary(old: str, new: str) -> str:
    """Such as "fox → cat, + red"; empty where no word changed."""
    return ", ".join(_plain(removed, added) for removed, added in changed_words(old, new))


def change_markup(old: str, new: str, removed_colour: str, added_colour: str) -> str:
    """The same as rich text: removed words struck, new ones underlined, each in its colour."""

    def marked(removed: str, added: str) -> str:
        gone = f'<s style="color:{removed_colour}">{escape(removed)}</s>' if removed else ""
        new_words = f'<u style="color:{added_colour}">{escape(added)}</u>' if added else ""
        return " → ".join(part for part in (gone, new_words) if part)

    return ", ".join(marked(removed, added) for removed, added in changed_words(old, new))


def _plain(removed: str, added: str) -> str:
    if removed and added:
        return f"{removed} → {added}"
    return f"+ {added}" if added else f"− {removed}"
