"""Which files hold networks that enlarge pictures, by the folders they lie in; nothing is opened."""

from pathlib import Path

_FOLDERS = frozenset(
    ("upscale_models", "esrgan", "realesrgan", "bsrgan", "swinir", "dat", "hat", "spandrel_image_to_image")
)
"""As ComfyUI, Automatic1111, Forge, Fooocus, StabilityMatrix and InvokeAI name them, capitals aside."""
_ENDINGS = (".safetensors", ".pth", ".pt")
_ABOVE = 3  # folders above a file that may be named so


def is_upscaler(file: Path) -> bool:
    """Whether a file lies where such networks are kept, perhaps in a folder of its own."""
    names = {folder.name.casefold() for folder in file.parents[:_ABOVE]}
    return file.suffix.lower() in _ENDINGS and not names.isdisjoint(_FOLDERS)
