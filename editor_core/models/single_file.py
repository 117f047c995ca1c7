"""What a one-file model holds, read from its header alone: no torch, no weights.

The tensors have the names of Stable Diffusion's first code, whose configuration is not in the file: shapes tell the
family, `families.py` has the rest. A card `NAME.palimpsest.json` beside the file serves as a folder's does.
"""

from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.families import Family, family_of
from editor_core.models.folder_layout import check_fit, read_card
from editor_core.models.layout import PARTS, ModelLayout
from editor_core.models.neighbours import find_part, find_tokenizer
from editor_core.models.noise_config import noise_schedule, sampler_of
from editor_core.models.original_names import parts_in, why_not
from editor_core.models.prediction import prediction_type
from editor_core.models.remembered_predictions import TO_PURE_NOISE, predicted, remembered
from editor_core.models.segmenter_files import is_pickled_segmenter, pickled
from editor_core.models.weight_files import PICKLED, WeightFiles, read_safetensors_header

_NOT_HERE = {
    5: Message("a model that works with a depth map"),
    7: Message("an upscaler"),
    8: Message("a model that follows instructions (InstructPix2Pix)"),
}
"""Channels that a U-Net takes to what such a model is."""
_V_SIZE = 96  # latents a side at which Stable Diffusion 2's v-prediction was trained


def inspect_file(file: Path) -> ModelLayout:
    """Read and check a model file. Raises ModelError, in one sentence, when it cannot be used."""
    _check_suffix(file)
    header, _ = read_safetensors_header(file)
    names = header.keys() - {"__metadata__"}
    if (reason := why_not(names, file.name)) is not None:
        raise ModelError.of(reason)
    family = family_of(header, file.name)
    if (channels := family.configs["unet"]["in_channels"]) in _NOT_HERE:
        raise ModelError(
            "{file} is {kind}, which is not supported yet.", file=file.name, kind=_NOT_HERE[channels]
        )
    card = read_card(file.with_name(f"{file.stem}.palimpsest.json"))
    configs, folders, weights = _parts(file, family, parts_in(names))
    predicts, sure, said = prediction_type(file, header, family.name, card)
    answer = None if said else remembered(file)
    if answer is not None:
        predicts = predicted(answer)
    if predicts == "v_prediction" and family.name == "sd2":
        configs["unet"] = configs["unet"] | {"sample_size": 3 * configs["unet"]["sample_size"] // 2}
    check_fit(configs)
    folders["tokenizer"] = find_tokenizer(file, int(configs["text_encoder"]["vocab_size"]))
    return ModelLayout(
        path=file,
        name=card.get("name") or file.stem,
        configs=configs,
        folders=folders,
        weights=weights,
        schedule=noise_schedule(
            _scheduler(family, predicts, "ztsnr" in header or answer == TO_PURE_NOISE), keep_offset=False
        ),
        card=card,
        default_sampler=sampler_of(family.scheduler),
        tokenizer_options=_without_class(family.tokenizer),
        padding_2=family.padding_2,
        zero_for_no_words=bool(family.pipeline.get("force_zeros_for_empty_prompt")),
        prediction_is_sure=sure,
        prediction_is_answered=answer is not None,
        prediction_is_said=said,
    )


def _scheduler(family: Family, predicts: str, to_pure_noise: bool) -> dict[str, Any]:
    """The family's, with what the file says; one that ends in pure noise begins there, too."""
    found = {**family.scheduler, "prediction_type": predicts}
    if to_pure_noise:
        found |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    return found


def _check_suffix(file: Path) -> None:
    if is_pickled_segmenter(file):
        raise pickled(file)
    if file.suffix.lower() in PICKLED:
        raise ModelError(
            "{file} is pickled: opening it could run any program hidden in it; get the model as .safetensors.",
            file=file.name,
        )
    if file.suffix.lower() == ".gguf":
        raise ModelError(
            "{file} is quantised, which is not supported; get the model as .safetensors.", file=file.name
        )
    if file.suffix.lower() != ".safetensors":
        raise ModelError(
            "{file} is no model; choose a .safetensors file or a folder in the layout of diffusers.",
            file=file.name,
        )


def _parts(
    file: Path, family: Family, packed: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Path], dict[str, WeightFiles]]:
    """Of each part its configuration, folder and weights: out of the file, or else of a model beside it."""
    configs, folders, weights = dict(family.configs), {}, {}
    for part in family.configs:
        folders[part], weights[part] = family.folder / part, WeightFiles(None, (file,), packed=True)
        if part in packed:
            continue
        if (found := find_part(file, part, configs[part])) is None:
            raise ModelError(
                "The model file {file} has no {part}; put a model's folder that has one beside it.",
                file=file.name,
                part=PARTS[part],
            )
        folders[part], configs[part], weights[part] = found
    return configs, folders, weights


def _without_class(config: Any) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != "tokenizer_class"}
