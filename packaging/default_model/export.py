"""Write the trained model as a diffusers folder: python packaging/default_model/export.py."""

import argparse
import copy
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderDC, T2IAdapter
from torch import nn
from transformers import CLIPTokenizer

from captions import taught
from data import ROOT, RUN
from low_rank import LowRank
from networks import ADAPTER_FOLDER, FEW_STEPS_FILE, build_scheduler, build_unet
from painting import painting_modules
from runs import load_autoencoder
from tables import TABLES, Tables

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
        "a castle and a tree in the mountains at sunset",
        "three tulips in a meadow",
        "a robot wearing a hat on the street",
        "a cat and a dog in a meadow",
    ],
    "grounded_attention": True,
}
"""What the editor offers with this model."""


def export(
    settings: dict[str, Any],
    tokenizer: Path,
    vae: AutoencoderDC,
    weights: dict[str, torch.Tensor] | None,
    folder: Path,
    adapter: T2IAdapter | None = None,
    shard: int | None = None,
) -> None:
    """Write the folder, in float16, with a tokenizer's folder.

    Without weights the U-Net and the text encoder are as they are born. With `shard` no file of weights is larger than
    so many megabytes.
    """
    shutil.copytree(tokenizer, folder / "tokenizer", dirs_exist_ok=True)
    words = CLIPTokenizer.from_pretrained(tokenizer, local_files_only=True)
    modules = painting_modules(settings, words, vae.config.latent_channels)
    if weights is not None:
        modules.load_state_dict(weights)
    parts = {**dict(modules.items()), "vae": copy.deepcopy(vae)}
    defaults = DEFAULTS | {"vocabulary": taught(tables_of(words))}
    if adapter is not None:
        parts[ADAPTER_FOLDER] = adapter
        defaults["adapters"] = {"sketch": ADAPTER_FOLDER}
    for name, module in parts.items():
        shutil.rmtree(folder / name, ignore_errors=True)
        save_half(module, folder / name, shard)
    build_scheduler().save_pretrained(folder / "scheduler")
    write_json(folder / "model_index.json", INDEX)
    write_json(folder / "palimpsest.json", defaults)


def tables_of(tokenizer: CLIPTokenizer) -> Tables:
    """The fullest preset's of which the tokenizer has every thing as one token."""
    things = {name: [kind.word for kind in TABLES[name].objects] for name in ("full", "cpu")}
    fits = [
        name for name, words in things.items() if all(len(tokenizer.tokenize(word)) == 1 for word in words)
    ]
    return TABLES[fits[0] if fits else "cpu"]


def save_half(module: Any, folder: Path, shard: int | None) -> None:
    """Write a network in float16."""
    options = {"max_shard_size": f"{shard}MB"} if shard else {}
    module.half().to(memory_format=torch.contiguous_format).save_pretrained(folder, **options)


def export_few_steps(state: dict[str, Any], unet: nn.Module, folder: Path) -> None:
    """Add the few-step version to an exported folder: low-rank changes of the U-Net, and how they are used."""
    settings = state["settings"]
    change = LowRank(unet, settings["rank"])
    change.load_state_dict(state["average"])
    use = {"steps": settings["steps"], "guidance": 1, "timestep_spacing": "trailing"}
    change.save(folder / FEW_STEPS_FILE, {f"palimpsest.{name}": str(value) for name, value in use.items()})
    card = json.loads((folder / "palimpsest.json").read_text())
    write_json(folder / "palimpsest.json", {**card, "few_steps": Path(FEW_STEPS_FILE).stem})


def load_adapter(path: Path) -> T2IAdapter:
    """The averaged adapter of a checkpoint."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    adapter = T2IAdapter.from_config(state["config"])
    adapter.load_state_dict(state["average"])
    return adapter


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON in one line."""
    path.write_text(json.dumps(content) + "\n")


def export_run(run: Path, folder: Path, shard: int | None = None) -> None:
    """Write the folder of a run's checkpoints."""
    state = torch.load(run / "model.pt", map_location="cpu", weights_only=True)
    vae = load_autoencoder(run / "autoencoder.pt")
    adapter, few_steps = run / "adapter.pt", run / "few_steps.pt"
    settings = state["settings"]
    drawn = load_adapter(adapter) if adapter.exists() else None
    export(settings, run / "tokenizer", vae, state["average"], folder, drawn, shard)
    if few_steps.exists():
        learned = torch.load(few_steps, map_location="cpu", weights_only=True)
        export_few_steps(learned, build_unet(settings, vae.config.latent_channels), folder)
    write_json(folder / "training.json", {"samples": state["samples"], "settings": settings})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--shard", type=int, metavar="MB", help="the largest file of weights")
    arguments = parser.parse_args()
    export_run(arguments.run, arguments.out, arguments.shard)


if __name__ == "__main__":
    main()
