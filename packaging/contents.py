"""What goes into the bundle and what stays out: the lists behind editor.spec."""

import fnmatch
import importlib.util
from pathlib import Path, PurePath

SCREENSHOTS = "screenshots"
"""The one folder of resources/ that does not ship: the README shows it."""

READ_THEIR_SOURCE = (
    "diffusers.models.attention_dispatch", "torch._dynamo._trace_wrapped_higher_order_op", "torch._dynamo.config",
    "torch._dynamo.variables.streams", "torch._export.config", "torch._functorch.config", "torch._inductor.config",
    "torch._library.custom_ops", "torch._native.registry", "torch.compiler.config",
    "torch.distributed._functional_collectives", "torch.distributed.config",
    "torch.distributed.tensor._collective_utils", "torch.functional", "torch.fx.experimental._config",
    "torch.nn.functional", "torch.nn.modules.rnn", "torch.onnx.ops._impl", "torch.onnx.ops._symbolic_impl",
    "torch.utils._debug_mode._mode",
)  # fmt: skip
"""Modules that look at their own source at import, found by watching `inspect.findsource`."""

COLLECTION = {
    "torch": "pyz",  # all sources would be 45 MB; TorchScript, which wants them, is used nowhere
    "diffusers": "pyz",
    "transformers": "pyz+py",  # finds its modules by listing folders of sources
    **dict.fromkeys(READ_THEIR_SOURCE, "pyz+py"),
}

TEXT_ENCODERS = ("auto", "clip")
IMPORTED_BY_DIFFUSERS = ("dinov2_with_registers", "encoder_decoder", "siglip", "vit_mae")

EXCLUDED = (
    # Never another Qt: PyInstaller stops when it meets two.
    "PyQt5", "PyQt6", "PySide2",
    # On a developer's machine perhaps, but wanted by no part of the program.
    "IPython", "accelerate", "hf_xet", "matplotlib", "pandas", "peft", "pip", "scipy", "setuptools", "sklearn",
    "tensorboard", "tkinter", "torchaudio", "torchvision", "triton",
    "readline",  # under the GPL, and there is no prompt to edit
    # Branches of the libraries that editing does not reach.
    "diffusers.pipelines", "diffusers.modular_pipelines", "diffusers.commands", "diffusers.experimental",
    "torch.testing._internal.generated", "torch.testing._internal.opinfo", "torch.utils.benchmark",
    "torch.utils.hipify", "torch.utils.tensorboard",
    "transformers.cli", "transformers.exporters", "transformers.pipelines", "transformers.trainer",
)  # fmt: skip

DROPPED = (
    "torch/bin/*", "torch/include/*", "torch/share/*", "torch/test/*", "torch/_inductor/kernel/*",
    "torch/utils/model_dump/*", "torch/lib/*_test.so", "torch/lib/libaoti_custom_ops.so",
    "torch/lib/libbackend_with_compiler.so", "PySide6/Qt/translations/*", "PySide6/Qt/qml/*",
    # Qt's part for GTK desktops, with the half of GTK that comes along, and for screens without a desktop.
    "*/libqgtk3.so", "*libQt6Egl*", "*/egldeviceintegrations/*", "*/libqeglfs.so", "*/libqlinuxfb.so", "*/libqvnc.so",
    "*/libqminimalegl.so", "libatk-*", "libcairo*", "libdatrie*", "libfribidi*", "libgdk_pixbuf*", "libgraphite2*",
    "libharfbuzz.so*", "libpango*", "libpixman*", "libthai*", "libcudart.so",
    # Licences: licences.py gathers them in one place.
    "*.dist-info/licenses/*",
    "*.pyi", "*/py.typed",
)  # fmt: skip
"""Files that hooks collect and nothing reads, by their place in the bundle."""

KEPT = ("torch/bin/torch_shm_manager",)
"""`torch` looks for it at import."""


def resources(root: Path) -> list[tuple[str, str]]:
    """What lies in resources/ and where it goes in the bundle, as PyInstaller wants it."""
    shipped = sorted(path for path in (root / "resources").iterdir() if path.name != SCREENSHOTS)
    return [(str(path), f"resources/{path.name}" if path.is_dir() else "resources") for path in shipped]


def own_modules(root: Path) -> list[str]:
    """Every module of ours: many are imported inside functions, some by name."""
    files = (file for package in ("cache", "editor_core", "gui") for file in (root / package).rglob("*.py"))
    names = (file.relative_to(root).with_suffix("").parts for file in files)
    return sorted(".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in names)


def excluded_modules() -> list[str]:
    """`EXCLUDED`, and every family of transformers' models but the few in use."""
    kept = {*TEXT_ENCODERS, *IMPORTED_BY_DIFFUSERS}
    families = (folder.name for folder in _folder_of("transformers.models").iterdir() if folder.is_dir())
    others = sorted(name for name in families if name not in kept and not name.startswith("__"))
    return [*EXCLUDED, *(f"transformers.models.{name}" for name in others)]


def wanted(destination: str) -> bool:
    """False for a file of the bundle that nothing reads."""
    place = PurePath(destination).as_posix()
    return place in KEPT or not any(fnmatch.fnmatch(place, pattern) for pattern in DROPPED)


def _folder_of(package: str) -> Path:
    """Where a package lies, found without importing it (its parent is)."""
    top, *rest = package.split(".")
    found = importlib.util.find_spec(top)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"{top} is not installed")
    return Path(found.submodule_search_locations[0], *rest)
