"""The trajectory of an opened picture: what its noise and every latent on the way would have been."""

from torch import Tensor

from editor_core.diffusion.ddim import OnStep, invert
from editor_core.diffusion.guidance import Predict, guided_denoiser
from editor_core.diffusion.latents import Picture, encode
from editor_core.diffusion.prompts import embed
from editor_core.diffusion.schedule import NoiseSchedule
from editor_core.models.bundle import ModelBundle
from editor_core.models.progress import Cancel


def invert_picture(
    bundle: ModelBundle,
    predict: Predict,
    image: Picture,
    prompt: str,
    steps: int,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> Tensor:
    """DDIM inversion of a picture under a prompt that describes it, without guidance.

    `image` is uint8 (H, W, 3) with both sides on the bundle's grid; `predict` runs the bundle's U-Net.
    Returns the trajectory, float32 (steps + 1, C, h, w), noisiest first; its last entry is the encoded
    picture itself. Guidance 1 because guidance multiplies the approximation's error
    (https://arxiv.org/abs/2211.09794, section 3.1). Raises JobCancelled between steps.
    """
    schedule = NoiseSchedule.from_config(bundle.schedule)
    denoise = guided_denoiser(predict, schedule, embed(bundle, prompt))
    return invert(denoise, encode(bundle, image), schedule, steps, on_step, cancel)
