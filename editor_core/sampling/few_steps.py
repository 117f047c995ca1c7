"""The timesteps of models that were distilled for few steps: some of the 50 that their teacher's sampler had."""

import numpy as np

from editor_core.sampling.schedule import NoiseSchedule

MAX_STEPS = 50


def distilled_timesteps(schedule: NoiseSchedule, steps: int) -> list[int]:
    """Noisiest first, as diffusers' LCMScheduler and TCDScheduler. Raises ValueError when steps is not in 1..50."""
    if not 1 <= steps <= MAX_STEPS:
        raise ValueError(f"steps must lie in 1..{MAX_STEPS}, not {steps}")
    apart = len(schedule) // MAX_STEPS
    known = [apart * number - 1 for number in range(MAX_STEPS, 0, -1)]
    return [known[int(place)] for place in np.linspace(0, MAX_STEPS, steps, endpoint=False)]
