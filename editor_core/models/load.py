"""One door to every model: "default", a folder or a file in, a bundle out."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from editor_core.models.available import source_folder
from editor_core.models.bundle import ModelBundle
from editor_core.models.inspection import inspect_model
from editor_core.models.other_parts import with_autoencoder, with_clip_skip
from editor_core.models.progress import Cancel, OnProgress


def load(
    source: str = "default",
    device: str = "auto",
    dtype: str | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
    vae: str = "",
    clip_skip: int = 1,
    inversions: Iterable[Path] = (),
) -> ModelBundle:
    """Load a model, never touching the network.

    `dtype` is "float32", "bfloat16" or "float16"; None takes what suits the device. vae: a folder or file with another
    autoencoder. clip_skip: the layer, counted from the text encoder's end, that the words are read from, 1 the last.
    inversions: files of textual inversions, of which those for this model become words.
    Raises ModelError, DeviceError, JobCancelled.
    """
    layout = inspect_model(source_folder(source))  # refuse quickly, before torch and diffusers are imported
    if vae:
        layout = with_autoencoder(layout, Path(vae).expanduser())
    layout = with_clip_skip(layout, clip_skip)
    from editor_core.models.inversions import with_inversions
    from editor_core.models.networks import load_layout

    bundle = load_layout(layout, str(source), device, dtype, on_progress, cancel)
    return with_inversions(replace(bundle, vae_source=vae, clip_skip=clip_skip), inversions)
