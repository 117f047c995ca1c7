"""A recorded step held in a dictionary, as an engine would hold it in the cache."""

from dataclasses import dataclass, field

import torch
from diffusers import UNet2DConditionModel

from editor_core.backbones.unet.recording import record_sites, recording


@dataclass
class RecordedStep:
    """What one dense call left behind, and what was asked of it since."""

    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    asked: list[tuple[str, torch.Tensor | None]] = field(default_factory=list)

    def read(self, site: str, positions: torch.Tensor | None) -> torch.Tensor:
        self.asked.append((site, positions))
        tensor = self.tensors[site]
        return tensor if positions is None else tensor.index_select(1, positions)

    def write(self, site: str, positions: torch.Tensor | None, fresh: torch.Tensor) -> None:
        """Lay a sparse step's fresh rows over the recorded ones: the delta of an edit turn."""
        if positions is None:
            self.tensors[site] = fresh.to(self.tensors[site].dtype)
        else:
            self.tensors[site] = self.tensors[site].index_copy(
                1, positions, fresh.to(self.tensors[site].dtype)
            )

    @property
    def read_bytes(self) -> int:
        """Bytes the calls so far have asked for."""
        total = 0
        for site, positions in self.asked:
            batch, rows, channels = self.tensors[site].shape
            rows = rows if positions is None else len(positions)
            total += batch * rows * channels * self.tensors[site].element_size()
        return total


def record_step(
    unet: UNet2DConditionModel,
    latents: torch.Tensor,
    timestep: int,
    text: torch.Tensor,
    dtype: torch.dtype | None = None,
    alike: bool = False,
    thinned: bool = False,
    **options: object,
) -> tuple[RecordedStep, torch.Tensor]:
    """Run one dense step and return what it recorded and its output (batch, channels, height, width)."""
    step = RecordedStep()
    thin = tuple(latents.shape[-2:]) if thinned else None
    with recording(record_sites(unet), step.tensors.__setitem__, dtype or unet.dtype, alike, thin):
        out = unet(latents, timestep, text, **options).sample
    return step, out
