"""Deterministic sampling from the model, with classifier-free guidance, for sheets and measurements."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderDC, DDIMScheduler, T2IAdapter, UNet2DConditionModel
from editor_core.models.lora_file import LoraSampling, inspect_lora
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

from low_rank import merge
from networks import ADAPTER_FOLDER, FEW_STEPS_FILE
from runs import best_device


@dataclass(frozen=True)
class Model:
    """The parts of an exported folder."""

    vae: AutoencoderDC
    tokenizer: CLIPTokenizer
    text_encoder: CLIPTextModel
    unet: UNet2DConditionModel
    scheduler: DDIMScheduler
    adapter: T2IAdapter | None = None
    """For sketches, where the folder has one."""


def load_model(folder: Path, device: torch.device, few_steps: bool = False) -> Model:
    """Load an exported folder in float32; its few-step version is to be used without guidance."""
    local = {"local_files_only": True}
    vae = AutoencoderDC.from_pretrained(folder / "vae", torch_dtype=torch.float32, **local)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=torch.float32, **local)
    text_encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32, **local)
    scheduler = DDIMScheduler.from_pretrained(folder / "scheduler", **local)
    if few_steps:
        merge(unet, folder / FEW_STEPS_FILE)
        scheduler.register_to_config(timestep_spacing=few_steps_use(folder).timestep_spacing)
    return Model(
        vae.to(device).eval(),
        CLIPTokenizer.from_pretrained(folder / "tokenizer", **local),
        text_encoder.to(device).eval(),
        unet.to(device).eval(),
        scheduler,
        load_sketch_adapter(folder, device),
    )


def few_steps_use(folder: Path) -> LoraSampling:
    """How a folder's few-step version is used, as its file says."""
    use = inspect_lora(folder / FEW_STEPS_FILE).sampling
    assert use is not None
    return use


def load_sketch_adapter(folder: Path, device: torch.device) -> T2IAdapter | None:
    """The folder's adapter for sketches, in float32."""
    path = folder / ADAPTER_FOLDER
    if not path.exists():
        return None
    return T2IAdapter.from_pretrained(path, torch_dtype=torch.float32, local_files_only=True).to(device)


@torch.no_grad()
def text_states(model: Model, prompts: list[str]) -> torch.Tensor:
    """The text encoder's states, (prompts, tokens, width)."""
    tokens = model.tokenizer(prompts, padding="max_length", truncation=True, return_tensors="pt")["input_ids"]
    return model.text_encoder(tokens.to(model.text_encoder.device))[0]


@torch.no_grad()
def sample(
    model: Model,
    prompts: list[str],
    seeds: list[int],
    size: tuple[int, int] = (256, 256),
    steps: int = 20,
    guidance: float = 4.0,
    sketches: np.ndarray | None = None,
) -> np.ndarray:
    """Pictures of some prompts, uint8 (prompts, H, W, 3), by DDIM; each has its own seed.

    Sketches, uint8 (prompts, H, W), white on black, guide the shapes through the adapter.
    """
    device = model.unet.device
    shape = (model.unet.config.in_channels, size[0] // 8, size[1] // 8)
    latents = torch.stack(
        [torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    )
    latents = latents.to(device)
    guided = guidance != 1.0
    states = text_states(model, [""] * len(prompts) + prompts if guided else prompts)
    features = None if sketches is None else sketch_features(model, sketches, 2 if guided else 1)
    model.scheduler.set_timesteps(steps)
    for step in model.scheduler.timesteps:
        velocity = model.unet(
            torch.cat([latents, latents]) if guided else latents,
            step,
            states,
            down_intrablock_additional_residuals=None if features is None else list(features),
        ).sample
        if guided:
            without, with_text = velocity.chunk(2)
            velocity = without + guidance * (with_text - without)
        latents = model.scheduler.step(velocity, step, latents).prev_sample
    return decoded(model, latents)


def decoded(model: Model, latents: torch.Tensor) -> np.ndarray:
    """The pictures of standardised latents, uint8 (n, H, W, 3)."""
    pictures = model.vae.decode(latents / model.vae.config.scaling_factor).sample
    return ((pictures.clamp(-1, 1) + 1) * 127.5 + 0.5).byte().permute(0, 2, 3, 1).cpu().numpy()


def sketch_features(model: Model, sketches: np.ndarray, copies: int = 2) -> list[torch.Tensor]:
    """The adapter's features of sketches, for both halves of a guided batch or for the prompts alone."""
    if model.adapter is None:
        raise ValueError("This model has no adapter for sketches.")
    lines = torch.from_numpy(sketches)[:, None].to(model.unet.device).float() / 255
    return [part.repeat(copies, 1, 1, 1) for part in model.adapter(lines)]


def sheet(pictures: np.ndarray, columns: int) -> Image.Image:
    """Pictures side by side, row by row; what the last row lacks is black."""
    filled = np.zeros((-len(pictures) % columns, *pictures.shape[1:]), np.uint8)
    pictures = np.concatenate([pictures, filled])
    rows = [np.concatenate(list(pictures[i : i + columns]), 1) for i in range(0, len(pictures), columns)]
    return Image.fromarray(np.concatenate(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("prompts", nargs="+")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--guidance", type=float, default=4.0)
    parser.add_argument("--few-steps", action="store_true", help="the few-step version, without guidance")
    parser.add_argument("--seeds", type=int, default=4, help="pictures of each prompt")
    parser.add_argument("--out", type=Path, default=Path("sheet.png"))
    arguments = parser.parse_args()
    model = load_model(arguments.folder, best_device(), arguments.few_steps)
    card = json.loads((arguments.folder / "palimpsest.json").read_text())
    steps, guidance = card["steps"], arguments.guidance
    if arguments.few_steps:
        use = few_steps_use(arguments.folder)
        steps, guidance = use.steps, use.guidance
    prompts = [prompt for prompt in arguments.prompts for _ in range(arguments.seeds)]
    seeds = list(range(arguments.seeds)) * len(arguments.prompts)
    pictures = sample(model, prompts, seeds, (arguments.size, arguments.size), steps, guidance)
    sheet(pictures, arguments.seeds).save(arguments.out)


if __name__ == "__main__":
    main()
