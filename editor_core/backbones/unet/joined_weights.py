"""Weights of layers that read the same input, one after another in memory, so that one product serves them all.

The layers keep weights of their own, which are parts of what is joined: no memory is added, what is merged into them in
place is merged into both, and nobody else need know. A processor gains nothing by it; on a card a product less is a
kernel less, and at a few rows each takes as long to start as to run.
"""

from collections.abc import Iterator, Sequence

import torch

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.sites import LayerKind, attention_sites, layers


def join_weights(unet: Module) -> None:
    """Lay out what can be joined, a group at a time; what is so already costs nothing.

    Weights that move to another device are apart again.
    """
    for group in (*_self_projections(unet), time_projections(unet)):
        for name in ("weight", "bias"):
            _join([module for module in group if getattr(module, name) is not None], name)


def self_projections(attn: Module) -> list[Module]:
    """A self-attention's projections to queries, keys and values."""
    return [attn.to_q, attn.to_k, attn.to_v]


def time_projections(unet: Module) -> list[Module]:
    """The projections of the time embedding of all residual blocks."""
    return [layer.module.time_emb_proj for layer in layers(unet) if layer.kind is LayerKind.RESNET]


def joined(tensors: Sequence[torch.Tensor | None]) -> torch.Tensor | None:
    """Tensors that follow each other in memory as one, along the first dimension; None where they do not."""
    known = [tensor.detach() for tensor in tensors if tensor is not None]
    if len(known) < len(tensors) or not known or not all(each.is_contiguous() for each in known):
        return None
    first = known[0]
    storage, offset = first.untyped_storage(), first.storage_offset()
    for each in known:
        if each.untyped_storage().data_ptr() != storage.data_ptr() or each.storage_offset() != offset:
            return None
        offset += each.numel()
    if offset > storage.nbytes() // first.element_size():
        return None
    return first.as_strided((sum(map(len, known)), *first.shape[1:]), first.stride())


def _self_projections(unet: Module) -> Iterator[list[Module]]:
    for site in attention_sites(unet):
        if not site.is_cross:
            yield self_projections(site.module)


def _join(modules: Sequence[Module], name: str) -> None:
    before = [getattr(module, name) for module in modules]
    if joined(before) is not None or len(before) < 2:
        return
    parts = torch.cat([each.detach() for each in before]).split_with_sizes([len(each) for each in before])
    for module, old, part in zip(modules, before, parts, strict=True):
        setattr(module, name, torch.nn.Parameter(part, requires_grad=old.requires_grad))
