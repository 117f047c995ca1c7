"""Which backbone stands behind a network, by the name of the network's class."""

from collections.abc import Callable
from typing import Any

from editor_core.backbones.backbone import Backbone
from editor_core.backbones.unet.backbone import UNetBackbone
from editor_core.base.errors import ModelError

BACKBONES: dict[str, Callable[[Any], Backbone]] = {"UNet2DConditionModel": UNetBackbone}


def backbone_of(network: Any) -> Backbone:
    """The network's backbone; make one for each network in memory. Raises ModelError for a kind that is not known."""
    kind = type(network).__name__
    if kind not in BACKBONES:
        raise ModelError("This model has an unknown architecture: {kind}.", kind=kind)
    return BACKBONES[kind](network)
