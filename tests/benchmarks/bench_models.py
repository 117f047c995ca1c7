"""Models against diffusers: the same picture for every family and sampler, and what loading costs.

    python tests/benchmarks/bench_models.py [--full] [--sdxl] [--json]

`same_as_diffusers_*` is the largest difference of 255 between pictures from the same words, noise and numbers, on tiny
models with random weights. With `--full` a model of Stable Diffusion 1.5's width is made from random numbers in a
temporary folder (4.3 GB, then 2.1 GB in half precision) and loaded by either in processes of their own, in turns: the
processor's seconds, and the peak of resident memory, of loading alone (`load_*`) and with the first step of 256 x 256
(`first_step_*`), for what is mapped is read only then; and one process makes a picture of 512 x 512 and edits a tenth
of it (`edit_peak_sd15_gib`).
With `--sdxl` a step of SDXL's width at 1024 x 1024, on one thread in the precision that it gets here: dense, recorded,
and on rows of 15 %.
"""

import prelude  # noqa: F401 before torch

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import diffusers
import numpy as np
import torch
from transformers import CLIPTokenizer

from editor_core.base import paths
from editor_core.base.settings import Settings
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.generate import generate
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.models.latents import seeded_noise
from editor_core.models.load import load
from editor_core.models.placement import LARGE, choose_dtype
from editor_core.sampling.sampler import TimeStep
from editor_core.session.session import Session
from editor_core.workflow import turns as workflow
from report import Row, show
from rows_against_dense import rows_error
from sparse_steps import USUAL_SIZES, step_id
from sparse_steps import Bench as StepBench
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle, tiny_folder

SEED, GUIDANCE, STEPS, SIDE = 5, 5.0, 9, 64
EDIT_STEPS = 4  # which fill the memory that the cache gets here, as thirty would
EDIT_CACHE_MB = 1024
ROUNDS = 3  # of loading
PROMPT, NEGATIVE = "a red cat on the sofa", "a blue dog"
GIB = 2**30
SCHEDULERS = {
    "ddim": (diffusers.DDIMScheduler, {}),
    "dpm++2m": (diffusers.DPMSolverMultistepScheduler, {}),
    "dpm++2m-karras": (diffusers.DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    "euler": (diffusers.EulerDiscreteScheduler, {}),
    "euler-trailing": (diffusers.EulerDiscreteScheduler, {"timestep_spacing": "trailing"}),
    "heun": (diffusers.HeunDiscreteScheduler, {}),
    "lcm": (diffusers.LCMScheduler, {}),
    "dmd2": (diffusers.LCMScheduler, {}),
    "tcd": (diffusers.TCDScheduler, {}),
}
KINDS = ("sd1", "sd2", "sdxl")
DRAWING = ("diffusers.schedulers.scheduling_lcm", "diffusers.schedulers.scheduling_tcd")


def same_pictures() -> list[Row]:
    return [
        Row(f"same_as_diffusers_{kind}_{sampler}", _difference(kind, sampler), "of 255", "<= 2")
        for kind in KINDS
        for sampler in SCHEDULERS
    ]


def _difference(kind: str, sampler: str) -> float:
    bundle = tiny_bundle(kind)
    sampling = Sampling(SEED, STEPS, GUIDANCE, NEGATIVE, sampler)
    with context_for(bundle) as context:
        ours = generate(Generate(PROMPT, SIDE, SIDE, sampling), context, SEED).image
    pipeline = _pipeline(kind, sampler)
    steps = (STEPS + 1) // 2 if sampler == "heun" else STEPS
    drawn = iter(range(STEPS))

    def draw(shape: torch.Size, **_: object) -> torch.Tensor:
        return TimeStep(next(drawn), STEPS, 0, 0.0, 0.0, seed=SEED).noise_for(torch.empty(shape))

    with patch(f"{DRAWING[0]}.randn_tensor", draw), patch(f"{DRAWING[1]}.randn_tensor", draw):
        theirs = pipeline(
            PROMPT,
            negative_prompt=NEGATIVE,
            num_inference_steps=steps,
            timesteps=_evenly(steps) if sampler == "dmd2" else None,
            guidance_scale=GUIDANCE,
            width=SIDE,
            height=SIDE,
            latents=seeded_noise(SEED, bundle.latent_shape(SIDE, SIDE)),
            eta=0.3 if sampler == "tcd" else 0.0,
            output_type="np",
        ).images[0]
    return float(np.abs(np.round(theirs * 255) - ours.astype(float)).max())


def _evenly(steps: int) -> list[int]:
    """The timesteps at which networks distilled by distribution matching are sampled."""
    return [round(1000 - index * 1000 / steps) - 1 for index in range(steps)]


def _pipeline(kind: str, sampler: str) -> Any:
    bundle = tiny_bundle(kind)
    scheduler_class, options = SCHEDULERS[sampler]
    config = diffusers.DDIMScheduler.from_pretrained(tiny_folder(kind) / "scheduler").config
    parts = {name: getattr(bundle, name) for name in ("vae", "text_encoder", "tokenizer", "unet")}
    parts["scheduler"] = scheduler_class.from_config(config, **options)
    if kind == "sdxl":
        pipeline: Any = diffusers.StableDiffusionXLPipeline(
            **parts,
            text_encoder_2=bundle.text_encoder_2,
            tokenizer_2=CLIPTokenizer.from_pretrained(tiny_folder(kind) / "tokenizer_2"),
            add_watermarker=False,
        )
    else:
        pipeline = diffusers.StableDiffusionPipeline(
            **parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False
        )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def loading(full: bool) -> list[Row]:
    """At full width: a folder in float32, the same in half precision, and an edit in memory of its own."""
    found: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    edit: dict[str, float] = {}
    if full:
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home) / "sd15"
            write_full_size(folder, torch.float32)
            found["sd15"] = _loaded_by_both(folder)
            edit = _in_a_process("--edit", str(folder))
            shutil.rmtree(folder)
            write_full_size(folder, torch.float16)
            found["sd15_half"] = _loaded_by_both(folder)
    rows = []
    for model, what in product(("sd15", "sd15_half"), ("load", "first_step")):
        details = found.get(model, {}).get(what)
        for name, unit in (("peak", "gib"), ("seconds", "processor_seconds")):
            ratio = None if details is None else details["ours"][unit] / details["diffusers"][unit]
            rows.append(Row(f"{what}_{name}_{model}", ratio, "of diffusers'", "<= 1.2", details or {}))
    return [*rows, Row("edit_peak_sd15_gib", edit.get("gib"), "GiB", "<= 8", edit)]


def _loaded_by_both(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    both = ("ours", "diffusers")
    for name in both:  # the file is in the system's memory from then on, for both
        _in_a_process("--load", name, str(folder))
    return {
        what: _in_turns({name: ("--load", name, str(folder), *more) for name in both})
        for what, more in (("load", ()), ("first_step", ("--step",)))
    }


def _in_turns(calls: dict[str, tuple[str, ...]]) -> dict[str, dict[str, float]]:
    """The least of each figure over the rounds: whatever else is at work only adds."""
    rounds = [{name: _in_a_process(*call) for name, call in calls.items()} for _ in range(ROUNDS)]
    return {
        name: {each: min(done[name][each] for done in rounds) for each in rounds[0][name]} for name in calls
    }


def sdxl_step(measured: bool) -> list[Row]:
    """Processor seconds of a step at 1024 x 1024, with random weights."""
    name, size, share = "sdxl", USUAL_SIZES["sdxl"], 0.15
    step = step_id(name, size, share, "cpu")
    if not measured:
        return [Row(f"recording_overhead_{name}_{size}", None, "x"), Row(step, None, "x")]
    torch.set_num_threads(1)
    dtype = choose_dtype(torch.device("cpu"), LARGE)
    return StepBench(name, size, "cpu", dtype, long=True).alone(step, share, rounds=1)


def write_full_size(folder: Path, dtype: torch.dtype) -> None:
    """A model of Stable Diffusion 1.5's shape, from the configurations that ship with the program."""
    from transformers import CLIPTextConfig, CLIPTextModel

    family = paths.resources() / "families" / "sd1"

    def config(part: str) -> dict[str, object]:
        return dict(json.loads((family / part / "config.json").read_text(encoding="utf-8")))

    for part, kind in (("unet", diffusers.UNet2DConditionModel), ("vae", diffusers.AutoencoderKL)):
        kind.from_config(config(part)).to(dtype).save_pretrained(folder / part)
    text_encoder = CLIPTextModel(CLIPTextConfig(**config("text_encoder"))).to(dtype)
    text_encoder.save_pretrained(folder / "text_encoder")
    tiny = tiny_bundle("sd1").tokenizer  # smaller than its vocabulary, which neither minds
    tiny.save_pretrained(folder / "tokenizer")
    diffusers.DDIMScheduler.from_pretrained(family / "scheduler").save_pretrained(folder / "scheduler")
    parts = {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
    parts |= {
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
    }
    index = {"_class_name": "StableDiffusionPipeline", "scheduler": ["diffusers", "DDIMScheduler"], **parts}
    (folder / "model_index.json").write_text(json.dumps(index), encoding="utf-8")


def _in_a_process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, __file__, *arguments]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


@torch.no_grad()
def load_once(name: str, folder: str, step: bool) -> None:
    """In a process of its own: print seconds and GiB; with the first step of a picture of 256 x 256, if asked for."""
    start, worked = time.perf_counter(), time.process_time()
    if name == "ours":
        bundle = load(folder, device="cpu")
        if step:
            with context_for(bundle) as context:
                at = context.plan("ddim", 1, SEED)[0].t
                denoiser(context, PROMPT, NEGATIVE, GUIDANCE)(torch.randn(bundle.latent_shape(256, 256)), at)
    else:
        kind = diffusers.StableDiffusionPipeline
        options = {"torch_dtype": torch.float32, "safety_checker": None, "local_files_only": True}
        pipeline = kind.from_pretrained(folder, **options)
        if step:
            words = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "guidance_scale": GUIDANCE}
            pipeline(**words, height=256, width=256, num_inference_steps=1, output_type="latent")
    _tell(time.perf_counter() - start, processor_seconds=round(time.process_time() - worked, 2))


def edit_once(folder: str) -> None:
    """In a process of its own: a picture of 512 x 512, and a tenth of it painted again on rows."""
    start = time.perf_counter()
    mask = np.zeros((512, 512), np.uint8)
    mask[160:320, 160:320] = 255
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(model=folder, device="cpu", cache_folder=home, ram_cache_mb=EDIT_CACHE_MB)
        with Session(settings) as session:
            sampling = Sampling(SEED, EDIT_STEPS, GUIDANCE)
            first = session.run(0, Generate(PROMPT, 512, 512, sampling), lambda event: None)
            base = workflow.base_turn(workflow.turn_from_result(first, None))
            request = Edit((base,), NEGATIVE, mask)
            second = session.run(0, request, lambda event: None)
    _tell(time.perf_counter() - start, rows=float(second.log["executor"] == "incremental"))


def _tell(seconds: float, **more: float) -> None:
    print(json.dumps({"seconds": round(seconds, 2), "gib": round(_peak() / GIB, 2), **more}))


def _peak() -> int:
    """Bytes of resident memory, of this program alone: what `getrusage` tells begins with the peak of its parent."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    raise OSError("this system does not tell a process's peak")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="also load a model of full width")
    parser.add_argument("--sdxl", action="store_true", help="also time a step of SDXL's width")
    parser.add_argument("--load", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--step", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--edit", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.load:
        load_once(*options.load, options.step)
        return
    if options.edit:
        edit_once(options.edit)
        return
    warnings.filterwarnings("ignore", message="__array__ implementation")  # diffusers' Euler with numpy 2
    rows = [*same_pictures(), *map(rows_error, KINDS), *loading(options.full), *sdxl_step(options.sdxl)]
    show(rows, options.json)


if __name__ == "__main__":
    main()
