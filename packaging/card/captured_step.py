"""One captured step of a tiny U-Net and two replays, for a checker of memory accesses to look at."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import torch

from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.models.conditioning import Conditioning
from support.captures import repeat
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

SIZE = (24, 20)


@torch.no_grad()
def main() -> None:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    unet = tiny_unet("sd2").to(device)
    latents, words = (tensor.to(device) for tensor in random_inputs(unet, *SIZE))
    recorded, _ = record_step(unet, latents, 5, words)
    mask = torch.zeros(SIZE, dtype=torch.bool)
    mask[3:9, 4:11] = True
    region = plan_region(mask, 4, (1,), device, bucketed=True)
    step, text = (
        SparseStep(unet, region, choice=Choice(4, (False,) * 4)),
        encode_text(unet, Conditioning(words)),
    )
    graphs = StepGraphs(None if device == "cuda" else repeat)
    rows = latents.flatten(2).index_select(2, region.active).mT.contiguous()
    for timestep in (5, 5, 700):
        out = graphs(step, rows, timestep, text, recorded.read)
    difference = (out - step(rows, 700, text, recorded.read)).abs().max().item()
    print(f"{len(graphs)} captured, at most {difference:.1e} apart from the step itself")
    if not len(graphs) or not difference < 1e-4:
        sys.exit(1)


if __name__ == "__main__":
    main()
