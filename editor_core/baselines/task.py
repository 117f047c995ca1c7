"""What all baselines are given and share: one edit to make, the words' embeddings, and DDIM's walk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from editor_core.base.errors import EditorError
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import predict_output
from editor_core.engines.common.sketching import adapter_features
from editor_core.messages.requests import BaseTurn
from editor_core.models.adapter import adapter_for
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning
from editor_core.models.latents import crop, decode, mask_to_latent, pad_to_grid, seeded_noise
from editor_core.models.prompts import TokenizedPrompt, embed_tokens, tokenize_alike
from editor_core.sampling.ddim import ddim_step
from editor_core.sampling.guidance import guide
from editor_core.sampling.schedule import NoiseSchedule

Eps = Callable[[int, int, Tensor], Tensor]
"""(step, t, x) to the guided noise in x."""
After = Callable[[int, Tensor], Tensor]
"""(step, x) to what goes on from there, once a step is done."""


@dataclass(frozen=True, eq=False)
class Task:
    """One edit of a picture that was inverted; a method reads of it what its paper lets it have."""

    context: EngineContext
    base: BaseTurn
    prompt: str
    mask: np.ndarray
    """uint8 (H, W), 255 in the region; all 255 where none was given."""
    strokes: np.ndarray
    """uint8 (H, W), white on black: what should appear in the region."""
    instruction: str = ""
    """What to do, for models that read orders: "make the fox a cat"."""
    models: Mapping[str, str] = field(default_factory=dict)
    """A method's name to the folder of the model that it needs in place of the loaded one."""

    @property
    def bundle(self) -> ModelBundle:
        return self.context.bundle

    @property
    def schedule(self) -> NoiseSchedule:
        return self.context.schedule

    @property
    def path(self) -> Tensor:
        """The source's latents at every step, (steps + 1, C, h, w), noise first."""
        return self.context.tensor(self.base.latents["trajectory"])

    @property
    def region(self) -> Tensor:
        """bool (h, w)."""
        h, w = self.base.latents["trajectory"].shape[-2:]
        return mask_to_latent(pad_to_grid(self.mask, self.bundle.grid), (h, w)).to(self.bundle.device)

    @property
    def embeddings(self) -> tuple[Tensor, Tensor, Tensor]:
        """(1, L, D) each: nothing, the source's words, the target's words."""
        nothing, source, target = (embed_tokens(self.bundle, tokens).hidden for tokens in self._tokens)
        return nothing, source, target

    @property
    def features(self) -> Sequence[Tensor]:
        """The sketch adapter's features, empty for a model without one or a drawing without a line."""
        if not self.bundle.capabilities.adapter or not self.strokes.any():
            return ()
        return adapter_features(self.context, adapter_for(self.bundle), self.strokes, 1.0)

    @property
    def noise(self) -> Tensor:
        return self.noise_numbered(1)

    def noise_numbered(self, number: int) -> Tensor:
        """float32 (1, C, h, w): the same for a turn and a number."""
        shape = (1, *self.base.latents["trajectory"].shape[1:])
        return seeded_noise(self.base.seed + number, shape).to(self.bundle.device)

    def tokens(self) -> tuple[TokenizedPrompt, TokenizedPrompt]:
        """Of the source's words and of the target's."""
        _, source, target = self._tokens
        return source, target

    @property
    def _tokens(self) -> list[TokenizedPrompt]:
        """Of nothing, of the source's words and of the target's, equally long."""
        return tokenize_alike(self.bundle, ("", self.base.prompt, self.prompt))

    def unet(
        self,
        x: Tensor,
        t: int,
        text: Tensor,
        features: Sequence[Tensor] | None = None,
        given: Tensor | None = None,
    ) -> Tensor:
        """The U-Net's raw output for latents (B, C, h, w) and words (B, L, D). Raises JobCancelled before it runs."""
        return predict_output(self.context, x, t, Conditioning(text), given, features)

    def guided(self, nothing: Tensor, words: Tensor, x: Tensor, t: int) -> Tensor:
        """Guided eps of two raw outputs."""
        return self.schedule.eps_from_output(guide(nothing, words, self.base.guidance), x, t)

    def walk(self, x: Tensor, eps: Eps, first: int = 0, after: After | None = None) -> np.ndarray:
        """DDIM from step ``first`` on, decoded: uint8 (H, W, 3)."""
        steps = self.base.steps
        for step, (t, t_prev) in enumerate(self.schedule.step_pairs(steps)):
            if step >= first:
                self.context.progress("painting", step, steps)
                x = ddim_step(x, eps(step, t, x), t, t_prev, self.schedule)
                x = x if after is None else after(step, x)
        self.context.progress("painting", steps, steps)
        return self.picture(x)

    def picture(self, x_0: Tensor) -> np.ndarray:
        """The picture, uint8 (H, W, 3), of latents (1, C, h, w)."""
        height, width = self.base.image.shape[:2]
        return crop(decode(self.bundle, x_0), width, height)

    def folder_for(self, method: str, what: Message) -> str:
        """The folder named for a method's own model. Raises EditorError where none is."""
        if method not in self.models:
            raise EditorError(
                "{method} needs {what}: name its folder (--with {method}=FOLDER).", method=method, what=what
            )
        return self.models[method]

    def with_model(self, method: str, what: Message) -> "Task":
        """The task with the model that a method needs. Raises EditorError, ModelError."""
        bundle, backbone = self.context.model_beside(self.folder_for(method, what))
        return replace(self, context=replace(self.context, bundle=bundle, backbone=backbone))


def only_for(row_count: int, rows: Sequence[int], features: Sequence[Tensor]) -> list[Tensor] | None:
    """Adapter features for some rows of a batch, zero for the others."""
    if not features:
        return None
    shares = torch.zeros(row_count, 1, 1, 1).to(features[0])
    shares[list(rows)] = 1
    return [feature * shares for feature in features]
