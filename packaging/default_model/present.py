"""Write what people see of an exported model: its card, its contact sheet and the welcome picture.

python packaging/default_model/evaluate.py --json > evaluation.json
python packaging/default_model/present.py --evaluation evaluation.json
"""

import argparse
import json
from pathlib import Path
from string import Template
from typing import Any

import torch
from PIL import Image

from captions import article
from data import ROOT
from export import MODEL_FOLDER
from rows import said
from sampling import Model, load_model, sample, sheet
from tables import TABLES, TIMES, Tables

CARD = Path(__file__).with_name("card.md")
CONTACT_SEED = 1
SHEET_WIDTH = 896  # pixels: eight pictures side by side
WELCOME = "a castle and a tree in the mountains at sunset"


def table(rows: list[dict[str, Any]]) -> str:
    """The measured numbers as a Markdown table."""
    lines = ["| id | value | bar | holds |", "|---|---|---|---|"]
    for row in rows:
        value = "not measured" if row["value"] is None else f"{row['value']:.2f} {row['unit']}".strip()
        holds = {None: "", True: "yes", False: "no"}[row["holds"]]
        lines.append(f"| `{row['id']}` | {value} | {said(row['bar'])} | {holds} |")
    return "\n".join(lines)


def card(
    model: Model,
    tables: Tables,
    evaluation: dict[str, Any],
    training: dict[str, Any],
    defaults: dict[str, Any],
) -> str:
    """The model card."""
    return Template(CARD.read_text()).substitute(
        objects=", ".join(kind.word for kind in tables.objects),
        coloured=", ".join(kind.word for kind in tables.objects if kind.colours),
        places=", ".join(place.word for place in tables.places),
        times=", ".join(TIMES),
        weathers=", ".join(tables.weathers),
        worn=", ".join(kind.word for kind in tables.worn),
        unet_millions=f"{millions(model.unet):.1f}",
        text_millions=f"{millions(model.text_encoder):.1f}",
        vae_millions=f"{millions(model.vae):.1f}",
        channels=tuple(model.unet.config.block_out_channels),
        heads=tuple(model.unet.config.attention_head_dim),
        latent_channels=model.vae.config.latent_channels,
        samples=f"{training['samples']:,}",
        machine=evaluation["machine"],
        numbers=table(evaluation["rows"]),
        steps=defaults["steps"],
        guidance=f"{defaults['guidance']:g}",
    )


def millions(module: torch.nn.Module) -> float:
    """Millions of parameters."""
    return sum(parameter.numel() for parameter in module.parameters()) / 1e6


def contact_prompts(tables: Tables) -> list[str]:
    """Every object once, walking through the places."""
    places = tables.places
    return [
        f"{article(kind.word)} {places[i % len(places)].phrases[0]}" for i, kind in enumerate(tables.objects)
    ]


def pictures_of(model: Model, prompts: list[str], seed: int, defaults: dict[str, Any]) -> Any:
    """One picture for each prompt, with the model's own defaults."""
    height, width = defaults["default_size"][1], defaults["default_size"][0]
    seeds = [seed] * len(prompts)
    return sample(model, prompts, seeds, (height, width), defaults["steps"], defaults["guidance"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--preset", default="full")
    parser.add_argument("--evaluation", type=Path, required=True, help="what evaluate.py --json printed")
    parser.add_argument("--welcome", type=Path, default=ROOT / "resources" / "welcome.jpg")
    parser.add_argument("--prompt", default=WELCOME, help="of the welcome picture")
    parser.add_argument("--seed", type=int, default=2, help="of the welcome picture")
    arguments = parser.parse_args()
    defaults = json.loads((arguments.model / "palimpsest.json").read_text())
    training = json.loads((arguments.model / "training.json").read_text())
    model = load_model(arguments.model, torch.device("cpu"))
    tables = TABLES[arguments.preset]
    evaluation = json.loads(arguments.evaluation.read_text())
    (arguments.model / "MODEL_CARD.md").write_text(card(model, tables, evaluation, training, defaults))
    contact = sheet(pictures_of(model, contact_prompts(tables), CONTACT_SEED, defaults), 8)
    contact = contact.resize(
        (SHEET_WIDTH, SHEET_WIDTH * contact.height // contact.width), Image.Resampling.LANCZOS
    )
    contact.save(arguments.model / "contact_sheet.webp", quality=25, method=6)
    welcome = Image.fromarray(pictures_of(model, [arguments.prompt], arguments.seed, defaults)[0])
    welcome.save(arguments.welcome, quality=93, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
