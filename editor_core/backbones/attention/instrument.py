"""Attaches attention processors to a network from outside, and always takes them off again."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch

from editor_core.backbones.attention.control import AttentionControl
from editor_core.backbones.attention.cross_attention import ControlledCrossAttention, MaskedCrossAttention
from editor_core.backbones.attention.self_attention import SharedSelfAttention
from editor_core.backbones.attention.sites import AttentionSite, Module

Processor = Callable[..., torch.Tensor]
"""What diffusers calls with (attention module, hidden states, encoder_hidden_states=…)."""


class NeverCalledError(RuntimeError):
    """An attached processor was not called although the network ran: its work was silently not done."""


@contextmanager
def instrumented(
    network: Module, sites: Sequence[AttentionSite], make: Callable[[AttentionSite], Processor | None]
) -> Iterator[Counter[str]]:
    """Run the body with the attention processors that `make` returns (None leaves a site alone).

    Yields how often each was called, by its site's name. The processors that were there come back, the very same
    objects, however the body ends. Raises NeverCalledError when the body ended well and a processor was not called in
    each run of the network.
    """
    made = ((site, make(site)) for site in sites)
    chosen = [(site, processor) for site, processor in made if processor is not None]
    calls: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    with ExitStack() as restore:
        handle = network.register_forward_pre_hook(lambda *_: runs.update(network=1))
        restore.callback(handle.remove)
        for site, processor in chosen:
            restore.callback(site.module.set_processor, site.module.get_processor())
            site.module.set_processor(_counting(processor, site.name, calls))
        yield calls
    missed = [site.name for site, _ in chosen if calls[site.name] < runs["network"]]
    if missed:
        raise NeverCalledError(f"{len(missed)} of {len(chosen)} sites were passed over: {missed}")


def processor_for(control: AttentionControl, site: AttentionSite) -> Processor | None:
    """What computes attention at a site as `control` has it; None where it says nothing of the site."""
    if site.is_cross:
        if control.maps is not None and control.maps.where(site):
            return ControlledCrossAttention(site, control.maps)
        return None if control.token_mask is None else MaskedCrossAttention(site, control.token_mask)
    if control.sharing is not None and control.sharing.where(site):
        return SharedSelfAttention(site, control.sharing)
    return None


def _counting(processor: Processor, name: str, calls: Counter[str]) -> Processor:
    def counted(attn: Module, hidden_states: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        calls[name] += 1
        return processor(attn, hidden_states, **kwargs)

    return counted
