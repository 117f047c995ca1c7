"""The samplers by name: a new one is a file beside this one and a row here."""

from editor_core.base.errors import EditorError
from editor_core.sampling.ddim import DDIM
from editor_core.sampling.dpm_solver import DPMSolver2M
from editor_core.sampling.dpm_solver_karras import DPMSolver2MKarras
from editor_core.sampling.euler import Euler
from editor_core.sampling.heun import Heun
from editor_core.sampling.lcm import LCM
from editor_core.sampling.sampler import Sampler
from editor_core.sampling.tcd import TCD

_ALL: tuple[Sampler, ...] = (DDIM(), DPMSolver2M(), DPMSolver2MKarras(), Euler(), Heun(), LCM(), TCD())
SAMPLERS: dict[str, Sampler] = {sampler.name: sampler for sampler in _ALL}


def sampler_called(name: str) -> Sampler:
    """Raises EditorError for a name that no sampler has."""
    if name not in SAMPLERS:
        raise EditorError(
            "There is no sampler called “{name}”. Available: {choices}.", name=name, choices=tuple(SAMPLERS)
        )
    return SAMPLERS[name]
