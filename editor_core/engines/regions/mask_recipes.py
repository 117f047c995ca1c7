"""The numbers of a mask search, and the presets: the published ones and one for grounded models."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from editor_core.base.errors import EditorError
from editor_core.engines.common.parameters import parse_parameters
from editor_core.models.bundle import ModelBundle


@dataclass(frozen=True)
class MaskRecipe:
    """The defaults are those of the paper (arXiv 2401.07709, "Implementation")."""

    strength: float = 0.5
    """r: the share of the noise schedule by which the picture is noised before it is denoised with the phrase."""
    threshold: float = 0.2
    """phi: what of the heat, 0..1, belongs to the mask."""
    similarity_high: float = 0.9
    """gamma_1: from this cosine with the index word on, a word is added."""
    similarity_low: float = 0.6
    """gamma_2: up to this cosine with the index word, a word is taken away."""
    rounds: int = 3
    """n: noises that are denoised side by side; their maps are averaged into one mask."""
    ratio: int = 4
    """Maps are read where a position covers so many latent ones a side: 4 is 16x16 at 512 pixels."""
    steps: int = 0
    """At most so many steps; 0 goes on to the end. The mask comes after the first and changes little later."""
    guided: bool = True
    """Guide the denoising as the painting is; the maps come from the conditional half either way."""
    grounded: bool = False
    """Read the maps as those of a model whose attention was grounded (`object_mask.py`), within the sentence."""
    before: bool = False
    """Of a grounded model also ask where the words that go look, if the picture's own sentence is known."""
    outline: bool = False
    """Fit the mask of one thing to the picture's edges (`outline.py`)."""
    outline_kept: bool = False
    """Fit what stands before a place that is repainted, too."""
    printed: bool = False
    """Follow the paper's formulas to the letter where its released code does otherwise."""
    sampler: str = "ddim"
    """What denoises the picture: "ddim", or "lms" as in the authors' code."""
    batched: bool = True
    """Run the rounds as one batch; the same one after another otherwise."""


AUTO = "auto"
SAMPLERS = ("ddim", "lms")
PRESETS = {
    "paper": MaskRecipe(),
    "printed": MaskRecipe(printed=True, sampler="lms"),
    "demo": MaskRecipe(threshold=0.3, similarity_low=0.3),  # the authors' sample_use.py
    "grounded": MaskRecipe(
        threshold=0.25,
        rounds=2,
        ratio=2,
        steps=2,
        guided=False,
        grounded=True,
        before=True,
        outline=True,
        outline_kept=True,
    ),
}


def recipe_for(bundle: ModelBundle, parameters: Mapping[str, Any]) -> MaskRecipe:
    """The recipe that ``parameters`` name by "preset", with their own values, but zeros, in place of the preset's.

    "auto" is "grounded" for a model whose card says that its attention was grounded, and "paper" for any other.
    Raises EditorError for a name or a number that cannot be.
    """
    name = parameters.get("preset", AUTO)
    if name == AUTO:
        name = "grounded" if bundle.capabilities.grounded else "paper"
    if name not in PRESETS:
        raise EditorError(
            "There is no mask preset called “{name}”. Available: {choices}.",
            name=name,
            choices=(AUTO, *PRESETS),
        )
    given = {f.name: parameters.get(f.name) for f in fields(MaskRecipe)}
    own: dict[str, Any] = {key: value for key, value in given.items() if value or value is False}
    typed = parse_parameters(MaskRecipe, own)
    recipe = replace(PRESETS[name], **{key: getattr(typed, key) for key in own})
    if recipe.sampler not in SAMPLERS:
        raise EditorError(
            "A mask is searched with one of these samplers: {choices}, not “{name}”.",
            choices=SAMPLERS,
            name=recipe.sampler,
        )
    if not (0 < recipe.strength <= 1 and 0 <= recipe.threshold < 1 and 1 <= recipe.rounds <= 16):
        raise EditorError(
            "Mask settings are out of range: strength must be above 0 and at most 1, the "
            "threshold from 0 to 1, and the number of rounds from 1 to 16."
        )
    return recipe
