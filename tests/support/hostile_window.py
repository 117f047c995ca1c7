"""Damaged files of what the window remembers, from a seed; and whether they reach the window."""

import copy
import json
import random

from editor_core.document.strokes import Brush
from gui.state.window_state import WindowState
from support.damage import HOSTILE

_WHOLE = {
    "recent": ["/a.png"],
    "apply_at_once": True,
    "show_results": False,
    "placement": "above",
    "second_keys": "alt",
    "foreground": [1, 2, 3],
    "background": [4, 5, 6],
    "brushes": {"brush": {"size": 7.5, "hardness": 0.5, "pressure_size": False}},
    "shortcuts": {"undo": ["Ctrl+Z"]},
    "geometry": "AGdlb20=",
    "layout": "/2xheQ==",
}


def damaged_state(seed: int) -> bytes:
    chosen = random.Random(seed)
    value = json.loads(json.dumps(_WHOLE))
    for _ in range(chosen.choice((1, 1, 3))):
        place = value
        key = chosen.choice(list(value))
        while isinstance(place[key], dict | list) and place[key] and chosen.random() < 0.6:
            place = place[key]
            key = chosen.choice(list(place)) if isinstance(place, dict) else chosen.randrange(len(place))
        place[key] = copy.deepcopy(chosen.choice(HOSTILE))
    data = bytearray(json.dumps(value).encode("utf-8", "surrogatepass"))
    if chosen.random() < 0.4:
        for _ in range(chosen.choice((1, 4, 20))):
            data[chosen.randrange(len(data))] = chosen.randrange(256)
    return bytes(data)


def tried_state() -> str:
    """Read everything as the window does, keep something, and read it again."""
    for _ in range(2):
        state = WindowState()
        everything = (
            (state.recent, state.folder, state.apply_at_once, state.show_results, state.placement),
            (state.brush("brush", Brush()), state.colours, state.shortcuts, state.geometry, state.layout),
        )
        assert all(0 <= level <= 255 for colour in state.colours for level in colour)
        state.apply_at_once = not state.apply_at_once
    return "used" if everything else "refused"
