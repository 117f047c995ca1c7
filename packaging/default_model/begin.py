"""Begin a run from a finished model, so that training goes on where it ended: begin.py [FOLDER] [--run RUN].

The shipped weights are float16 averages; the optimiser starts anew. With a fuller preset the words that the model
knows keep their meaning, and the new ones begin at chance.
"""

import argparse
import json
from pathlib import Path

import torch
from diffusers import AutoencoderDC, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from data import RUN
from export import MODEL_FOLDER
from runs import save_checkpoint
from tables import TABLES
from tokenizer import write_tokenizer


def begin(folder: Path, run: Path, preset: str = "cpu") -> None:
    """Write the checkpoints of a run that has come as far as the model in ``folder``."""
    made = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    vae = AutoencoderDC.from_pretrained(str(folder / "vae"), local_files_only=True).float()
    modules = nn.ModuleDict(
        {
            "text_encoder": CLIPTextModel.from_pretrained(
                folder / "text_encoder", local_files_only=True
            ).float(),
            "unet": UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True).float(),
        }
    )
    weights = modules.state_dict()
    old = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
    new = write_tokenizer(run / "tokenizer", TABLES[preset])
    (words,) = (name for name in weights if name.endswith("token_embedding.weight"))
    weights[words] = carried_over(weights[words], old.get_vocab(), new.get_vocab())
    save_checkpoint(run / "autoencoder.pt", {"model": vae.state_dict(), "config": dict(vae.config)})
    save_checkpoint(run / "model.pt", {**made, "average": weights})


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
