"""Attaches attention processors and hooks to a U-Net from outside, and always takes them off again."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from editor_core.backbones.unet.sites import (
    AttentionSite,
    Module,
    Size,
    attention_sites,
    level_count,
    level_sizes,
)


class NeverCalledError(RuntimeError):
    """An attached processor was not called although the U-Net ran: its work was silently not done."""


@dataclass
class Attached:
    """What `instrumented` put on the U-Net.

    `sizes` holds (height, width) of every level of the running call, so that a processor, which sees only
    (batch, positions, channels), never has to guess them from the number of positions.
    """

    sites: tuple[AttentionSite, ...]
    model_calls: int = 0
    calls: Counter[str] = field(default_factory=Counter)  # by site name
    sizes: tuple[Size, ...] = ()

    def size(self, site: AttentionSite) -> Size:
        """Return (height, width) of the map at `site` in the running call."""
        return self.sizes[site.level]


Processor = Callable[..., torch.Tensor]
ProcessorFactory = Callable[[AttentionSite, Attached], Processor | None]


@contextmanager
def instrumented(unet: Module, make_processor: ProcessorFactory) -> Iterator[Attached]:
    """Run the body with the attention processors that `make_processor` returns (None leaves a site alone).

    The processors that were there come back, the very same objects, however the body ends. Raises
    NeverCalledError when the body ended well and a processor was not called in each run of the U-Net.
    """
    attached = Attached(())
    made = ((site, make_processor(site, attached)) for site in attention_sites(unet))
    chosen = {site: processor for site, processor in made if processor is not None}
    attached.sites = tuple(chosen)
    levels = level_count(unet)

    def before_call(_module: Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        sample = args[0] if args else kwargs["sample"]
        attached.model_calls += 1
        attached.sizes = level_sizes(sample.shape[-2], sample.shape[-1], levels)

    with ExitStack() as restore:
        handle = unet.register_forward_pre_hook(before_call, with_kwargs=True)
        restore.callback(handle.remove)
        for site, processor in chosen.items():
            restore.callback(site.module.set_processor, site.module.get_processor())
            site.module.set_processor(_counting(processor, site.name, attached.calls))
        yield attached
    _check_called(attached)


def _counting(processor: Processor, name: str, calls: Counter[str]) -> Processor:
    def counted(attn: Module, hidden_states: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        calls[name] += 1
        return processor(attn, hidden_states, **kwargs)

    return counted


def _check_called(attached: Attached) -> None:
    missed = [site.name for site in attached.sites if attached.calls[site.name] < attached.model_calls]
    if missed:
        raise NeverCalledError(f"{len(missed)} of {len(attached.sites)} sites were passed over: {missed}")
