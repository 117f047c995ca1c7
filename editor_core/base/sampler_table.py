"""The samplers there are: a new one is a file in `sampling/` and a row here. Read without loading torch.

SDE and ancestral samplers are not among them: what they draw at a step comes, in other programs, from a Brownian
interval or from the device's own generator, so no seed of theirs would give their picture here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SamplerRow:
    """One sampler."""

    name: str
    """As commands and files have it."""
    label: str
    """As the Stable Diffusion web UI names it, and the window."""
    module: str
    """Its file in `sampling/`."""
    kind: str
    """Its class there."""


SAMPLER_TABLE = (
    SamplerRow("ddim", "DDIM", "ddim", "DDIM"),
    SamplerRow("dpm++2m", "DPM++ 2M", "dpm_solver", "DPMSolver2M"),
    SamplerRow("dpm++2m-karras", "DPM++ 2M Karras", "dpm_solver_karras", "DPMSolver2MKarras"),
    SamplerRow("euler", "Euler", "euler", "Euler"),
    SamplerRow("euler-trailing", "Euler Trailing", "euler_trailing", "EulerTrailing"),
    SamplerRow("heun", "Heun", "heun", "Heun"),
    SamplerRow("lcm", "LCM", "lcm", "LCM"),
    SamplerRow("dmd2", "DMD2", "dmd2", "DMD2"),
    SamplerRow("tcd", "TCD", "tcd", "TCD"),
)
SAMPLER_LABELS = {row.name: row.label for row in SAMPLER_TABLE}
