"""Networks that wait in main memory and come to the card only while they are called: text encoders and autoencoder.

Between their calls the card holds the U-Net alone, which is called at every step. Diffusers and accelerate do the same
as “model CPU offload”; here it is two hooks a network, for nothing else of these libraries is needed.
"""

from typing import Any

from torch import nn

from editor_core.models.bundle import ModelBundle


def waiting_parts(bundle: ModelBundle) -> list[nn.Module]:
    """What may wait: of the autoencoder the parts that are called, for it has no call of its own."""
    encoders = [each for each in (bundle.text_encoder, bundle.text_encoder_2) if each is not None]
    return [*encoders, *(bundle.vae.children() if isinstance(bundle.vae, nn.Module) else ())]


def bytes_of(parts: list[nn.Module]) -> int:
    """What they hold."""
    return sum(weight.numel() * weight.element_size() for part in parts for weight in part.parameters())


def offload(bundle: ModelBundle) -> None:
    """From now on they wait in main memory; may be called again."""
    for part in waiting_parts(bundle):
        if getattr(part, "_waits", False):
            continue
        part._waits = True  # type: ignore[assignment]
        part.register_forward_pre_hook(_bring(bundle))
        part.register_forward_hook(_take_away, always_call=True)
        part.to("cpu")


def _bring(bundle: ModelBundle) -> Any:
    def bring(part: nn.Module, _args: object) -> None:
        part.to(bundle.device)

    return bring


def _take_away(part: nn.Module, _args: object, _out: object) -> None:
    part.to("cpu")
