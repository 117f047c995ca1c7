"""What a model's card says that it was taught, against what is asked of it."""

from editor_core.base.errors import NothingToChangeError
from editor_core.base.message import Message
from editor_core.base.vocabulary import Vocabulary
from editor_core.base.words import words_of
from editor_core.engines.common.context import EngineContext


def tell_unknown_words(context: EngineContext, text: str) -> None:
    """Say which words the model was never taught, with known ones that are written alike."""
    unknown, near = _unknown(context.bundle.vocabulary, text)
    if near:
        context.notice(
            Message(
                "This model does not know: {words}. Did you mean {near}? What it paints for them is left to chance.",
                words=unknown,
                near=near,
            )
        )
    elif unknown:
        context.notice(
            Message(
                "This model does not know: {words}. What it paints for them is left to chance.", words=unknown
            )
        )


def check_new_words(context: EngineContext, before: str, after: str) -> None:
    """As `tell_unknown_words`. Raises NothingToChangeError where all that is new is unknown: nothing can come of it."""
    vocabulary = context.bundle.vocabulary
    known = {word.key[0] for word in words_of(before)}.union(vocabulary.joining)
    new = " ".join(after[word.start : word.end] for word in words_of(after) if word.key[0] not in known)
    unknown, near = _unknown(vocabulary, new)
    if not unknown or len(unknown) < len(dict.fromkeys(new.split())):
        return tell_unknown_words(context, after)
    if near:
        raise NothingToChangeError(
            "This model does not know {words}. Did you mean {near}?", words=unknown, near=near
        )
    raise NothingToChangeError(
        "This model does not know {words}. “What can it paint?” in the Help menu shows the words it knows.",
        words=unknown,
    )


def _unknown(vocabulary: Vocabulary, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The unknown words of a text, and the nearest known word to each, where there is one."""
    unknown = tuple(dict.fromkeys(text[word.start : word.end] for word in vocabulary.unknown(text)))
    near = dict.fromkeys(known for word in unknown for known in vocabulary.near(word, 1))
    return unknown, tuple(near)
