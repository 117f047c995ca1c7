"""A recording step: one dense call of the U-Net that leaves behind what the sparse step reads.

Recorded are, per site and in the compute order of FISEdit (arXiv 2305.17423, section 4.2) and SIGE (arXiv 2211.02048):
- `NORM`: the mean and variance of every GroupNorm, float32 (batch, 2, groups), a level's norms together;
- `MOMENTS`: what each position puts into them, its groups' means and standard deviations (`level_norms.py`);
- `INPUT`: what enters each 3x3 convolution, after norm and activation, so that the padding's zeros are right;
- `TOKENS`: keys and values of self-attention;
- `ENTRY`: the map that enters a lower level, for levels that an edit runs densely.
All but the norms are position-major, (batch, positions, channels): reading some rows touches only their bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

import torch

from editor_core.backbones.attention.sites import Module, Size
from editor_core.backbones.backbone import Store
from editor_core.backbones.unet.group_norm import by_group, moments, reduces_slowly, statistics_of_moments
from editor_core.backbones.unet.level_norms import (
    NormCollector,
    collect_statistics,
    moments_site,
    norms_by_level,
    statistics_site,
)
from editor_core.backbones.unet.network import time_knows_words
from editor_core.backbones.unet.sites import Layer, LayerKind, is_strided, layers, level_count, level_sizes

Put = Callable[[torch.Tensor, torch.Tensor], None]


class RecordKind(StrEnum):
    """What is recorded at a site."""

    NORM = "norm"
    MOMENTS = "moments"
    INPUT = "input"
    TOKENS = "tokens"
    ENTRY = "entry"


@dataclass(frozen=True)
class RecordSite:
    """A place whose activations are recorded; `level` is that of the recorded map, `module` a list for norms.

    `before_text`: no word has reached it yet, so both guidance halves are alike there.
    """

    name: str
    kind: RecordKind
    module: Module
    level: int
    channels: int
    before_text: bool = False


def record_sites(unet: Module) -> tuple[RecordSite, ...]:
    """Return every place a recording step can record, in calling order; the norms come last."""
    sites = [site for layer in layers(unet) for site in _layer_sites(layer)]
    first_keys = next(index for index, site in enumerate(sites) if site.kind is RecordKind.TOKENS)
    if not time_knows_words(unet):
        sites = [replace(site, before_text=index <= first_keys + 1) for index, site in enumerate(sites)]
    norms = [
        site for level, modules in enumerate(norms_by_level(unet)) for site in norm_sites(level, modules)
    ]
    return (*sites, *norms)


def norm_sites(level: int, norms: Sequence[Module]) -> tuple[RecordSite, RecordSite]:
    """Where the norms of a level are recorded."""
    groups, modules = sum(norm.num_groups for norm in norms), torch.nn.ModuleList(norms)
    return (
        RecordSite(statistics_site(level), RecordKind.NORM, modules, level, groups),
        RecordSite(moments_site(level), RecordKind.MOMENTS, modules, level, 2 * groups),
    )


def recorded_together(sites: Sequence[RecordSite]) -> dict[str, dict[str, int]]:
    """The channels of sites whose records fit side by side, by the name of all of them together.

    Convolutions that change the size see other positions around a region than those of their level. Left out are the
    latents, few numbers that a dense step begins with, and what has no positions.
    """
    found: dict[str, dict[str, int]] = {}
    for site in sites:
        if site.name == "conv_in" or site.kind is RecordKind.NORM:
            continue
        alone = "samplers" in site.name or site.kind in (RecordKind.MOMENTS, RecordKind.ENTRY)
        half = "half" if site.before_text else "halves"
        name = site.name if alone else f"{site.kind}.{site.level}.{half}"
        found.setdefault(name, {})[site.name] = site.channels
    return found


def recorded_positions(unet: Module, height: int, width: int, thinned: bool = False) -> dict[str, int]:
    """Return how many positions each site's record has for latents of this size; norms have none and are left out."""
    sizes = level_sizes(height, width, level_count(unet))
    found = {}
    for site in record_sites(unet):
        rows, columns = sizes[site.level]
        if thinned and site.kind is RecordKind.TOKENS and is_strided((rows, columns)):
            rows, columns = (rows + 1) // 2, (columns + 1) // 2
        if site.kind is not RecordKind.NORM:
            found[site.name] = rows * columns
    return found


def recorded_bytes(
    unet: Module,
    height: int,
    width: int,
    batch: int,
    itemsize: int = 2,
    equal_halves: bool = False,
    thinned: bool = False,
) -> dict[str, int]:
    """Predict the bytes each site leaves behind in one step on latents (batch, _, height, width)."""
    positions = recorded_positions(unet, height, width, thinned)
    found = {}
    for site in record_sites(unet):
        per_channel = 2 * 4 if site.kind is RecordKind.NORM else positions[site.name] * itemsize
        items = 1 if equal_halves and site.before_text else batch
        found[site.name] = items * site.channels * per_channel
    return found


@contextmanager
def recording(
    sites: Sequence[RecordSite],
    store: Store,
    dtype: torch.dtype = torch.float16,
    pictures: int = 0,
    thin: Size | None = None,
) -> Iterator[None]:
    """Hand `store` what passes `sites` in the body's U-Net calls; the U-Net's own output is unchanged.

    What it is handed may be the U-Net's own memory, which nobody writes to again. Norms come in float32, everything
    else in `dtype`. So many `pictures` are all that the batch holds, its halves differing only in their words, as
    guidance halves do: of what no word has reached yet the first half is recorded. 0 records everything. `thin`, the
    latents' (height, width), thins the keys and values of larger maps out to every second position both ways.
    Everything attached comes off again, however the body ends.
    """
    sizes = level_sizes(*thin, 1 + max(site.level for site in sites)) if thin and sites else ()
    with ExitStack() as restore:
        for site in sites:
            items = slice(pictures if pictures and site.before_text else None)
            if site.kind is RecordKind.NORM:
                if _from_the_kernel(site):
                    restore.enter_context(_recording_norms(site, store))
            elif site.kind is RecordKind.MOMENTS:
                put = _moments_and_statistics(site, store, dtype, statistics=not _from_the_kernel(site))
                for index, norm in enumerate(site.module):
                    restore.callback(_hook_moments(norm, partial(put, index)).remove)
            elif site.kind is RecordKind.TOKENS:
                size = sizes[site.level] if sizes and is_strided(sizes[site.level]) else None
                restore.callback(_hook_tokens(site, store, dtype, items, size).remove)
            else:
                restore.callback(_hook_map(site, store, dtype, items).remove)
        yield


def position_major(feature_map: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """A map (batch, channels, height, width) as contiguous rows (batch, positions, channels) of `dtype`.

    A map whose channels lie last is looked at as rows, any other copied. On a processor converting first, and
    transposing picture by picture (for which torch has a blocked kernel), is five times faster than one permuted copy.
    """
    converted = feature_map.to(dtype).flatten(2)
    if converted.mT.is_contiguous() or converted.device.type != "cpu":
        return converted.mT.contiguous()
    batch, channels, positions = converted.shape
    rows = converted.new_empty(batch, positions, channels)
    for target, source in zip(rows, converted, strict=True):
        target.copy_(source.t())
    return rows


def _layer_sites(layer: Layer) -> Iterator[RecordSite]:
    name, module, level = layer.name, layer.module, layer.level
    if layer.kind is LayerKind.CONV_IN:
        yield RecordSite(name, RecordKind.INPUT, module, level, module.in_channels)
    elif layer.kind is LayerKind.RESNET:
        for number in (1, 2):
            conv = getattr(module, f"conv{number}")
            yield RecordSite(f"{name}.conv{number}", RecordKind.INPUT, conv, level, conv.in_channels)
    elif layer.kind is LayerKind.TRANSFORMER:
        for number, block in enumerate(module.transformer_blocks):
            for projection in ("to_k", "to_v"):
                path = f"{name}.transformer_blocks.{number}.attn1.{projection}"
                linear = getattr(block.attn1, projection)
                yield RecordSite(path, RecordKind.TOKENS, linear, level, linear.out_features)
    elif layer.kind is LayerKind.DOWNSAMPLE:
        yield RecordSite(f"{name}.conv", RecordKind.INPUT, module.conv, level, module.channels)
        yield RecordSite(name, RecordKind.ENTRY, module, level + 1, module.out_channels)
    elif layer.kind is LayerKind.UPSAMPLE:
        yield RecordSite(name, RecordKind.INPUT, module, level, module.channels)
    elif layer.kind is LayerKind.CONV_OUT:
        yield RecordSite(name, RecordKind.INPUT, module, level, module.in_channels)


def _hook_map(site: RecordSite, store: Store, dtype: torch.dtype, items: slice) -> Any:
    module, name = site.module, site.name
    if site.kind is RecordKind.INPUT:

        def record_input(module: Module, args: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            passed = _channels_last(module, args[0])
            store(name, position_major(passed[items], dtype))
            return (passed, *args[1:])

        return module.register_forward_pre_hook(record_input)

    def record_output(_module: Module, _args: Any, out: torch.Tensor) -> None:
        rows = position_major(out[items], dtype)
        store(name, rows.clone() if rows.data_ptr() == out.data_ptr() else rows)  # an adapter adds to it

    return module.register_forward_hook(record_output)


def _channels_last(module: Module, feature_map: torch.Tensor) -> torch.Tensor:
    """The map in the layout that a convolution on a card brings it to anyhow, so that its rows need no copy."""
    weight = getattr(module, "weight", None)
    last = torch.channels_last
    if weight is None or weight.device.type == "cpu" or not weight.is_contiguous(memory_format=last):
        return feature_map
    return feature_map.contiguous(memory_format=last)


def _hook_tokens(site: RecordSite, store: Store, dtype: torch.dtype, items: slice, thin: Size | None) -> Any:
    def record(_module: Module, _args: Any, out: torch.Tensor) -> None:
        tokens = out[items]
        if thin is not None:
            picture = tokens.view(len(tokens), *thin, -1)
            tokens = picture[:, ::2, ::2].flatten(1, 2)
        store(site.name, tokens.to(dtype))

    return site.module.register_forward_hook(record)


def _from_the_kernel(site: RecordSite) -> bool:
    """Whether norms' statistics are taken out of the kernel that normalises: a card's has them in half precision."""
    return reduces_slowly(next(site.module.parameters()))


def _moments_and_statistics(
    site: RecordSite, store: Store, dtype: torch.dtype, statistics: bool
) -> Callable[[int, torch.Tensor, torch.Tensor], None]:
    """Collect a level's moments and store them; its `statistics` follow from them, if they are asked for."""
    own = collect_statistics(site.level, 1, store)

    def done(mean: torch.Tensor, deviation: torch.Tensor) -> None:
        store(moments_site(site.level), torch.cat([mean, deviation], -1).to(dtype))
        if statistics:
            own.put(0, *statistics_of_moments(mean.float(), deviation.float(), mean.shape[1]))

    return NormCollector(len(site.module), done).put


def _hook_moments(norm: Module, put: Put) -> Any:
    def record(norm: Module, args: tuple[torch.Tensor, ...]) -> None:
        put(*moments(by_group(norm, args[0].flatten(2).mT)))

    return norm.register_forward_pre_hook(record)


@contextmanager
def _recording_norms(site: RecordSite, store: Store) -> Iterator[None]:
    """The statistics come out of the same kernel that normalises, so recording them costs nothing."""
    collector = collect_statistics(site.level, len(site.module), store)
    with ExitStack() as restore:
        for index, norm in enumerate(site.module):
            restore.callback(_give_back_forward, norm, norm.__dict__.get("forward"))
            norm.forward = partial(_norm_and_put, norm, partial(collector.put, index))
        yield


def _give_back_forward(norm: Module, replaced: Any) -> None:
    del norm.forward
    if replaced is not None:
        norm.forward = replaced


def _norm_and_put(norm: Module, put: Put, x: torch.Tensor) -> torch.Tensor:
    normalised, mean, rstd = torch.native_group_norm(
        x.float(), norm.weight.float(), norm.bias.float(),
        x.shape[0], x.shape[1], x[0, 0].numel(), norm.num_groups, norm.eps,
    )  # fmt: skip
    put(mean, rstd**-2 - norm.eps)
    return normalised.to(x.dtype)
