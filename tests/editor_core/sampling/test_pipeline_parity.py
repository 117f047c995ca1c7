"""Sampling a bundle gives what diffusers' own pipeline makes of the same folder."""

import pytest
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline

from editor_core.models import latents, prompts
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.schedule import NoiseSchedule
from support.sampling import predictor, sample
from support.tiny_models import tiny_bundle, tiny_folder


def make_pipeline(kind: str) -> StableDiffusionPipeline:
    bundle = tiny_bundle(kind)
    pipeline = StableDiffusionPipeline(
        vae=bundle.vae,
        text_encoder=bundle.text_encoder,
        tokenizer=bundle.tokenizer,
        unet=bundle.unet,
        scheduler=DDIMScheduler.from_pretrained(tiny_folder(kind) / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.mark.parametrize("guidance", [1.0, 4.0])
@pytest.mark.parametrize("kind", ["sd1", "sd2"])
def test_latents_and_picture_equal_the_pipelines(kind, guidance):
    bundle = tiny_bundle(kind)
    width, height, steps = 128, 64, 6
    noise = latents.seeded_noise(11, bundle.latent_shape(width, height))
    arguments = {"height": height, "width": width, "num_inference_steps": steps, "guidance_scale": guidance}
    arguments |= {"negative_prompt": "a blue dog", "latents": noise.clone()}
    pipeline = make_pipeline(kind)
    expected = pipeline("a red cat on a sofa", **arguments, output_type="latent").images
    words = prompts.embed_prompt(bundle, "a red cat on a sofa", "a blue dog")
    schedule = NoiseSchedule.from_config(bundle.schedule)
    denoise = guided_denoiser(predictor(bundle.unet), schedule, words.cond, words.uncond, guidance)
    trajectory = sample(denoise, noise, schedule, steps)
    torch.testing.assert_close(trajectory[-1:], expected, rtol=1e-4, atol=1e-4)
    picture = pipeline(
        "a red cat on a sofa", **arguments | {"latents": noise.clone()}, output_type="pt"
    ).images
    ours = torch.from_numpy(latents.decode(bundle, trajectory[-1:])).permute(2, 0, 1) / 255
    torch.testing.assert_close(ours, picture[0], rtol=0, atol=1.01 / 255)
