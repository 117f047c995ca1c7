"""Stable names of every layer of the U-Net, in the order in which they run.

The walk goes by structure (`resnets`, `attentions`, `downsamplers`, ...), never by class name: a hook keyed
on a class name attaches nothing, without a word, as soon as the class is renamed. A name is the path of the
module in the tree, which is also its name in a state dict: the same in every run and on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from editor_core.backbones.attention.sites import AttentionSite, Module, Size
from editor_core.base.errors import ModelError


class LayerKind(StrEnum):
    """What a layer does."""

    CONV_IN = "conv_in"
    RESNET = "resnet"
    TRANSFORMER = "transformer"
    DOWNSAMPLE = "downsample"
    UPSAMPLE = "upsample"
    CONV_OUT = "conv_out"


@dataclass(frozen=True)
class Layer:
    """One step of the U-Net's forward pass.

    `level` counts the halvings of the latent grid at the layer's *input*: 0 is the latent grid itself. A
    layer that `pops` first joins its input with the youngest skip connection; one that `pushes` leaves its
    output as a skip connection. `adapter` is the index of the T2I-Adapter feature added to its output, where so many
    are given: a feature of a block without attention comes after its downsampler, one too many after the middle. Only
    the middle's last layer `ends_middle`; there, and to what is pushed, a ControlNet adds.
    """

    kind: LayerKind
    name: str
    module: Module
    level: int
    part: str  # "down", "mid" or "up"
    pops: bool = False
    pushes: bool = False
    adapter: int | None = None
    ends_middle: bool = False


def level_sizes(height: int, width: int, levels: int) -> tuple[Size, ...]:
    """Return (height, width) of every level; a stride-2 convolution with padding 1 rounds odd sides up."""
    sizes = [(height, width)]
    for _ in range(levels - 1):
        height, width = (height + 1) // 2, (width + 1) // 2
        sizes.append((height, width))
    return tuple(sizes)


STRIDED_SIDE = 16
"""Positions: keys and values of maps no larger are never thinned out, they cost next to nothing."""


def is_strided(size: Size) -> bool:
    """Whether strided keys and values leave out positions of a map of this size."""
    return min(size) > STRIDED_SIDE


def level_count(unet: Module) -> int:
    """Return the number of resolutions the U-Net works at."""
    return 1 + sum(1 for block in unet.down_blocks for _ in block.downsamplers or ())


def layers(unet: Module) -> tuple[Layer, ...]:
    """Return the layers of an SD 1.x, 2.x or SDXL shaped U-Net in calling order.

    Raises ModelError when the U-Net has parts that this walk does not know.
    """
    _check_shape(unet)
    found = (*_down_layers(unet), *_mid_layers(unet), *_up_layers(unet))
    for layer in found:
        _check_layer(layer)
    return found


def attention_sites(unet: Module) -> tuple[AttentionSite, ...]:
    """Return all attention layers in calling order (32 in SD 1.x and 2.x: 16 self, 16 cross; 140 in SDXL)."""
    sites: list[AttentionSite] = []
    counts = {False: 0, True: 0}
    for layer in layers(unet):
        if layer.kind is not LayerKind.TRANSFORMER:
            continue
        for number, block in enumerate(layer.module.transformer_blocks):
            for name, is_cross in (("attn1", False), ("attn2", True)):
                path = f"{layer.name}.transformer_blocks.{number}.{name}"
                module = getattr(block, name)
                sites.append(
                    AttentionSite(
                        path,
                        module,
                        layer.level,
                        layer.part,
                        is_cross,
                        counts[is_cross],
                        module.to_q.out_features,
                        module.heads,
                    )
                )
                counts[is_cross] += 1
    return tuple(sites)


def _down_layers(unet: Module) -> Iterator[Layer]:
    yield Layer(LayerKind.CONV_IN, "conv_in", unet.conv_in, 0, "down", pushes=True)
    level = 0
    for number, block in enumerate(unet.down_blocks):
        name = f"down_blocks.{number}"
        pairs = _pairs(block)
        downsamplers = list(block.downsamplers or ())
        attends = pairs[-1][1] is not None
        for index, (resnet, transformer) in enumerate(pairs):
            last = index == len(pairs) - 1 and (attends or not downsamplers)
            adapter = number if last else None
            yield from _pair_layers(name, index, resnet, transformer, level, "down", adapter)
        for index, module in enumerate(downsamplers):
            path = f"{name}.downsamplers.{index}"
            adapter = None if attends else number
            yield Layer(LayerKind.DOWNSAMPLE, path, module, level, "down", pushes=True, adapter=adapter)
            level += 1


def _mid_layers(unet: Module) -> Iterator[Layer]:
    level = level_count(unet) - 1
    block = unet.mid_block
    for index, resnet in enumerate(block.resnets):
        last = index == len(block.resnets) - 1
        path, adapter = f"mid_block.resnets.{index}", len(unet.down_blocks) if last else None
        yield Layer(LayerKind.RESNET, path, resnet, level, "mid", adapter=adapter, ends_middle=last)
        if index < len(block.attentions):
            path = f"mid_block.attentions.{index}"
            yield Layer(LayerKind.TRANSFORMER, path, block.attentions[index], level, "mid")


def _up_layers(unet: Module) -> Iterator[Layer]:
    level = level_count(unet) - 1
    for number, block in enumerate(unet.up_blocks):
        name = f"up_blocks.{number}"
        for index, (resnet, transformer) in enumerate(_pairs(block)):
            yield from _pair_layers(name, index, resnet, transformer, level, "up", None)
        for index, module in enumerate(block.upsamplers or ()):
            yield Layer(LayerKind.UPSAMPLE, f"{name}.upsamplers.{index}", module, level, "up")
            level -= 1
    yield Layer(LayerKind.CONV_OUT, "conv_out", unet.conv_out, 0, "up")


def _pairs(block: Module) -> list[tuple[Module, Module | None]]:
    attentions = getattr(block, "attentions", None) or [None] * len(block.resnets)
    return list(zip(block.resnets, attentions, strict=True))


def _pair_layers(
    block: str,
    index: int,
    resnet: Module,
    transformer: Module | None,
    level: int,
    part: str,
    adapter: int | None,
) -> Iterator[Layer]:
    """A residual block and, where there is one, the transformer after it; the last leaves the skip."""
    down, alone = part == "down", transformer is None
    yield Layer(
        LayerKind.RESNET, f"{block}.resnets.{index}", resnet, level, part,
        pops=part == "up", pushes=down and alone, adapter=adapter if alone else None,
    )  # fmt: skip
    if transformer is not None:
        path = f"{block}.attentions.{index}"
        yield Layer(LayerKind.TRANSFORMER, path, transformer, level, part, pushes=down, adapter=adapter)


def _check_shape(unet: Module) -> None:
    config = unet.config
    known = (
        not config.center_input_sample
        and config.class_embed_type is None
        and config.num_class_embeds is None
        and config.addition_embed_type in (None, "text_time")
        and config.encoder_hid_dim_type is None
        and config.time_embedding_act_fn is None
        and config.conv_in_kernel == config.conv_out_kernel == 3
        and unet.mid_block is not None
        and unet.conv_norm_out is not None
    )
    if not known:
        raise ModelError(
            "This model has an unknown architecture. Only Stable Diffusion 1.x, 2.x and SDXL models are supported."
        )


def _check_layer(layer: Layer) -> None:
    if not _is_known(layer.kind, layer.module):
        raise ModelError("This model's U-Net has an unsupported part: {layer}.", layer=layer.name)


def _is_known(kind: LayerKind, module: Module) -> bool:
    if kind is LayerKind.RESNET:
        plain = module.time_embedding_norm == "default" and not module.skip_time_act
        return plain and module.upsample is None and module.downsample is None
    if kind is LayerKind.TRANSFORMER:
        blocks = module.transformer_blocks
        return all(b.norm_type == "layer_norm" and b.attn2 is not None for b in blocks)
    if kind is LayerKind.DOWNSAMPLE:
        return module.norm is None and module.use_conv and module.padding == 1
    if kind is LayerKind.UPSAMPLE:
        return module.norm is None and module.use_conv and module.interpolate
    return True
