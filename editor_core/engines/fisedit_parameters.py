"""What can be set of a Reword: FISEdit's switches, the paper's values among them."""

from dataclasses import dataclass

import torch

from editor_core.backbones.rows import Sparsity
from editor_core.base.limits import MAX_STEPS
from editor_core.base.message import Message
from editor_core.engines.common.given_mask import exact_mask_setting, grow_mask_setting, soft_mask_setting
from editor_core.engines.common.guidance_every import guidance_every_setting
from editor_core.engines.common.guides import (
    controlnet_setting,
    controlnet_share_setting,
    controlnet_strength_setting,
    reference_adapter_setting,
    reference_setting,
    reference_strength_setting,
)
from editor_core.engines.common.parameters import setting, share
from editor_core.messages.parameters import GIVEN_MASK, Choice

_FAR = 256  # latent positions: farther than any picture that the model sees is wide
INSTANT, WARM_UP = "instant", "warm-up"


@dataclass(frozen=True)
class FISEditParameters:
    search: str = setting(
        INSTANT,
        Message("Find the region"),
        Message("How the place that changes is found"),
        choices=(
            Choice(INSTANT, Message("At a glance")),
            Choice(WARM_UP, Message("By first steps on the whole picture (as in the paper)")),
        ),
        only_if=(GIVEN_MASK, False),
    )
    steered_share: float = share(
        0.3,
        Message("Keep structure"),
        Message("Share of the steps in which the words that stay look where they looked before"),
        only_if=("search", INSTANT),
    )
    """At most `max_warmup_steps` steps, and none where only something new is put in."""
    keep_things: bool = setting(
        True,
        Message("Keep what stands there"),
        Message("Where words change the place alone, the things in it stay as they are, to the pixel"),
        only_if=("search", INSTANT),
    )
    fresh_light: bool = setting(
        True,
        Message("Light follows the words"),
        Message("Where words change most of an opened picture, its light and large shapes follow them, too"),
        only_if=("search", INSTANT),
    )
    warmup_share: float = share(
        0.3,
        Message("Warm-up"),
        Message("Share of the steps that run on the whole picture to find the region"),
        only_if=("search", WARM_UP),
    )
    max_warmup_steps: int = setting(  # the paper's k
        10,
        Message("Warm-up at most"),
        Message("At most so many steps run on the whole picture to find the region"),
        lowest=0,
        highest=MAX_STEPS,
        only_if=(GIVEN_MASK, False),
        expert=True,
    )
    compare_from: int = setting(  # the paper's t_1
        1,
        Message("Compare from step"),
        Message(
            "The first of the steps whose differences make the region, counted from 1; the paper shows 5 to 10"
        ),
        lowest=1,
        highest=MAX_STEPS,
        only_if=("search", WARM_UP),
        expert=True,
    )
    control: bool = setting(
        True,
        Message("Control attention"),
        Message(
            "Let unchanged words look where they looked before, while the region is searched; off, as in the "
            "paper’s ablation"
        ),
        only_if=("search", WARM_UP),
        expert=True,
    )
    scale_steps: bool = setting(
        True,
        Message("Scale every step"),
        Message(
            "Let every step that is compared count alike; off: only their sum is scaled, as the paper prints"
        ),
        only_if=("search", WARM_UP),
        expert=True,
    )
    opening: bool = setting(
        True,
        Message("Drop specks"),
        Message(
            "Leave out single positions of the found region, as the paper’s code does and the paper does not"
        ),
        only_if=("search", WARM_UP),
        expert=True,
    )
    growth: int = setting(
        1,
        Message("Grow region"),
        Message("Latent positions (mostly 8 pixels each) that the found region grows by on every side"),
        lowest=0,
        highest=_FAR,
        only_if=("search", WARM_UP),
    )
    follow_words: bool = setting(
        True,
        Message("Follow changed words"),
        Message("Also change the places where the changed words look; the paper does not"),
        only_if=("search", WARM_UP),
    )
    follow_differences: bool = setting(
        True,
        Message("Follow weak differences"),
        Message("Let the region follow weaker differences that are joined to it; the paper does not"),
        only_if=("search", WARM_UP),
        expert=True,
    )
    incremental: bool = setting(
        True,
        Message("Compute only the region"),
        Message("Off: compute the whole picture at every step; slower"),
        expert=True,
    )
    tail: int = setting(
        0,
        Message("Last steps whole"),
        Message("So many last steps compute the whole picture; the paper’s code has 10 for a given mask"),
        lowest=0,
        highest=MAX_STEPS,
        expert=True,
    )
    controlnet: str = controlnet_setting
    controlnet_strength: float = controlnet_strength_setting
    controlnet_share: float = controlnet_share_setting
    reference: str = reference_setting
    reference_strength: float = reference_strength_setting
    reference_adapter: str = reference_adapter_setting
    guidance_every: int | None = guidance_every_setting
    hide_outside_words: bool = setting(
        True,
        Message("Ignore things elsewhere"),
        Message("The area does not see the words for things that stand outside it"),
    )
    plant: bool = setting(
        True,
        Message("Put new things anywhere"),
        Message("A new thing that does not come by itself is painted alone and set into its place"),
    )
    reimpose: bool = setting(
        True,
        Message("Hold surroundings"),
        Message(
            "Off: the latents around the region go on from where the first steps left them, as in the paper’s code"
        ),
        expert=True,
    )
    """Off, the noise outside is the base's and its latents are not; all steps run densely, and only the pixels outside
    are the base's."""
    margin: int = setting(
        1,
        Message("Margin"),
        Message("Latent positions around the region that are computed with it and thrown away"),
        lowest=0,
        highest=_FAR,
        expert=True,
    )
    level_growth: tuple[int, ...] = setting(
        (),
        Message("Growth per level"),
        Message(
            "How many positions more each coarser level computes on every side, finer levels first: 1, 1"
        ),
        lowest=0,
        highest=_FAR,
        expert=True,
    )
    sparse_levels: int | None = setting(
        None,
        Message("Levels by region"),
        Message(
            "So many of the finest levels compute only the region, the coarser ones everything; empty: what is fastest"
        ),
        lowest=1,
        highest=8,
        expert=True,
    )
    fresh_norms: bool = setting(
        True,
        Message("Fresh norms"),
        Message("Let the group norms follow the edit; off keeps the picture’s own, as in the paper"),
        expert=True,
    )
    keys: str = setting(
        "full",
        Message("Attention"),
        Message("What the region sees of the rest of the picture"),
        choices=(
            Choice("full", Message("Everything")),
            Choice("strided", Message("Every second position")),
            Choice("active", Message("Only itself (as in the paper)")),
        ),
        expert=True,
    )
    soft_mask: bool = soft_mask_setting
    exact_mask: bool = exact_mask_setting
    grow_mask: bool = grow_mask_setting
    captured: bool = setting(
        True,
        Message("CUDA graphs"),
        Message("On an NVIDIA card, replay recorded steps; off launches every computation anew"),
        expert=True,
    )
    fused: bool = setting(
        True,
        Message("Fused kernels"),
        Message("On an NVIDIA card, do several small computations in one; off leaves them to PyTorch"),
        expert=True,
    )

    def sparsity(self, device: torch.device) -> Sparsity:
        growth = tuple(self.level_growth)
        return Sparsity(
            self.margin,
            self.fresh_norms,
            self.keys,
            growth,
            self.sparse_levels,
            self.captured,
            self.fused,
        ).on(device)
