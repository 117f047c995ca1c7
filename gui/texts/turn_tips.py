"""What a turn's tooltip says: its words, and what it was made with."""

from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

from editor_core.document.turns import Turn


def tip_of(turn: Turn) -> str:
    """The prompt, then model, its parts, LoRAs and sampler, a line each, as far as they are known."""
    lines = [turn.prompt]
    if upscaler := turn.parameters.get("upscaler"):
        lines.append(QCoreApplication.translate("turns", "Upscaled with {name}").format(name=upscaler))
    if turn.model:
        lines.append(QCoreApplication.translate("turns", "Model: {name}").format(name=turn.model))
    if turn.loras:
        names = ", ".join(lora.label for lora in turn.loras)
        lines.append(QCoreApplication.translate("turns", "LoRAs: {names}").format(names=names))
    if turn.vae:
        lines.append(QCoreApplication.translate("turns", "VAE: {name}").format(name=PurePath(turn.vae).stem))
    if turn.clip_skip > 1:
        lines.append(QCoreApplication.translate("turns", "CLIP skip: {layer}").format(layer=turn.clip_skip))
    if turn.steps:
        sampled = QCoreApplication.translate(
            "turns", "Seed {seed} · {steps} steps · guidance {guidance} · {sampler}"
        )
        lines.append(
            sampled.format(
                seed=turn.seed, steps=turn.steps, guidance=f"{turn.guidance:g}", sampler=turn.sampler
            )
        )
    if turn.strength not in (0, 1):
        strength = QCoreApplication.translate("turns", "Strength {share} %")
        lines.append(strength.format(share=round(100 * turn.strength)))
    return "\n".join(line for line in lines if line)
