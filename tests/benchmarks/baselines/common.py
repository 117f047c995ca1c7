"""What all baselines are given and share: one edit to make, the words' embeddings, and DDIM's walk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.sketching import adapter_features
from editor_core.messages.requests import BaseTurn
from editor_core.models.adapter import adapter_for
from editor_core.models.latents import decode, mask_to_latent, seeded_noise
from editor_core.models.prompts import embed_tokens, tokenize
from editor_core.sampling.ddim import ddim_step
from editor_core.sampling.guidance import guide


@dataclass(frozen=True, eq=False)
class Task:
    """One edit of a picture that was inverted; a method reads of it what its paper lets it have."""

    context: EngineContext
    base: BaseTurn
    prompt: str
    mask: np.ndarray
    """uint8 (H, W), 255 in the region."""
    strokes: np.ndarray
    """uint8 (H, W), white on black: what should appear in the region."""

    @property
    def path(self) -> Tensor:
        """The source's latents at every step, (steps + 1, C, h, w), noise first."""
        return self.context.tensor(self.base.latents["trajectory"])

    @property
    def region(self) -> Tensor:
        """bool (h, w)."""
        return mask_to_latent(self.mask, self.path.shape[-2:]).to(self.context.bundle.device)

    @property
    def embeddings(self) -> tuple[Tensor, Tensor, Tensor]:
        """(1, L, D) each: nothing, the source's words, the target's words."""
        bundle = self.context.bundle
        texts = "", self.base.prompt, self.prompt
        nothing, source, target = (embed_tokens(bundle, tokenize(bundle, text)).hidden for text in texts)
        return nothing, source, target

    @property
    def features(self) -> Sequence[Tensor]:
        """The sketch adapter's features, empty for a model without one or a drawing without a line."""
        if not self.context.bundle.capabilities.adapter or not self.strokes.any():
            return ()
        return adapter_features(self.context, adapter_for(self.context.bundle), self.strokes, 1.0)

    @property
    def noise(self) -> Tensor:
        noise = seeded_noise(self.base.seed + 1, (1, *self.path.shape[1:]))
        return noise.to(self.context.bundle.device)

    def tokens(self):
        return tokenize(self.context.bundle, self.base.prompt), tokenize(self.context.bundle, self.prompt)

    def unet(self, x: Tensor, t: int, text: Tensor, features: list[Tensor] | None = None) -> Tensor:
        """The U-Net's raw output."""
        return self.context.bundle.unet(
            x, t, text, down_intrablock_additional_residuals=features, return_dict=False
        )[0]

    def guided(self, nothing: Tensor, words: Tensor, x: Tensor, t: int) -> Tensor:
        """Guided eps of two raw outputs."""
        return self.context.schedule.eps_from_output(guide(nothing, words, self.base.guidance), x, t)

    def walk(self, x: Tensor, eps: Callable[[int, int, Tensor], Tensor], first: int = 0) -> np.ndarray:
        """DDIM from step ``first`` on with eps(step, t, x), decoded: uint8 (H, W, 3)."""
        schedule = self.context.schedule
        for step, (t, t_prev) in enumerate(schedule.step_pairs(self.base.steps)):
            if step >= first:
                x = ddim_step(x, eps(step, t, x), t, t_prev, schedule)
        return decode(self.context.bundle, x)


def only_for(row_count: int, rows: Sequence[int], features: Sequence[Tensor]) -> list[Tensor] | None:
    """Adapter features for some rows of a batch, zero for the others."""
    if not features:
        return None
    shares = torch.zeros(row_count, 1, 1, 1)
    shares[list(rows)] = 1
    return [feature * shares for feature in features]
