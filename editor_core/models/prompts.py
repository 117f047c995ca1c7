"""Prompts: words and their tokens, embeddings, and which tokens two prompts share."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from editor_core.base.words import aligned
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning


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


@dataclass(frozen=True)
class TokenizedPrompt:
    text: str
    ids: tuple[int, ...]
    """Token ids, padded to the text encoder's length: start, content, end, padding."""
    end: int
    """Position of the end token; padding follows it."""
    words: tuple[Word, ...]
    """The words that count, in order."""
    cut_off: tuple[str, ...]
    """The words that did not fit any more, in order."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that the tokenizer cannot spell."""
        return tuple(word.text for word in self.words if not word.known)


@dataclass(frozen=True, eq=False)
class PromptEmbeddings:
    """What a guided run needs to know of its words; one row each, in the bundle's precision."""

    cond: Conditioning
    uncond: Conditioning
    prompt: TokenizedPrompt
    negative: TokenizedPrompt


def tokenize(bundle: ModelBundle, text: str) -> TokenizedPrompt:
    """Tokens and words of a prompt; an empty prompt has a start and an end token and no words.

    A word that fits only in part counts as cut off, although its first tokens still reach the model.
    """
    tokenizer = bundle.tokenizer
    room = bundle.max_tokens - 2
    whole = text.encode("utf-8", "replace").decode()  # half of a surrogate pair stops tokenizers
    encoded = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    content = encoded["input_ids"]
    kept = content[:room]
    words = _words(text, content, encoded["offset_mapping"], encoded.word_ids(), tokenizer.unk_token_id)
    padding = [tokenizer.pad_token_id] * (room - len(kept))
    return TokenizedPrompt(
        text=text,
        ids=(tokenizer.bos_token_id, *kept, tokenizer.eos_token_id, *padding),
        end=len(kept) + 1,
        words=tuple(word for word in words if word.tokens[-1] <= room),
        cut_off=tuple(word.text for word in words if word.tokens[-1] > room),
    )


@torch.no_grad()
def embed_tokens(bundle: ModelBundle, prompt: TokenizedPrompt) -> Conditioning:
    """One row: the text encoder's last hidden state, in the bundle's precision."""
    ids = torch.tensor([prompt.ids], device=bundle.device)
    states: Tensor = bundle.text_encoder(ids).last_hidden_state
    return Conditioning(states.to(bundle.dtype))


def embed_prompt(bundle: ModelBundle, prompt: str, negative: str = "") -> PromptEmbeddings:
    """Embeddings of a prompt and of what it is guided away from."""
    tokens, away = tokenize(bundle, prompt), tokenize(bundle, negative)
    return PromptEmbeddings(embed_tokens(bundle, tokens), embed_tokens(bundle, away), tokens, away)


def align(base: TokenizedPrompt, edited: TokenizedPrompt) -> Tensor:
    """int64 (L,): for every token of the edited prompt where the base prompt has the same token, or -1.

    Words are matched as Prompt-to-Prompt's refinement does (`base/words.py`), here over whole words, so that a word
    counts as unchanged only with all its tokens; a replaced word is -1 even where a word of the base stands
    in its place. The start tokens match each other, and so do the end tokens. Padding matches the base's
    padding at the same position; where the base still has words, its end token stands in, which padding
    continues.
    """
    mapping = torch.full((len(edited.ids),), -1, dtype=torch.int64)
    mapping[0] = 0
    for i, j in aligned([word.ids for word in base.words], [word.ids for word in edited.words]):
        mapping[list(edited.words[j].tokens)] = torch.tensor(base.words[i].tokens)
    partial, known = _partial_word(edited), _partial_word(base)
    if [edited.ids[j] for j in partial] == [base.ids[i] for i in known]:
        mapping[list(partial)] = torch.tensor(known, dtype=torch.int64)
    mapping[edited.end] = base.end
    for position in range(edited.end + 1, len(edited.ids)):
        mapping[position] = max(position, base.end)
    return mapping


def _partial_word(prompt: TokenizedPrompt) -> range:
    """Where the tokens lie of a last word that fits only in part."""
    return range(prompt.words[-1].tokens[-1] + 1 if prompt.words else 1, prompt.end)


def _words(
    text: str,
    ids: list[int],
    offsets: list[tuple[int, int]],
    groups: list[int | None],
    unknown_id: int | None,
) -> list[Word]:
    """Words from the tokenizer's own groups; positions count the start token."""
    members: dict[Any, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(index if group is None else ("word", group), []).append(index)
    words = []
    for indices in members.values():
        start, end = min(offsets[i][0] for i in indices), max(offsets[i][1] for i in indices)
        word_ids = tuple(ids[i] for i in indices)
        positions = tuple(i + 1 for i in indices)
        words.append(Word(text[start:end], start, end, positions, word_ids, unknown_id not in word_ids))
    return words
