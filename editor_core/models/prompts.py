"""Prompts: words and their tokens, embeddings, and which tokens two prompts share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from editor_core.base.prompt_syntax import Piece, parsed
from editor_core.base.words import aligned
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning
from editor_core.models.inversions import meant_by

MAX_CHUNKS = 8
"""Of tokens; what is beyond is cut off."""


@dataclass(frozen=True)
class Word:
    """A word or sign of the prompt, as the tokenizer divides it."""

    text: str
    start: int
    """Characters from the prompt's beginning."""
    end: int
    tokens: tuple[int, ...]
    """Positions among the prompt's tokens, the start token being 0."""
    ids: tuple[int, ...]
    """Token ids of the whole word."""
    known: bool
    """False when the vocabulary has no pieces for some part of the word."""
    weight: float = 1.0

    @property
    def key(self) -> tuple[tuple[int, ...], float]:
        """What it is compared by."""
        return self.ids, self.weight


@dataclass(frozen=True)
class TokenizedPrompt:
    text: str
    ids: tuple[int, ...]
    """Token ids of one chunk after another, each padded to the text encoder's length: start, content, end, padding."""
    ends: tuple[int, ...]
    """Positions of the chunks' end tokens; padding follows each."""
    words: tuple[Word, ...]
    """The words that count, in order."""
    cut_off: tuple[str, ...]
    """The words that did not fit any more, in order."""
    switches: tuple[str, ...] = ()
    """What was meant to switch words during a run, which is not done."""

    @property
    def chunk(self) -> int:
        """Token positions of a chunk."""
        return len(self.ids) // len(self.ends)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that the tokenizer cannot spell."""
        return tuple(word.text for word in self.words if not word.known)

    @property
    def told(self) -> tuple[Any, ...]:
        """All that the model is told of it: two prompts with the same are the same to the model."""
        return self.ids, tuple((word.tokens, word.weight) for word in self.words if word.weight != 1)


@dataclass(frozen=True, eq=False)
class PromptEmbeddings:
    """What a guided run needs to know of its words; one row each, equally long, in the bundle's precision."""

    cond: Conditioning
    uncond: Conditioning
    prompt: TokenizedPrompt
    negative: TokenizedPrompt


def tokenize(bundle: ModelBundle, text: str) -> TokenizedPrompt:
    """Tokens and words of a prompt; an empty prompt has a start and an end token and no words.

    Brackets, numbers and BREAK are read as `base/prompt_syntax.py` says. A word that does not fit into a chunk begins
    the next one; one longer than a chunk is cut off, and so is what is beyond `MAX_CHUNKS`.
    """
    tokenizer, found = bundle.tokenizer, parsed(text)
    room = bundle.max_tokens - 2
    chunks: list[list[int]] = [[]]
    words: list[Word] = []
    cut_off: list[str] = []
    for piece in found.pieces:
        if piece.begins_chunk and not cut_off:
            chunks.append([])
        for word in _words(bundle, text, piece):
            if len(chunks[-1]) + len(word.ids) > room and len(word.ids) <= room:
                chunks.append([])
            if cut_off or len(word.ids) > room or len(chunks) > MAX_CHUNKS:
                cut_off.append(word.text)
                continue
            first = (len(chunks) - 1) * (room + 2) + 1 + len(chunks[-1])
            words.append(replace(word, tokens=tuple(range(first, first + len(word.ids)))))
            chunks[-1] += word.ids
    chunks = chunks[:MAX_CHUNKS]
    return TokenizedPrompt(
        text=text,
        ids=tuple(id for content in chunks for id in _padded(tokenizer, content, room)),
        ends=tuple(number * (room + 2) + 1 + len(content) for number, content in enumerate(chunks)),
        words=tuple(words),
        cut_off=tuple(cut_off),
        switches=found.switches,
    )


def digest_of_inversions(bundle: ModelBundle, *texts: str) -> str:
    """Names the vectors that textual inversions in these texts stand for; empty where there are none."""
    if not bundle.inversions:
        return ""
    digests = {each: found.digest for found in bundle.inversions.values() for each in found.ids}
    ids = (each for text in texts for word in tokenize(bundle, text).words for each in word.ids)
    return "".join(sorted({digests[each] for each in ids if each in digests}))


@torch.no_grad()
def embed_tokens(bundle: ModelBundle, prompt: TokenizedPrompt) -> Conditioning:
    """One row: the text encoder's last hidden states, chunk after chunk, in the bundle's precision.

    Of two encoders, as SDXL has them (https://arxiv.org/abs/2307.01952): both states before the last, side by side, and
    what the second one makes of the first chunk as a whole.
    """
    ids = torch.tensor(prompt.ids, device=bundle.device).view(-1, prompt.chunk)
    if bundle.text_encoder_2 is None:
        return Conditioning(_one_row(bundle, prompt, bundle.text_encoder(ids).last_hidden_state))
    first = bundle.text_encoder(ids, output_hidden_states=True).hidden_states[-2]
    refilled = _refilled(ids, prompt, bundle.padding_id_2)
    second = bundle.text_encoder_2(refilled, output_hidden_states=True)
    states = first, second.hidden_states[-2 - bundle.skipped_layers_2]
    hidden = torch.cat([_one_row(bundle, prompt, each) for each in states], -1)
    return Conditioning(hidden, second.text_embeds[:1].to(bundle.dtype))


def _one_row(bundle: ModelBundle, prompt: TokenizedPrompt, states: Tensor) -> Tensor:
    """(1, L, D) of an encoder's hidden states (chunks, tokens, D), in the bundle's precision.

    Weighed words are multiplied, and each chunk brought back to its mean, as the Stable Diffusion web UI does.
    """
    if any(word.weight != 1 for word in prompt.words):
        weights = torch.ones(len(prompt.ids))
        for word in prompt.words:
            weights[list(word.tokens)] = word.weight
        states = _weighed(states, weights.view(states.shape[:2]).to(states.device))
    return states.reshape(1, len(prompt.ids), -1).to(bundle.dtype)


def _refilled(ids: Tensor, prompt: TokenizedPrompt, padding: int) -> Tensor:
    """Token ids (chunks, tokens) with other padding behind each chunk's end."""
    flat = ids.flatten().clone()
    for chunk, end in enumerate(prompt.ends):
        flat[end + 1 : (chunk + 1) * prompt.chunk] = padding
    return flat.view_as(ids)


def tokenize_alike(bundle: ModelBundle, texts: Sequence[str]) -> list[TokenizedPrompt]:
    """As `tokenize`; those with fewer chunks are filled up with empty ones, so that all are equally long."""
    found = [tokenize(bundle, text) for text in texts]
    most = max(len(each.ends) for each in found)
    return [_filled(bundle, each, most) for each in found]


def embed_prompts(bundle: ModelBundle, pairs: Sequence[tuple[str, str]]) -> list[PromptEmbeddings]:
    """Of prompts and what each is guided away from, all equally long, so that they may be rows of one batch."""
    tokens = tokenize_alike(bundle, [text for pair in pairs for text in pair])
    rows = [embed_tokens(bundle, each) for each in tokens]
    if bundle.zero_for_no_words:  # to be guided away from nothing
        rows = [
            row.zeroed() if number % 2 and not tokens[number].words else row
            for number, row in enumerate(rows)
        ]
    return [
        PromptEmbeddings(rows[i], rows[i + 1], tokens[i], tokens[i + 1]) for i in range(0, len(tokens), 2)
    ]


def embed_prompt(bundle: ModelBundle, prompt: str, negative: str = "") -> PromptEmbeddings:
    """Embeddings of a prompt and of what it is guided away from."""
    (found,) = embed_prompts(bundle, [(prompt, negative)])
    return found


def align(base: TokenizedPrompt, edited: TokenizedPrompt) -> Tensor:
    """int64 (L,): for every token of the edited prompt where the base prompt has the same token, or -1.

    Words are matched as Prompt-to-Prompt's refinement does (`base/words.py`), here over whole words, so that a word
    counts as unchanged only with all its tokens, and with its weight; a replaced word is -1 even where a word of the
    base stands in its place. The start tokens of each chunk match those of the base's chunk, or of its last, and so do
    the end tokens. Padding matches the base's padding at the same position; where the base still has words, its end
    token stands in, which padding continues.
    """
    mapping = torch.full((len(edited.ids),), -1, dtype=torch.int64)
    for chunk, end in enumerate(edited.ends):
        other = min(chunk, len(base.ends) - 1)
        first, its_first, its_end = chunk * edited.chunk, other * base.chunk, base.ends[other]
        mapping[first] = its_first
        mapping[end] = its_end
        for position in range(end + 1, first + edited.chunk):
            mapping[position] = max(its_first + position - first, its_end)
    for i, j in aligned([word.key for word in base.words], [word.key for word in edited.words]):
        mapping[list(edited.words[j].tokens)] = torch.tensor(base.words[i].tokens)
    return mapping


def _padded(tokenizer: Any, content: list[int], room: int) -> list[int]:
    padding = [tokenizer.pad_token_id] * (room - len(content))
    return [tokenizer.bos_token_id, *content, tokenizer.eos_token_id, *padding]


def _weighed(states: Tensor, weights: Tensor) -> Tensor:
    """Hidden states (chunks, L, D) times weights (chunks, L), each chunk with the mean that it had."""
    weighed = states.float() * weights[..., None]
    means = [each.mean(dim=(1, 2), keepdim=True) for each in (states.float(), weighed)]
    return torch.where(means[1] == 0, weighed, weighed * (means[0] / means[1]))


def _filled(bundle: ModelBundle, prompt: TokenizedPrompt, chunks: int) -> TokenizedPrompt:
    """With empty chunks behind."""
    missing = chunks - len(prompt.ends)
    empty = _padded(bundle.tokenizer, [], prompt.chunk - 2)
    ends = (len(prompt.ids) + number * prompt.chunk + 1 for number in range(missing))
    return replace(prompt, ids=(*prompt.ids, *empty * missing), ends=(*prompt.ends, *ends))


def _words(bundle: ModelBundle, text: str, piece: Piece) -> Iterator[Word]:
    """The words of a piece from the tokenizer's own groups, not yet placed among the tokens."""
    tokenizer = bundle.tokenizer
    whole = piece.text.encode("utf-8", "replace").decode()  # half of a surrogate pair stops tokenizers
    encoded = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    offsets, members = encoded["offset_mapping"], dict[Any, list[int]]()
    for index, group in enumerate(encoded.word_ids()):
        members.setdefault(index if group is None else ("word", group), []).append(index)
    for indices in members.values():
        first, last = min(offsets[i][0] for i in indices), max(offsets[i][1] for i in indices)
        start, end = piece.places[first], piece.places[last - 1] + 1
        ids = tuple(meant_by(bundle.inversions, (encoded["input_ids"][i] for i in indices)))
        yield Word(text[start:end], start, end, (), ids, tokenizer.unk_token_id not in ids, piece.weight)
