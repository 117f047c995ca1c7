"""A step computed in rows against the dense step whose activations it reads, with random weights at tiny widths.

`rows_error_*`: how far they lie apart, as a share of the output's norm: the U-Net's own precision, if all is right.
"""

import prelude  # noqa: F401 before torch

import sys
from pathlib import Path

import torch

from report import Row

sys.path.append(str(Path(__file__).resolve().parents[1]))

from editor_core.backbones.rows import Sparsity
from editor_core.engines.common.denoiser import predict_output
from editor_core.engines.incremental.activations import words_of_halves
from editor_core.models.latents import seeded_noise
from editor_core.sampling.positions import rows_of
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

WORDS, NEGATIVE, SEED = "a red cat on the sofa", "a blue dog", 3
WIDTH, HEIGHT = 160, 128


@torch.no_grad()
def rows_error(kind: str) -> Row:
    """The largest over the ways in which levels can be computed."""
    with context_for(tiny_bundle(kind)) as context:
        backbone, size = context.backbone, (HEIGHT // 8, WIDTH // 8)
        x = seeded_noise(SEED, context.bundle.latent_shape(WIDTH, HEIGHT))
        told = words_of_halves(context, WORDS, NEGATIVE, size, 2)
        recorded: dict[str, torch.Tensor] = {}
        with backbone.recording(recorded.__setitem__, torch.float32, pictures=1):
            dense = predict_output(context, x.expand(2, -1, -1, -1), 500, told)
        region = torch.rand(size, generator=torch.Generator().manual_seed(0)) < 0.2
        levels = len(backbone.level_sizes(*size))
        found = {}
        for first_dense in range(levels + 1):
            ways = [{"way": "dense" if level >= first_dense else "rows"} for level in range(levels)]
            step = backbone.row_step(region, told, Sparsity(captured=False), again=ways)
            rows = step(rows_of(x, step.active), 500, lambda site, at: _read(recorded[site], at))
            expected = rows_of(dense, step.active)
            found[f"dense from level {first_dense}"] = float((rows - expected).norm() / expected.norm())
        return Row(f"rows_error_{kind}", max(found.values()), "of the output's norm", "<= 1e-5", found)


def _read(recorded: torch.Tensor, at: torch.Tensor | None) -> torch.Tensor:
    return recorded if at is None else recorded.index_select(1, at)
