"""diffusers asks for the versions of its friends at import, and loads its classes by name."""

from PyInstaller.utils.hooks import collect_submodules, copy_metadata

NEEDS_METADATA = (
    "diffusers", "filelock", "huggingface_hub", "numpy", "packaging", "pillow", "pyyaml", "regex", "requests",
    "safetensors", "tokenizers", "torch", "tqdm", "transformers",
)  # fmt: skip

datas = [entry for name in NEEDS_METADATA for entry in copy_metadata(name)]
hiddenimports = collect_submodules("diffusers.models") + collect_submodules("diffusers.schedulers")
module_collection_mode = "pyz"
