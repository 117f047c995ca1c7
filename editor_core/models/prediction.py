"""What a network was trained to predict, noise or v, which its weights do not say (https://arxiv.org/abs/2202.00512).

Asked in this order: our card beside the file, the configuration that Stable Diffusion 2 was published with
(`NAME.yaml`), the file's own metadata and marks, its name. Where nothing says it, 1.x and SDXL predict noise and 2.x v,
as its best-known model does, and the answer is not sure.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_YAML_LIMIT = 1_000_000  # bytes
_PARAMETERIZATION = re.compile(r"^\s*parameterization:\s*[\"']?(v|eps)\b", re.MULTILINE)
_V_IN_NAME = re.compile(r"v[-_ ]?pred|768[-_ ]?v|v2-1_768", re.IGNORECASE)
_NOISE_IN_NAME = re.compile(r"512[-_ ]?base|eps[-_ ]?pred|epsilon|v2-1_512", re.IGNORECASE)


def prediction_type(
    file: Path, header: Mapping[str, Any], family: str, card: Mapping[str, Any]
) -> tuple[str, bool, bool]:
    """ "epsilon" or "v_prediction", whether that is sure, and whether anything at hand said so.

    Nothing has to say that 1.x and SDXL predict noise; still there are files of theirs that predict v.
    """
    metadata = header.get("__metadata__") or {}
    marks = (
        card.get("prediction_type"),
        _of_yaml(file.with_suffix(".yaml")),
        _of_metadata(metadata if isinstance(metadata, Mapping) else {}),
        "v_prediction" if "v_pred" in header else None,
        "v_prediction" if _V_IN_NAME.search(file.stem) else None,
        "epsilon" if _NOISE_IN_NAME.search(file.stem) else None,
    )
    said = next((mark for mark in marks if mark), None)
    usual = "v_prediction" if family == "sd2" else "epsilon"
    return said or usual, said is not None or family != "sd2", said is not None


def _of_yaml(file: Path) -> str | None:
    """Of the configuration that the first code reads; v where it says "v", else noise."""
    if not file.is_file() or file.stat().st_size > _YAML_LIMIT:
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    if found := _PARAMETERIZATION.search(text):
        return "v_prediction" if found[1] == "v" else "epsilon"
    return "epsilon" if "unet_config" in text else None


def _of_metadata(metadata: Mapping[str, Any]) -> str | None:
    """https://github.com/Stability-AI/ModelSpec and kohya's own keys."""
    key = str(
        metadata.get("modelspec.prediction_type") or metadata.get("modelspec.predict_key") or ""
    ).lower()
    if key in ("v", "v_prediction") or str(metadata.get("ss_v_parameterization")).lower() == "true":
        return "v_prediction"
    return "epsilon" if key == "epsilon" else None
