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
TEXTS += ["a cat <|endoftext|> dog"]


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
    assert prompt.ends[0] == prompt.words[-1].tokens[-1] + 1
    assert prompt.cut_off == () and prompt.unknown == ()


def test_an_empty_prompt_has_a_start_and_an_end(tokens):
    for text in ("", "   ", "\n"):
        prompt = tokens(text)
        assert prompt.words == () and prompt.ends[0] == 1 and len(prompt.ids) == MAX_TOKENS


ROOM = MAX_TOKENS - 2


def test_what_does_not_fit_begins_another_chunk(tokens):
    prompt = tokens(" ".join(["red"] * 20 + ["zebra", "cat"]))
    # 22 places: 20 reds; the zebra's five letters do not fit any more.
    assert prompt.cut_off == () and prompt.ends == (21, MAX_TOKENS + 7)
    assert [word.tokens for word in prompt.words[-2:]] == [
        tuple(range(MAX_TOKENS + 1, MAX_TOKENS + 6)),
        (MAX_TOKENS + 6,),
    ]
    for word in prompt.words:
        assert tuple(prompt.ids[position] for position in word.tokens) == word.ids
    chunks = [prompt.ids[:MAX_TOKENS], prompt.ids[MAX_TOKENS:]]
    assert chunks[0] == tokens("red " * 20).ids and chunks[1] == tokens("zebra cat").ids


def test_break_begins_another_chunk(tokens):
    prompt = tokens("a cat BREAK a dog")
    assert prompt.ids == tokens("a cat").ids + tokens("a dog").ids
    assert [word.text for word in prompt.words] == ["a", "cat", "a", "dog"]


def test_what_is_beyond_all_chunks_is_named(tokens):
    prompt = tokens("red " * (ROOM * prompts.MAX_CHUNKS) + "a cat")
    assert prompt.cut_off == ("a", "cat") and len(prompt.ids) == MAX_TOKENS * prompts.MAX_CHUNKS
    assert tokens("z" * (ROOM + 1)).cut_off == ("z" * (ROOM + 1),)


def test_words_of_a_weighed_prompt_know_their_place(tokens):
    prompt = tokens(r"a (red cat:1.3) \(on\) [sofa]")
    assert [(word.text, round(word.weight, 3)) for word in prompt.words] == [
        ("a", 1), ("red", 1.3), ("cat", 1.3), ("(", 1), ("on", 1), (")", 1), ("sofa", 0.909),
    ]  # fmt: skip
    assert all(prompt.text[word.start : word.end] == word.text for word in prompt.words)
    plain = tokens(r"a red cat \(on\) sofa")
    assert prompt.ids == plain.ids and prompt.told != plain.told


def test_weights_multiply_and_the_mean_stays(bundle):
    """Each chunk for itself; the web UI's arithmetic written out."""
    prompt = prompts.tokenize(bundle, "a (red:1.5) cat BREAK (dog:0.5)")
    plain = torch.cat([embedded(bundle, "a red cat"), embedded(bundle, "dog")], 1)
    weights = torch.ones(1, 2 * MAX_TOKENS, 1)
    weights[0, 2], weights[0, MAX_TOKENS + 1] = 1.5, 0.5
    expected = plain * weights
    for chunk in (slice(0, MAX_TOKENS), slice(MAX_TOKENS, None)):
        expected[:, chunk] *= plain[:, chunk].mean() / expected[:, chunk].mean()
    torch.testing.assert_close(prompts.embed_tokens(bundle, prompt).hidden, expected)


def test_prompts_of_one_batch_are_equally_long(bundle):
    long, short = prompts.embed_prompts(bundle, [("a cat BREAK a dog", ""), ("red", "a")])
    assert {each.hidden.shape for pair in (long, short) for each in (pair.cond, pair.uncond)} == {
        (1, 2 * MAX_TOKENS, 32)
    }
    torch.testing.assert_close(short.cond.hidden[:, MAX_TOKENS:], embedded(bundle, ""))
    assert short.prompt.ends == (2, MAX_TOKENS + 1) and len(short.prompt.ids) == 2 * MAX_TOKENS


def test_chunks_align_with_their_like_or_the_last(tokens):
    base, edited = tokens("a cat BREAK a dog"), tokens("a cat BREAK a red dog BREAK snow")
    grown, shrunk = prompts.align(base, edited), prompts.align(edited, base)
    n = MAX_TOKENS
    assert [grown[chunk * n].item() for chunk in range(3)] == [0, n, n]
    assert [grown[end].item() for end in edited.ends] == [base.ends[0], base.ends[1], base.ends[1]]
    assert grown[n + 1 : n + 4].tolist() == [n + 1, -1, n + 2] and len(shrunk) == 2 * n
    assert prompts.align(tokens("a cat"), tokens("a (cat:1.2)"))[1:3].tolist() == [1, -1]


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
        inversions = {}
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
    return prompts.align(left, right)[1 : right.ends[0]].tolist()


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
    assert grown[longer.ends[0]] == base.ends[0] and shrunk[base.ends[0]] == longer.ends[0]
    assert grown[longer.ends[0] + 1 :].tolist() == list(range(longer.ends[0] + 1, MAX_TOKENS))
    # Where the longer prompt still has words, its end stands in.
    assert shrunk[base.ends[0] + 1 :].tolist() == [7, 7, 7, *range(7, MAX_TOKENS)]


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
    assert len(mapping) == len(edited.ids) and mapping.min() >= -1 and mapping.max() < len(base.ids)
    of_words = [token for word in edited.words for token in word.tokens]
    kept = [(int(mapping[j]), j) for j in of_words if mapping[j] >= 0]
    assert all(base.ids[i] == edited.ids[j] for i, j in kept)
    assert [i for i, _ in kept] == sorted({i for i, _ in kept})
    assert (mapping[[j for j in range(len(edited.ids)) if j not in of_words]] >= 0).all()
    for word in edited.words:
        assert len({bool(mapping[token] >= 0) for token in word.tokens}) == 1


@settings(max_examples=30, deadline=None)
@given(sentences)
@example("a a a a green zebra zebra zebra zebra")  # of two chunks
def test_a_prompt_aligns_with_itself(text):
    prompt = prompts.tokenize(tiny_bundle("default"), text)
    assert prompts.align(prompt, prompt).tolist() == list(range(len(prompt.ids)))


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
