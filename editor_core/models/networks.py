"""A model of the Stable Diffusion 1.x, 2.x or SDXL family becomes a bundle. Offline, safetensors only."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from editor_core.base.errors import JobCancelled, ModelError
from editor_core.models.bundle import ModelBundle
from editor_core.models.fingerprint import fingerprint
from editor_core.models.layout import PARTS, ModelLayout
from editor_core.models.mapped_weights import load_mapped
from editor_core.models.other_parts import skipped_layers
from editor_core.models.packed_weights import load_packed
from editor_core.models.placement import choose_device, choose_dtype
from editor_core.models.progress import Cancel, OnProgress
from editor_core.models.weight_files import read_safetensors_header

_LOADED = ("text_encoder", "text_encoder_2", "vae", "unet")
"""In this order."""
_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def load_layout(
    layout: ModelLayout,
    source: str,
    device: str = "auto",
    dtype: str | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> ModelBundle:
    """Load what `inspect_model` accepted. Raises ModelError, DeviceError, JobCancelled."""
    place = choose_device(device)
    precision = choose_dtype(place, _half_bytes(layout)) if dtype is None else _DTYPES[dtype]
    parts = _load_parts(layout, place, precision, _reporter(len(layout.configs) + 1, on_progress, cancel))
    for part in layout.configs:
        if part.startswith("text_encoder"):
            check_vocabulary(parts[part], parts["tokenizer"])
    if "text_encoder_2" in parts:
        parts["padding_id_2"] = _padding_2(layout, parts["tokenizer"])
        parts["skipped_layers_2"] = skipped_layers(layout)
    vae_config = parts["vae"].config
    return ModelBundle(
        **parts,
        schedule=layout.schedule,
        name=layout.name,
        source=source,
        fingerprint=fingerprint(layout),
        device=place,
        dtype=precision,
        latent_channels=layout.latent_channels,
        downscale=layout.downscale,
        grid=layout.grid,
        scaling_factor=float(vae_config.scaling_factor),
        shift_factor=float(vae_config.get("shift_factor") or 0.0),
        default_size=layout.default_size,
        default_steps=layout.default_steps,
        default_guidance=layout.default_guidance,
        default_sampler=layout.default_sampler,
        example_prompts=layout.example_prompts,
        vocabulary=layout.vocabulary,
        few_steps=layout.few_steps,
        capabilities=layout.capabilities,
        zero_for_no_words=layout.zero_for_no_words,
    )


def _half_bytes(layout: ModelLayout) -> int:
    """Of the U-Net's files, what lies there in half precision; 0 where anything larger is not."""
    sizes = {"half": 0, "whole": 0}
    for file in layout.weights["unet"].parts:
        for entry in read_safetensors_header(file)[0].values():
            if isinstance(entry, dict) and "data_offsets" in entry:
                first, end = entry["data_offsets"]
                sizes["half" if entry["dtype"] in ("F16", "BF16") else "whole"] += end - first
    return sizes["half"] if sizes["whole"] < sizes["half"] / 100 else 0


def _load_parts(
    layout: ModelLayout, place: torch.device, precision: torch.dtype, report: Callable[[int], None]
) -> dict[str, Any]:
    """The tokenizer and the networks, each on its device; `report` is called before, between and after."""
    report(0)
    parts = {"tokenizer": _load_tokenizer(layout.folders["tokenizer"], layout.tokenizer_options)}
    report(1)
    for part in sorted(layout.configs, key=_LOADED.index):
        # Half precision would show in the picture as grey levels that are off by one or two.
        dtype = torch.float32 if part == "vae" else precision
        parts[part] = _load_network(layout, part, dtype).to(place)
        report(len(parts))
    return parts


def _reporter(total: int, on_progress: OnProgress | None, cancel: Cancel | None) -> Callable[[int], None]:
    def report(done: int) -> None:
        if cancel is not None:
            cancel.raise_if_cancelled()
        if on_progress is not None:
            on_progress(done, total)

    return report


def _load_network(layout: ModelLayout, part: str, dtype: torch.dtype) -> Any:
    """One network in evaluation mode on the CPU; every weight must come from the file."""
    label = PARTS[part]
    try:
        with _quiet_libraries():
            load_weights = load_packed if layout.weights[part].packed else load_mapped
            network, info = load_weights(layout, part, dtype)
    except (MemoryError, ModelError, JobCancelled):
        raise
    except Exception as error:  # what the libraries find wrong with a configuration has names of their own
        raise ModelError(
            "The model could not be loaded: its {part} is damaged or incompatible.", part=label
        ) from error
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ModelError(
            "The model could not be loaded: the weights of its {part} are incomplete or do not "
            "match the configuration.",
            part=label,
        )
    if part == "text_encoder":
        _skip_last(network, skipped_layers(layout))
    return network.eval().requires_grad_(False)


def _skip_last(text_encoder: Any, layers: int) -> None:
    """Read the words from a layer before the last; the norm that follows all of them stays (diffusers' `clip_skip`)."""
    encoder = next(module for name, module in text_encoder.named_modules() if name.endswith("encoder"))
    encoder.layers = encoder.layers[: len(encoder.layers) - layers]


def _load_tokenizer(folder: Path, options: Mapping[str, Any]) -> Any:
    try:
        with _quiet_libraries():
            return transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True, **options)
    except MemoryError:
        raise
    except Exception as error:  # its library raises nothing more special than that
        raise ModelError("The model could not be loaded: its tokenizer is damaged.") from error


def _padding_2(layout: ModelLayout, tokenizer: Any) -> int:
    """The token that fills up what the second text encoder reads; all else is the first one's vocabulary."""
    if "tokenizer_2" not in layout.folders:
        return padding_id(tokenizer, layout.padding_2)
    second = _load_tokenizer(layout.folders["tokenizer_2"], {})
    if second.get_vocab() != tokenizer.get_vocab():
        raise ModelError("The model could not be loaded: its two text encoders know different words.")
    return int(second.pad_token_id)


def padding_id(tokenizer: Any, padding: str | None) -> int:
    """The id of what fills prompts up: the token `padding`, or what the tokenizer itself takes."""
    return int(tokenizer.pad_token_id if padding is None else tokenizer.convert_tokens_to_ids(padding))


def check_vocabulary(text_encoder: Any, tokenizer: Any) -> None:
    if len(tokenizer) > text_encoder.config.vocab_size:
        raise ModelError("The model could not be loaded: its tokenizer and text encoder do not match.")


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """No progress bars and no remarks while loading; what matters is checked and said in our own words."""
    before = [(library, library.get_verbosity()) for library in (diffusers.logging, transformers.logging)]
    bars = [library for library, _ in before if library.is_progress_bar_enabled()]
    for library, _ in before:
        library.disable_progress_bar()
        library.set_verbosity(library.CRITICAL)
    try:
        yield
    finally:
        for library, verbosity in before:
            library.set_verbosity(verbosity)
        for library in bars:
            library.enable_progress_bar()
