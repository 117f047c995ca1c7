"""Where resources, settings, models and caches live: in a source tree, a wheel and a frozen program."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

APP = "palimpsest"


def resources() -> Path:
    """The folder of files that ship with the program (read-only)."""
    if bundle := getattr(sys, "_MEIPASS", None):  # set by PyInstaller's boot loader
        return Path(bundle) / "resources"
    return _resources_of(Path(__file__).resolve())


def _resources_of(module: Path) -> Path:
    """The resources for this module at ``module``: beside the packages in a source tree, else a wheel's data files.

    A wheel's data go to ``share`` below the prefix, which is a parent of the packages on every system and in every
    kind of installation: virtual environment, ``--user``, ``--target``.
    """
    tree = module.parents[2]
    if (tree / "pyproject.toml").is_file():
        return tree / "resources"
    shares = (folder / "share" / APP / "resources" for folder in module.parents)
    return next((share for share in shares if share.is_dir()), tree / "resources")


def default_model() -> Path:
    return resources() / "models" / "default"


def settings_file() -> Path:
    return _user_folder("PALIMPSEST_CONFIG_DIR", platformdirs.user_config_dir) / "settings.toml"


def cache_folder() -> Path:
    return _user_folder("PALIMPSEST_CACHE_DIR", platformdirs.user_cache_dir)


def state_folder() -> Path:
    """Recovery files, recent projects and logs."""
    return _user_folder("PALIMPSEST_STATE_DIR", platformdirs.user_state_dir)


def models_folder() -> Path:
    """The program's own models: what was downloaded."""
    return _user_folder("PALIMPSEST_MODELS_DIR", platformdirs.user_data_dir, "models")


def recovery_folder() -> Path:
    return state_folder() / "recovery"


def log_folder() -> Path:
    return state_folder() / "logs"


def _user_folder(variable: str, platform_default: Callable[..., str], inside: str = "") -> Path:
    """The folder an environment variable names, or the platform's own place for it; not created here."""
    if chosen := os.environ.get(variable):
        return Path(chosen)
    return Path(platform_default(APP, appauthor=False)) / inside
