"""The window's two sets of colours, dark and light."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """One set of colours, as CSS writes them."""

    window: str
    panel: str
    field: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    selected: str
    canvas: str
    removed: str
    error: str


DARK = Palette(
    window="#2b2b2b",
    panel="#313131",
    field="#242424",
    raised="#3f3f3f",
    hover="#4a4a4a",
    line="#444444",
    text="#e4e4e4",
    muted="#adadad",
    disabled="#757575",
    accent="#4cbcb0",
    accent_hover="#62ccc1",
    on_accent="#0e201e",
    selected="#27403d",
    canvas="#5a5a5a",
    removed="#d98880",
    error="#ee877d",
)
LIGHT = Palette(
    window="#e9e9e9",
    panel="#f3f3f3",
    field="#ffffff",
    raised="#fbfbfb",
    hover="#dedede",
    line="#c9c9c9",
    text="#222222",
    muted="#5f5f5f",
    disabled="#9c9c9c",
    accent="#0e766c",
    accent_hover="#0a6159",
    on_accent="#ffffff",
    selected="#cfe6e3",
    canvas="#9a9a9a",
    removed="#a8433a",
    error="#b3372c",
)
