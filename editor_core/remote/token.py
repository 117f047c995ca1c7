"""The secret that a cluster asks for: kept beside the settings, in a file that only its owner can read."""

import os
from contextlib import suppress
from pathlib import Path

from editor_core.base import paths
from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import SettingsError

_MAX_BYTES = 4096


def token_file() -> Path:
    return paths.settings_file().with_name("cluster-token")


def kept_token() -> str:
    """The token, or "" where none is kept; Ray then looks for its own (RAY_AUTH_TOKEN, ~/.ray/auth_token)."""
    try:
        return token_file().read_bytes()[:_MAX_BYTES].decode("utf-8", "replace").strip()
    except OSError:
        return ""


def keep_token(token: str) -> None:
    """Keep another one, or none for "". Raises SettingsError."""
    file = token_file()
    try:
        if not token.strip():
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            file.unlink()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(token.strip())
    except OSError as error:
        raise SettingsError("The token could not be kept: {reason}.", reason=reason_of(error)) from error
