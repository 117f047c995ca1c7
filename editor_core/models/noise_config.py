"""What a model's scheduler says: the numbers of its noise, and which sampler it was meant for."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.models.bundle import TIMESTEP_SPACINGS, NoiseScheduleConfig
from editor_core.models.weight_files import read_json

STABLE_DIFFUSION: Mapping[str, Any] = {
    "_class_name": "DDIMScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
"""The scheduler of Stable Diffusion 1.x and 2.x, for models that bring none."""

SAMPLERS = {
    "EulerDiscreteScheduler": "euler",
    "EulerAncestralDiscreteScheduler": "euler",
    "DPMSolverMultistepScheduler": "dpm++2m",
    "DPMSolverSinglestepScheduler": "dpm++2m",
    "UniPCMultistepScheduler": "dpm++2m",
    "HeunDiscreteScheduler": "heun",
    "LCMScheduler": "lcm",
    "TCDScheduler": "tcd",
}
"""diffusers' schedulers to the samplers like them; what is not here is painted with DDIM."""

_LINSPACED = {name for name, sampler in SAMPLERS.items() if sampler in ("euler", "dpm++2m", "heun")}
"""Schedulers that space timesteps so where their configuration does not say how."""

_CHOICES = {
    "prediction_type": ("epsilon", "v_prediction"),
    "beta_schedule": ("linear", "scaled_linear", "squaredcos_cap_v2"),
    "timestep_spacing": TIMESTEP_SPACINGS,
}


def read_scheduler(folder: Path, if_absent: Mapping[str, Any]) -> Mapping[str, Any]:
    """A model folder's scheduler_config.json, or `if_absent`. Raises ModelError when it is damaged."""
    file = folder / "scheduler" / "scheduler_config.json"
    return read_json(file) if file.is_file() else if_absent


def noise_schedule(found: Mapping[str, Any], keep_offset: bool) -> NoiseScheduleConfig:
    """The noise schedule of any diffusers scheduler; keys it leaves out have DDIMScheduler's defaults.

    Stable Diffusion's pipelines take 1 for any `steps_offset`, since old folders have it wrong; so does this, unless
    `keep_offset`. Raises ModelError for a schedule that the program cannot follow.
    """
    known = {f.name: found[f.name] for f in fields(NoiseScheduleConfig) if found.get(f.name) is not None}
    if found.get("_class_name") in _LINSPACED:
        known.setdefault("timestep_spacing", "linspace")
    for name, value in known.items():
        _check(name, value)
    if known.get("rescale_betas_zero_snr") and known.get("prediction_type", "epsilon") == "epsilon":
        raise ModelError(
            "The model's noise schedule ends in pure noise (zero terminal SNR), in which a model that predicts noise "
            "sees nothing; it must predict v."
        )
    if "trained_betas" in known:
        known["trained_betas"] = tuple(known["trained_betas"])
    if not keep_offset:
        known["steps_offset"] = 1
    return NoiseScheduleConfig(**known)


def sampler_of(found: Mapping[str, Any]) -> str:
    """The sampler that a scheduler's configuration names, DDIM for those that have none here."""
    sampler = SAMPLERS.get(str(found.get("_class_name")), "ddim")
    return "dpm++2m-karras" if sampler == "dpm++2m" and found.get("use_karras_sigmas") else sampler


def _check(name: str, value: Any) -> None:
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        raise ModelError(
            "The model's scheduler is not supported: {name} is “{value}”.",
            value=str(value),
            name=name.replace("_", " "),
        )
    kind: Any = {"trained_betas": list, "beta_start": (int, float), "beta_end": (int, float)}.get(
        name, type(getattr(NoiseScheduleConfig, name))
    )
    if not isinstance(value, kind):
        raise ModelError(
            "The value of “{name}” in the model's scheduler_config.json is not valid.", name=name
        )
