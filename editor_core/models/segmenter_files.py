"""Which files and folders hold a Segment Anything model; nothing is loaded."""

from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.weight_files import find_weights, read_json

MODEL_TYPE = "sam"
_LABEL = Message("segmenter")


def is_pickled_segmenter(file: Path) -> bool:
    """Whether a file is named as Meta and MobileSAM name their checkpoints."""
    name = file.name.lower()
    return file.suffix.lower() in (".pth", ".pt") and name.startswith(("sam_vit_", "mobile_sam", "mobilesam"))


def pickled(file: Path) -> ModelError:
    """What is wrong with such a file, and the way out."""
    return ModelError(
        "{file} is pickled, and opening it could run any program hidden in it: download facebook/sam-vit-base under "
        "Models instead, or another folder of Segment Anything in safetensors.",
        file=file.name,
    )


def check_segmenter(folder: Path) -> None:
    """Raises ModelError where the folder holds no network of this kind, or not in safetensors."""
    if read_json(folder / "config.json").get("model_type") != MODEL_TYPE:
        raise ModelError("“{folder}” holds no Segment Anything model.", folder=folder.name)
    find_weights(folder, "model", _LABEL)
