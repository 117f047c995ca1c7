"""Whole DDIM runs by schedule and number of steps, and a network as guidance wants it."""

from editor_core.backbones.unet import network
from editor_core.sampling import inversion, sampler
from editor_core.sampling.ddim import DDIM


def sample(denoise, x_T, schedule, steps, **options):
    return sampler.sample(DDIM(), DDIM().plan(schedule, steps), denoise, x_T, **options)


def invert(denoise, x_0, schedule, steps, **options):
    return inversion.invert(denoise, x_0, DDIM().plan(schedule, steps), **options)


def predictor(unet, residuals=None):
    """The raw output of a network, in the latents' precision."""

    def predict(x_t, t, conditioning):
        return network.predict(unet, x_t.to(conditioning.dtype), t, conditioning, residuals).to(x_t.dtype)

    return predict
