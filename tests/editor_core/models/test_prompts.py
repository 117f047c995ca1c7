"""Words and tokens, what is cut off, and which tokens two prompts share."""

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from editor_core.document.turns import word_changes
from editor_core.models import prompts
from support.tiny_models import KINDS, MAX_TOKENS, WORDS, tiny_bundle


@pytest.fixture(scope="module")
def bundle():
    return tiny_bundle("default")


@pytest.fixture(scope="module")
def tokens(bundle):
    return lambda text: prompts.tokenize(bundle, text)


TEXTS = ["", "a red cat", "  A  RED\ncat!! ", "the owl's hat, in the snow", "zebra", "ünï 😀 日本 1234"]
TEXTS += ["red " * 40, "a cat <|endoftext|> dog"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", TEXTS)
def test_the_ids_are_those_the_pipeline_would_use(kind, text):
    bundle = tiny_bundle(kind)
    expected = bundle.tokenizer(text, padding="max_length", max_length=MAX_TOKENS, truncation=True).input_ids
    assert list(prompts.tokenize(bundle, text).ids) == expected


def test_half_a_surrogate_pair_is_a_sign_like_any_other(tokens):
    broken, whole = tokens("a fox \ud83e in snow"), tokens("a fox ? in snow")
    assert broken.ids == whole.ids and broken.text == "a fox \ud83e in snow"
    assert [word.tokens for word in broken.words] == [word.tokens for word in whole.words]


def test_words_know_their_place_in_the_text_and_among_the_tokens(tokens):
    prompt = tokens("A red zebra, on the cat's hat")
    assert [word.text for word in prompt.words] == ["A", "red", "zebra", ",", "on", "the", "cat", "'s", "hat"]
    assert [word.tokens for word in prompt.words[:4]] == [(1,), (2,), (3, 4, 5, 6, 7), (8,)]
    for word in prompt.words:
        assert prompt.text[word.start : word.end] == word.text
        assert tuple(prompt.ids[position] for position in word.tokens) == word.ids
    assert prompt.end == prompt.words[-1].tokens[-1] + 1
    assert prompt.cut_off == () and prompt.unknown == ()


def test_an_empty_prompt_has_a_start_and_an_end(tokens):
    for text in ("", "   ", "\n"):
        prompt = tokens(text)
        assert prompt.words == () and prompt.end == 1 and len(prompt.ids) == MAX_TOKENS


def test_what_does_not_fit_is_named(tokens):
    prompt = tokens(" ".join(["red"] * 20 + ["zebra", "cat", "dog"]))
    # 22 places: 20 reds, two letters of the zebra, nothing of the rest.
    assert prompt.cut_off == ("zebra", "cat", "dog")
    assert [word.text for word in prompt.words] == ["red"] * 20
    assert prompt.end == MAX_TOKENS - 1


def test_a_prompt_that_just_fits_loses_nothing(tokens):
    prompt = tokens("red " * (MAX_TOKENS - 2))
    assert prompt.cut_off == () and len(prompt.words) == MAX_TOKENS - 2


def test_pieces_outside_the_vocabulary_are_named(bundle):
    from transformers import CLIPTokenizer

    vocab = {
        "<|startoftext|>": 0,
        "<|endoftext|>": 1,
        "a</w>": 2,
        "cat</w>": 3,
        "c": 4,
        "a": 5,
        "t</w>": 6,
        "ca": 7,
    }
    small = CLIPTokenizer(vocab=vocab, merges=[("c", "a"), ("ca", "t</w>")])

    class Bundle:
        tokenizer, max_tokens = small, 8

    prompt = prompts.tokenize(Bundle(), "a cat xyz a")
    assert prompt.unknown == ("xyz",)
    assert [word.known for word in prompt.words] == [True, True, False, True]


def embedded(bundle, text):
    return prompts.embed_tokens(bundle, prompts.tokenize(bundle, text)).hidden


def test_embeddings_are_the_text_encoders_last_state(bundle):
    text = "a red cat on a sofa"
    with torch.no_grad():
        ids = bundle.tokenizer(
            text, padding="max_length", max_length=MAX_TOKENS, truncation=True, return_tensors="pt"
        )
        expected = bundle.text_encoder(ids.input_ids)[0]
    pair = prompts.embed_prompt(bundle, text, "dog")
    torch.testing.assert_close(pair.cond.hidden, expected)
    torch.testing.assert_close(pair.uncond.hidden, embedded(bundle, "dog"))
    assert (
        pair.cond.hidden.shape == (1, MAX_TOKENS, 32)
        and pair.prompt.text == text
        and pair.negative.text == "dog"
    )


def aligned(tokens, base: str, edited: str) -> list[int]:
    """The mapping of the edited prompt's words alone."""
    left, right = tokens(base), tokens(edited)
    return prompts.align(left, right)[1 : right.end].tolist()


@pytest.mark.parametrize(
    "base, edited, expected",
    [
        ("a red cat", "a red cat", [1, 2, 3]),
        ("a red cat", "a blue cat", [1, -1, 3]),
        ("a cat", "a red cat", [1, -1, 2]),
        ("a red cat", "a cat", [1, 3]),
        ("a cat on a sofa", "a dog on a sofa in the snow", [1, -1, 3, 4, 5, -1, -1, -1]),
        ("a cat", "dog", [-1]),
        ("", "a cat", [-1, -1]),
        ("cat dog", "dog cat", [-1, 1]),
        ("a cat and a dog", "a dog", [4, 5]),
        ("A CAT", "a cat", [1, 2]),
    ],
)
def test_unchanged_words_are_found(tokens, base, edited, expected):
    assert aligned(tokens, base, edited) == expected


def test_a_changed_word_has_no_unchanged_pieces(tokens):
    # Both words begin with the letters z and e, which is no shared meaning.
    assert aligned(tokens, "a zebra", "a zero") == [1, -1, -1, -1, -1]


def test_a_word_of_several_tokens_stays_whole(tokens):
    assert aligned(tokens, "zebra", "a zebra") == [-1, 1, 2, 3, 4, 5]


def test_start_end_and_padding_match_their_likes(tokens):
    base, longer = tokens("a cat"), tokens("a red cat on a sofa")
    grown, shrunk = prompts.align(base, longer), prompts.align(longer, base)
    assert grown[0] == shrunk[0] == 0
    assert grown[longer.end] == base.end and shrunk[base.end] == longer.end
    assert grown[longer.end + 1 :].tolist() == list(range(longer.end + 1, MAX_TOKENS))
    # Where the longer prompt still has words, its end stands in.
    assert shrunk[base.end + 1 :].tolist() == [7, 7, 7, *range(7, MAX_TOKENS)]


sentences = st.lists(st.sampled_from([*WORDS, "zebra", "ox"]), max_size=8).map(" ".join)
# Punctuation, other scripts, signs of several characters, and more than the model can see.
strange = st.sampled_from(["cat,", "dog's", "--", "(a:1.2)", "猫", "кот", "🦊", "e\u0301"])
anything = st.text(max_size=60) | st.lists(st.sampled_from(WORDS) | strange, max_size=40).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(sentences | anything, sentences | anything)
def test_alignment_holds_for_any_pair(base_text, edited_text):
    bundle = tiny_bundle("default")
    base, edited = prompts.tokenize(bundle, base_text), prompts.tokenize(bundle, edited_text)
    mapping = prompts.align(base, edited)
    assert len(mapping) == MAX_TOKENS and mapping.min() >= -1 and mapping.max() < MAX_TOKENS
    kept = [(int(i), j) for j, i in enumerate(mapping[: edited.end]) if i >= 0]
    assert all(base.ids[i] == edited.ids[j] for i, j in kept)
    assert [i for i, _ in kept] == sorted({i for i, _ in kept})
    assert (mapping[edited.end :] >= base.end).all()
    unchanged = set(range(1, edited.end)) - {j for _, j in kept if j}
    for word in edited.words:
        assert unchanged.isdisjoint(word.tokens) or unchanged.issuperset(word.tokens)


@settings(max_examples=30, deadline=None)
@given(sentences)
@example("a a a a green zebra zebra zebra")  # the last word fits only in part
def test_a_prompt_aligns_with_itself(text):
    prompt = prompts.tokenize(tiny_bundle("default"), text)
    assert prompts.align(prompt, prompt).tolist() == list(range(MAX_TOKENS))


_PIECES = [
    "a",
    "red",
    "Fox",
    "fox",
    "cat",
    "cat's",
    ",",
    "in",
    "the",
    "snow",
    "2",
    "x-ray",
    "..",
    "caf\u00e9",
    "  ",
]


@settings(deadline=None, max_examples=300)
@given(*[st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join)] * 2)
def test_the_words_that_are_marked_are_those_that_the_engines_treat_as_changed(old, new):
    """The window's changes, without a model, and the engines' alignment of tokens agree word by word."""
    bundle = tiny_bundle("default")
    before, after = prompts.tokenize(bundle, old), prompts.tokenize(bundle, new)
    if before.cut_off or after.cut_off:
        return
    kept = set(prompts.align(before, after).tolist())
    engine = {word.start for word in after.words if prompts.align(before, after)[word.tokens[0]] < 0}
    gone = {word.start for word in before.words if word.tokens[0] not in kept}
    changes = [change for change in word_changes(old, new) if change.kind != "keep"]
    marked = {
        word.start for word in after.words if any(c.new_start <= word.start < c.new_end for c in changes)
    }
    struck = {
        word.start for word in before.words if any(c.old_start <= word.start < c.old_end for c in changes)
    }
    assert (marked, struck) == (engine, gone)
