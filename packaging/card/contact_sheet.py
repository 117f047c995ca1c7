"""Every thing that a model paints, once: python packaging/card/contact_sheet.py FOLDER --out contact_sheet.png."""

import argparse
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "default_model"))

import numpy as np
import torch
from PIL import Image

from present import CONTACT_SEED, contact_prompts, pictures_of
from sampling import load_model, sheet
from tables import TABLES

COLUMNS = 11
MAX_AT_ONCE = 33


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--preset", default="full")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, help="the first so many things only")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    defaults = json.loads((options.model / "palimpsest.json").read_text())
    model, prompts = (
        load_model(options.model, device),
        contact_prompts(TABLES[options.preset])[: options.most],
    )
    parts = [prompts[start : start + MAX_AT_ONCE] for start in range(0, len(prompts), MAX_AT_ONCE)]
    pictures = np.concatenate([pictures_of(model, part, CONTACT_SEED, defaults) for part in parts])
    contact = sheet(pictures, min(COLUMNS, len(pictures)))
    contact.resize((contact.width // 2, contact.height // 2), Image.Resampling.LANCZOS).save(
        options.out, optimize=True
    )


if __name__ == "__main__":
    main()
