"""One door to every model: "default", a folder or a file in, a bundle out."""

from editor_core.models.available import source_folder
from editor_core.models.bundle import ModelBundle
from editor_core.models.inspection import inspect_model
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
    layout = inspect_model(source_folder(source))  # refuse quickly, before torch and diffusers are imported
    from editor_core.models.networks import load_layout

    return load_layout(layout, str(source), device, dtype, on_progress, cancel)
