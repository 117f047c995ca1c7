"""InvokeAI in its three notations: ``invokeai_metadata`` (since 3), ``sd-metadata`` (2), ``Dream`` (1)."""

import re
from typing import Any

from editor_core.project.words.found import (
    FoundWords,
    Texts,
    guidance_of,
    object_of,
    seed_of,
    steps_of,
    text_of,
)

_NEGATIVE = re.compile(r"\[([^\]]*)\]")  # within the words of the older notations
_SWITCH = re.compile(r"\s-([a-zA-Z])\s*([\w.]+)")


def read(texts: Texts) -> FoundWords | None:
    if (values := object_of(texts.get("invokeai_metadata"))) and "positive_prompt" in values:
        return _three(values)
    if isinstance(image := object_of(texts.get("sd-metadata")).get("image"), dict):
        return _two(image, text_of(object_of(texts["sd-metadata"]).get("model_weights")))
    if match := re.match(r'\s*"((?:\\.|[^"\\])*)"(.*)', texts.get("Dream", ""), re.DOTALL):
        return _one(match[1], dict(_SWITCH.findall(match[2])))
    return None


def _three(values: dict[str, Any]) -> FoundWords:
    model = values.get("model")
    name = (model.get("name") or model.get("model_name")) if isinstance(model, dict) else model
    return FoundWords(
        program="InvokeAI",
        prompt=text_of(values["positive_prompt"]),
        negative=text_of(values.get("negative_prompt")),
        seed=seed_of(values.get("seed")),
        steps=steps_of(values.get("steps")),
        guidance=guidance_of(values.get("cfg_scale")),
        sampler=text_of(values.get("scheduler")),
        model=text_of(name),
    )


def _two(image: dict[str, Any], model: str) -> FoundWords | None:
    told = image.get("prompt")
    if isinstance(told, list):
        parts = [part.get("prompt") for part in told if isinstance(part, dict)]
        told = ", ".join(part for part in parts if isinstance(part, str))
    if not isinstance(told, str):
        return None
    return _words(
        told,
        seed=seed_of(image.get("seed")),
        steps=steps_of(image.get("steps")),
        guidance=guidance_of(image.get("cfg_scale")),
        sampler=text_of(image.get("sampler")),
        model=model,
    )


def _one(told: str, switches: dict[str, str]) -> FoundWords:
    return _words(
        re.sub(r"\\(.)", r"\1", told),
        seed=seed_of(switches.get("S")),
        steps=steps_of(switches.get("s")),
        guidance=guidance_of(switches.get("C")),
        sampler=switches.get("A", ""),
    )


def _words(told: str, **values: Any) -> FoundWords:
    """Words with those for what should not be there in brackets among them."""
    negative = ", ".join(_NEGATIVE.findall(told))
    return FoundWords("InvokeAI", text_of(_NEGATIVE.sub("", told)), text_of(negative), **values)
