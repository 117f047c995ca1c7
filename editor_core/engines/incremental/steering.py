"""How a known region attends otherwise: in first steps words that stay do as in the base (Prompt-to-Prompt), and words
for things that stand elsewhere are hidden from it.

FISEdit keeps a picture's structure so while it looks for the region (arXiv 2305.17423, 3.2; arXiv 2208.01626, 3.2).
Where the region is known before the first step, the same happens on its rows. The maps are those of the base's words at
the base's latents, whatever steered the base's own run: so they depend on one turn alone, and can be made again.
"""

from collections.abc import Callable, Sequence

from editor_core.backbones.attention.control import Injection
from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental.reference import Maps, StoredReference
from editor_core.messages.requests import BaseTurn
from editor_core.models.prompts import align, tokenize_alike


class Steering:
    """What the first ``steps`` steps of an edit take from the maps of its base, and what all of them do not see."""

    def __init__(
        self,
        context: EngineContext,
        base: BaseTurn,
        prompt: str,
        negative: str,
        steps: int,
        hidden: Sequence[int] = (),
    ) -> None:
        """negative: what the edit is guided away from; it only counts where it has more chunks than the prompt.

        hidden: the prompt's tokens that the region does not look at (`outside_words.py`).
        """
        before, _ = tokenize_alike(context.bundle, (base.prompt, base.negative))
        after, _ = tokenize_alike(context.bundle, (prompt, negative))
        self.steps = steps
        self._alignment = align(before, after).to(context.bundle.device)
        self._hidden = tuple(token for token in hidden if token < len(self._alignment))
        self._maps = base_maps(context, base)

    def at(self, step: int, t: float) -> Injection | None:
        """What a step does; None where it is free. May call the network: nothing may listen to it then."""
        if step >= self.steps:
            return Injection(None, self._alignment, self._hidden) if self._hidden else None
        maps = self._maps(step, t)
        return Injection(lambda site: maps[site.name], self._alignment, self._hidden)


def base_maps(context: EngineContext, base: BaseTurn) -> Callable[[int, float], Maps]:
    """(step, t) → the maps of a turn's own words at its own latents, from the cache where it has them."""
    stored = StoredReference(context, base)

    def maps(step: int, t: float) -> Maps:
        steered = base.record.warmup_steps > step  # those that lie in the cache are not of its latents alone
        return stored.maps(step, t) if base.cache_space and not steered else stored.computed(step, t)

    return maps
