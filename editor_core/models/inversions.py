"""Textual inversions (https://arxiv.org/abs/2208.01618): words of an artist's own, each some learned token embeddings.

A file's name is its word: ``EasyNegative``, ``<EasyNegative>`` or ``embedding:EasyNegative`` in a prompt stand for its
vectors. SDXL's have some for each of the two text encoders. They are rows behind the encoders' own embeddings; the
tokenizer gets a token for each way to write the word, which `prompts.py` replaces by the vectors' ids.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import AddedToken
from torch import Tensor, nn

from editor_core.base.errors import ModelError
from editor_core.models.bundle import ModelBundle
from editor_core.models.fingerprint import digest_weights

LARGEST = 8_000_000  # bytes; a file of SDXL's with 75 vectors in float32 has 0.6 million
_FORMS = ("{}", "<{}>", "embedding:{}")
_NAMES = {"text_encoder": ("clip_l", "emb_params"), "text_encoder_2": ("clip_g",)}


@dataclass(frozen=True)
class Inversion:
    name: str
    ids: tuple[int, ...]
    """Rows of the text encoders' embeddings."""
    digest: str
    """Of its vectors."""


def with_inversions(bundle: ModelBundle, files: Iterable[Path]) -> ModelBundle:
    """The model that knows these words; those for other families of models, and those that cannot be read, it does not.

    The tokenizer and the text encoders are changed in place: a model that is loaded gets its words once.
    """
    found = dict[str, tuple[dict[str, Tensor], str]]()
    for file in files:
        vectors = _vectors(file)
        if vectors is not None and (fitting := _fitting(bundle, vectors)) is not None:
            found.setdefault(file.stem, (fitting, _digest(file)))
    if not found:
        return bundle
    tokenizer = bundle.tokenizer
    forms = {form.format(name): name for name in found for form in _FORMS}
    tokenizer.add_tokens([AddedToken(form, single_word=True, normalized=True) for form in forms])
    first = len(tokenizer)
    known = dict[str, Inversion]()
    for name, (vectors, digest) in found.items():
        count = len(vectors["text_encoder"])
        known[name] = Inversion(name, tuple(range(first, first + count)), digest)
        first += count
    for part in _parts(bundle):
        _append(getattr(bundle, part), len(tokenizer), [vectors[part] for vectors, _ in found.values()])
        _find_ends_by_id(getattr(bundle, part), tokenizer.eos_token_id)
    ids = {tokenizer.convert_tokens_to_ids(form): known[name] for form, name in forms.items()}
    return replace(bundle, inversions=ids)


def _parts(bundle: ModelBundle) -> tuple[str, ...]:
    return ("text_encoder",) if bundle.text_encoder_2 is None else ("text_encoder", "text_encoder_2")


def _vectors(file: Path) -> Mapping[str, Tensor] | None:
    """The tensors of a file that may be one; None for what is none."""
    try:
        if file.stat().st_size > LARGEST:
            return None
        tensors = load_file(file)
    except (OSError, SafetensorError, ValueError):
        return None
    known = {name for names in _NAMES.values() for name in names}
    if len(tensors) == 1 and not known & tensors.keys():  # diffusers' way: the word is the key
        tensors = {"emb_params": next(iter(tensors.values()))}
    return tensors if known & tensors.keys() else None


def _fitting(bundle: ModelBundle, tensors: Mapping[str, Tensor]) -> dict[str, Tensor] | None:
    """By text encoder its vectors, float32 (n, D); None where they are not this model's."""
    found = {}
    if (
        "clip_g" in tensors and bundle.text_encoder_2 is None
    ):  # the other half may be as wide as Stable Diffusion 1's
        return None
    for part in _parts(bundle):
        vectors = next((tensors[name] for name in _NAMES[part] if name in tensors), None)
        if vectors is None or vectors.ndim not in (1, 2):
            return None
        vectors = vectors.view(-1, vectors.shape[-1]).float()
        if vectors.shape[1] != _table(getattr(bundle, part)).weight.shape[1] or not vectors.isfinite().all():
            return None
        found[part] = vectors
    return found if len({len(vectors) for vectors in found.values()}) == 1 else None


def _table(text_encoder: Any) -> nn.Embedding:
    table: nn.Embedding = text_encoder.get_input_embeddings()
    return table


def _append(text_encoder: Any, first: int, vectors: Iterable[Tensor]) -> None:
    """Put the vectors behind the embeddings, from row ``first`` on; rows between are never looked up."""
    table = _table(text_encoder)
    weight = table.weight
    between = weight.new_zeros(max(0, first - len(weight)), weight.shape[1])
    rows = torch.cat([weight[:first], between, *(each.to(weight) for each in vectors)])
    table.weight = nn.Parameter(rows, requires_grad=False)
    table.num_embeddings = len(rows)


def _find_ends_by_id(text_encoder: Any, end: int) -> None:
    """Pool at the end token itself: older configurations look for the largest id instead, which a new word's may be."""
    for module in text_encoder.modules():
        if hasattr(module, "eos_token_id"):
            module.eos_token_id = end


def _digest(file: Path) -> str:
    digest = blake2b(digest_size=16)
    try:
        digest_weights(digest, file)
    except ModelError:
        return ""
    return digest.hexdigest()


def meant_by(inversions: Mapping[int, Inversion], ids: Iterable[int]) -> Iterator[int]:
    """Token ids with those of an inversion's word replaced by its vectors'."""
    for each in ids:
        yield from inversions[each].ids if each in inversions else (each,)
