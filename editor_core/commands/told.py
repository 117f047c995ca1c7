"""What is told of turns: fields for ``--json``, a sentence for people."""

from pathlib import Path
from typing import Any

from editor_core.document.turns import Turn


def changed_share(turn: Turn) -> float | None:
    """Per cent of the picture that a turn may have changed; None for a first turn."""
    return None if turn.mask is None else round(100 * float((turn.mask > 0).mean()), 1)


def summary(turn: Turn, file: Path) -> dict[str, Any]:
    """A turn that was just made and saved."""
    return {
        "file": str(file),
        "turn": turn.id,
        "parent": turn.parent,
        "method": turn.method,
        "prompt": turn.prompt,
        "seed": turn.seed,
        "steps": turn.steps,
        "guidance": turn.guidance,
        "strength": turn.strength,
        "upscaler": turn.parameters.get("upscaler", ""),
        "model": turn.model,
        "loras": [{"name": lora.name, "weight": lora.weight} for lora in turn.loras],
        "vae": turn.vae,
        "clip_skip": turn.clip_skip,
        "sampler": turn.sampler,
        "size": [turn.width, turn.height],
        "changed": changed_share(turn),
        "seconds": round(turn.seconds, 2),
        "log": dict(turn.log),
    }


def sentence(turn: Turn, file: Path) -> str:
    """The same for people."""
    changed = "" if turn.mask is None else f", {changed_share(turn)} % of the picture changed"
    upscaled = f", upscaled with {name}" if (name := turn.parameters.get("upscaler")) else ""
    return f"Turn {turn.id}: {turn.prompt!r} in {turn.seconds:.1f} s{changed}{upscaled}. Saved to {file}."


def row(turn: Turn) -> dict[str, Any]:
    """A turn in a list of all."""
    return {
        "id": turn.id,
        "parent": turn.parent,
        "method": turn.method,
        "prompt": turn.prompt,
        "changed": changed_share(turn),
        "seconds": round(turn.seconds, 1),
        "seed": turn.seed,
        "model": turn.model,
        "loras": [lora.label for lora in turn.loras],
        "vae": turn.vae,
        "clip_skip": turn.clip_skip,
        "sampler": turn.sampler,
        "starred": turn.starred,
        "created": turn.created,
    }
