"""Another model of the same latents, loaded beside the first: what paints where something else searched.

InstDiffEdit (arXiv 2401.07709) searches with Stable Diffusion and paints with its inpainting model, which share an
autoencoder.
"""

from pathlib import Path
from weakref import WeakKeyDictionary

from editor_core.base.errors import ModelError
from editor_core.models.bundle import ModelBundle
from editor_core.models.load import load

_loaded: WeakKeyDictionary[ModelBundle, dict[Path, ModelBundle]] = WeakKeyDictionary()


def model_beside(bundle: ModelBundle, source: str) -> ModelBundle:
    """The model in a folder or file, loaded once per model. Raises ModelError where its latents are others."""
    place = Path(source).expanduser()
    known = _loaded.setdefault(bundle, {})
    if place not in known:
        found = load(str(place), str(bundle.device))
        if _latents(found) != _latents(bundle):
            raise ModelError(
                "“{folder}” cannot paint here: its latents are not those of this model.", folder=place.name
            )
        known[place] = found
    return known[place]


def _latents(bundle: ModelBundle) -> tuple[int, int, float, float]:
    return bundle.latent_channels, bundle.downscale, bundle.scaling_factor, bundle.shift_factor
