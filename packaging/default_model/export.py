"""Write the trained model as a diffusers folder: python packaging/default_model/export.py."""

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderDC, T2IAdapter
from torch import nn

from data import ROOT, RUN
from networks import ADAPTER_FOLDER, build_scheduler, build_text_encoder, build_unet
from runs import load_autoencoder
from tables import TABLES, Tables
from tokenizer import write_tokenizer

MODEL_FOLDER = ROOT / "resources" / "models" / "default"
INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.42.1",
    "vae": ["diffusers", "AutoencoderDC"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "scheduler": ["diffusers", "DDIMScheduler"],
    "safety_checker": [None, None],
    "feature_extractor": [None, None],
    "requires_safety_checker": False,
}
DEFAULTS = {
    "name": "picture-book",
    "default_size": [256, 256],
    "steps": 20,
    "guidance": 4.0,
    "example_prompts": [
        "a fox in the snow",
        "a red balloon on the beach",
        "a rabbit and a mushroom in a meadow",
        "a house in the mountains at sunset",
        "a lion in the desert",
        "a cat and a dog in a meadow",
    ],
    "grounded_attention": True,
}
"""What the editor offers with this model."""


def export(
    settings: dict[str, Any],
    tables: Tables,
    vae: AutoencoderDC,
    weights: dict[str, torch.Tensor] | None,
    folder: Path,
    adapter: T2IAdapter | None = None,
) -> None:
    """Write the folder, in float16; without weights the U-Net and the text encoder are as they are born."""
    tokenizer = write_tokenizer(folder / "tokenizer", tables)
    modules = nn.ModuleDict(
        {
            "text_encoder": build_text_encoder(settings, tokenizer),
            "unet": build_unet(settings, vae.config.latent_channels),
        }
    )
    if weights is not None:
        modules.load_state_dict(weights)
    for name, module in [*modules.items(), ("vae", vae)]:
        module.half().save_pretrained(folder / name)
    vae.float()
    build_scheduler().save_pretrained(folder / "scheduler")
    write_json(folder / "model_index.json", INDEX)
    defaults = DEFAULTS
    if adapter is not None:
        adapter.half().save_pretrained(folder / ADAPTER_FOLDER)
        defaults = {**DEFAULTS, "adapters": {"sketch": ADAPTER_FOLDER}}
    write_json(folder / "palimpsest.json", defaults)


def load_adapter(path: Path) -> T2IAdapter:
    """The averaged adapter of a checkpoint."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    adapter = T2IAdapter.from_config(state["config"])
    adapter.load_state_dict(state["average"])
    return adapter


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write readable JSON."""
    path.write_text(json.dumps(content, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER)
    arguments = parser.parse_args()
    state = torch.load(arguments.run / "model.pt", map_location="cpu", weights_only=True)
    vae = load_autoencoder(arguments.run / "autoencoder.pt")
    checkpoint = arguments.run / "adapter.pt"
    adapter = load_adapter(checkpoint) if checkpoint.exists() else None
    export(state["settings"], TABLES[arguments.preset], vae, state["average"], arguments.out, adapter)
    write_json(arguments.out / "training.json", {"samples": state["samples"], "settings": state["settings"]})


if __name__ == "__main__":
    main()
