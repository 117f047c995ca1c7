"""How near the few-step version comes to the guided model with many steps, beside that model with as few."""

import json
from pathlib import Path

import torch

from captions import plain_caption
from examples import to_unit
from networks import FEW_STEPS_FILE
from quality import decibels
from rows import Row
from sampling import few_steps_use, load_model, sample
from scenes import scene_of
from tables import Tables

MANY = 48
"""Steps of the guided model that count as all there is."""


def few_step_rows(folder: Path, tables: Tables, count: int, size: tuple[int, int]) -> list[Row]:
    """Mean PSNR against the guided model in many trailing steps from the same noise, on held-out captions."""
    names = ("few_steps_psnr", "guided_in_few_psnr")
    if not (folder / FEW_STEPS_FILE).exists():
        return [Row(name, None, "dB", None) for name in names]
    card = json.loads((folder / "palimpsest.json").read_text())
    use, cpu = few_steps_use(folder), torch.device("cpu")
    prompts = [plain_caption(scene_of(seed, tables, held_out=True)).text for seed in range(count)]
    seeds = list(range(count))
    guided = load_model(folder, cpu)
    guided.scheduler.register_to_config(timestep_spacing=use.timestep_spacing)
    shown = [
        to_unit(sample(model, prompts, seeds, size, taken, guidance))
        for model, taken, guidance in (
            (guided, MANY, card["guidance"]),
            (load_model(folder, cpu, few_steps=True), use.steps, use.guidance),
            (guided, use.steps, card["guidance"]),
        )
    ]
    return [
        Row(name, decibels(each, shown[0]), "dB", None) for name, each in zip(names, shown[1:], strict=True)
    ]
