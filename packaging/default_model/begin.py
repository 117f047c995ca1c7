"""Begin a run from a finished model, so that training goes on where it ended: begin.py [FOLDER] [--run RUN].

The shipped weights are float16 averages; the optimiser starts anew.
"""

import argparse
import json
from pathlib import Path

from diffusers import AutoencoderDC, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextModel

from data import RUN
from export import MODEL_FOLDER
from runs import save_checkpoint


def begin(folder: Path, run: Path) -> None:
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
    run.mkdir(parents=True, exist_ok=True)
    save_checkpoint(run / "autoencoder.pt", {"model": vae.state_dict(), "config": dict(vae.config)})
    save_checkpoint(run / "model.pt", {**made, "average": modules.state_dict()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=MODEL_FOLDER)
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the checkpoints")
    arguments = parser.parse_args()
    begin(arguments.folder, arguments.run)


if __name__ == "__main__":
    main()
