"""Text that any terminal, file or pipe takes, whatever its encoding; and the standard streams as bytes."""

import codecs
import io
import re
import sys
from typing import BinaryIO

from editor_core.base.errors import EditorError

_ERRORS = "palimpsest.plain"
_PLAIN = str.maketrans(
    {
        "●": "*", "○": "o", "–": "-", "—": "-", "…": "...", "×": "x", "“": '"', "”": '"', "‘": "'", "’": "'",
        "│": "|", "├": "|", "└": "`", "─": "-", "━": "-", "╸": "-", "╺": "-",
    }
)  # fmt: skip
"""Our own signs in ASCII."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def prepare() -> None:
    """What stdout and stderr cannot encode is written in plain signs or as ``\\u5c0f``, and never stops a command."""
    codecs.register_error(_ERRORS, _in_plain_signs)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def one_line(text: str) -> str:
    """Without control characters: they would end the line or the column, or order the terminal about."""
    return _CONTROL.sub(" ", text)


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    part = error.object[error.start : error.end].translate(_PLAIN)
    return part.encode("ascii", "backslashreplace").decode("ascii"), error.end


def standard_input() -> BinaryIO:
    """Stdin as bytes. Raises EditorError where nothing was piped in."""
    if sys.stdin is None or sys.stdin.isatty():
        raise EditorError(
            "- reads what is piped in, and nothing is: name a file, or put a command and | before."
        )
    return sys.stdin.buffer


def standard_output() -> BinaryIO:
    """Stdout as bytes. Raises EditorError where a person would have to read them."""
    if sys.stdout.isatty():
        raise EditorError("- would write the file into this terminal: name a file, or put | or > behind.")
    return sys.stdout.buffer
