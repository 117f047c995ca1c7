"""One door to every model: "default" or a folder in, a bundle out."""

from editor_core.models.available import source_folder
from editor_core.models.bundle import ModelBundle
from editor_core.models.folder_layout import inspect_folder
from editor_core.models.progress import Cancel, OnProgress


def load(
    source: str = "default",
    device: str = "auto",
    dtype: str | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> ModelBundle:
    """Load a model, never touching the network.

    `dtype` is "float32", "bfloat16" or "float16"; None takes what suits the device. Raises ModelError,
    DeviceError, JobCancelled.
    """
    layout = inspect_folder(source_folder(source))  # refuse quickly, before torch and diffusers are imported
    from editor_core.models.diffusers_folder import load_folder

    return load_folder(layout, str(source), device, dtype, on_progress, cancel)
