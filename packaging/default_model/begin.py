"""Begin a run from a finished model, so that training goes on where it ended: begin.py [FOLDER] [--run RUN].

The shipped weights are float16 averages; the optimiser starts anew. With a fuller preset the words that the model
knows keep their meaning, and the new ones begin at chance.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderDC, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from data import RUN, load_settings
from export import MODEL_FOLDER
from runs import save_checkpoint
from tables import TABLES
from tokenizer import write_tokenizer

SHAPES = ("text_width", "text_layers", "text_heads", "channels", "heads", "norm_groups")
"""What must be alike in two models' settings so that one can go on from the other's weights."""


def begin(folder: Path, run: Path, preset: str = "cpu") -> None:
    """Write the checkpoints of a run that has come as far as the model in ``folder``.

    Where the preset's networks have another shape, only the autoencoder is taken over.
    """
    vae = AutoencoderDC.from_pretrained(str(folder / "vae"), local_files_only=True).float()
    save_checkpoint(run / "autoencoder.pt", {"model": vae.state_dict(), "config": dict(vae.config)})
    made = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    wanted, found = load_settings(preset)["model"], made["settings"]
    if not alike(wanted, found):
        print(f"The networks of {folder} have another shape: only its autoencoder is taken over.", flush=True)
        return
    save_checkpoint(run / "model.pt", {**made, "average": carried_weights(folder, run, preset)})


def alike(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether the networks of two models' settings have the same shape."""
    return all(first[key] == second[key] for key in SHAPES) and first.get("layers", 1) == second.get(
        "layers", 1
    )


def carried_weights(folder: Path, run: Path, preset: str) -> dict[str, Tensor]:
    """The text encoder's and the U-Net's weights, with a row for each word of the preset."""
    text_encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", local_files_only=True)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True)
    weights = nn.ModuleDict({"text_encoder": text_encoder.float(), "unet": unet.float()}).state_dict()
    old = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
    new = write_tokenizer(run / "tokenizer", TABLES[preset])
    (words,) = (name for name in weights if name.endswith("token_embedding.weight"))
    weights[words] = carried_over(weights[words], old.get_vocab(), new.get_vocab())
    return weights


def carried_over(embedding: Tensor, old: dict[str, int], new: dict[str, int]) -> Tensor:
    """The rows of an embedding for a new vocabulary: known tokens keep theirs, new ones are as spread as those."""
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(len(new), embedding.shape[1], generator=generator) * embedding.std()
    for token, number in new.items():
        if token in old:
            rows[number] = embedding[old[token]]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=MODEL_FOLDER)
    parser.add_argument("--preset", default="cpu", help="whose words the run is to learn")
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    arguments = parser.parse_args()
    begin(arguments.folder, arguments.run, arguments.preset)


if __name__ == "__main__":
    main()
