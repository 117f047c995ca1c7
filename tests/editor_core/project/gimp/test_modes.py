"""GIMP's layers look here as they do in GIMP: what GIMP 2.10.34 showed of each mode is written down below."""

from pathlib import Path

import numpy as np

from editor_core.document.compositing import flatten
from editor_core.project.gimp.reading import read_gimp
from support.xcf_files import XcfFile, XcfLayer

BELOW = ((50, 204, 130, 255), (122, 132, 130, 255), (71, 183, 130, 128))
ABOVE = ((60, 48, 211, 255), (60, 48, 211, 128), (60, 144, 115, 255))
"""Opaque over opaque, half over opaque, opaque over half; every second mode at an opacity of 80 %."""

SHOWN = {
    0: ("3c30d3ff", "5b5aabff", "3c9073ff"),
    3: ("134870ff", "555979ff", "28895980"),
    4: ("62d6e9ff", "8a90b6ff", "64d2a880"),
    5: ("21b8a3ff", "6c7493ff", "37bb7e80"),
    6: ("0a9c51ff", "5c6c69ff", "1f573580"),
    7: ("62f2e6ff", "9297b4ff", "69e0c480"),
    8: ("009c00ff", "5c6c41ff", "1f573580"),
    9: ("324f82ff", "616282ff", "41a17980"),
    10: ("3cccd3ff", "7a84abff", "47b78280"),
    11: ("3b51bdff", "7a8083ff", "47b78a80"),
    12: ("2ecc80ff", "4c8479ff", "4bb78480"),
    13: ("374cc2ff", "6061a2ff", "49b58a80"),
    14: ("34d386ff", "9faca9ff", "3d9d7080"),
    15: ("b4f598ff", "afb58dff", "b0e0ca80"),
    16: ("41fbffff", "8d93c1ff", "56e7c980"),
    17: ("0a296dff", "494f78ff", "1e973880"),
    18: ("184dd3ff", "5a5babff", "2ebd7980"),
    19: ("21b8a3ff", "6c7493ff", "37bb7e80"),
    20: ("76ff2fff", "9cac58ff", "74ac8b80"),
    21: ("0a8cc4ff", "5f64a3ff", "20c07b80"),
    23: ("18acd4ff", "6067b1ff", "21c07680"),
    24: ("afacffff", "7e8384ff", "36b88c80"),
    25: ("00d662ff", "009486ff", "69b28c80"),
    26: ("aea4ffff", "7f79ceff", "5bb49180"),
    27: ("005d1eff", "636d6bff", "18946180"),
    28: ("3a6ac6ff", "676ca9ff", "3d9575e6"),
    30: ("05246aff", "5a6177ff", "09663780"),
    31: ("5bd4daff", "888eb5ff", "6bd8b180"),
    32: ("0a9c51ff", "626f6dff", "0b270f80"),
    33: ("4ad0e0ff", "7f87b9ff", "59d9a280"),
    34: ("00c700ff", "738000ff", "247a4080"),
    35: ("326a82ff", "676c82ff", "3e997680"),
    36: ("3cccd3ff", "7a84b1ff", "47b78280"),
    37: ("3b6bc0ff", "7a8083ff", "47b78e80"),
    38: ("2ecc80ff", "5b8479ff", "4cb78480"),
    39: ("3769c5ff", "666ba8ff", "4ab48d80"),
    40: ("34d386ff", "a4b1afff", "38906680"),
    41: ("c7ff99ff", "ffff8eff", "ffffff80"),
    42: ("41fbffff", "8e94ffff", "5dffed80"),
    43: ("00606eff", "4f5478ff", "008d3880"),
    44: ("184dd4ff", "6065b1ff", "21c07580"),
    45: ("22b8a4ff", "6e7695ff", "33bc7d80"),
    46: ("76ff2fff", "a0b263ff", "8ba78f80"),
    47: ("0791c8ff", "666daaff", "1fc47880"),
    48: ("0078ffff", "585fcdff", "00d27480"),
    49: ("3280a0ff", "797792ff", "47b78280"),
    50: ("002dffff", "575eeaff", "00d86980"),
    51: ("1361edff", "6068c1ff", "1df33c80"),
    52: ("56af7eff", "7b8380ff", "62788080"),
    53: ("006161ff", "5c6573ff", "006b3a80"),
    54: ("3c30d3ff", "6165b1ff", "3c907380"),
    55: ("32cc82ff", "7a8482ff", "47b78280"),
    56: ("0f5634ff", "646d6bff", "37916680"),
    57: ("2eea46b9", "818c6edc", "54e09435"),
    58: ("00000000", "7a84827f", "00000000"),
    59: ("3a6ac6ff", "676ca9ff", "3e9976ff"),
    60: ("00000000", "7a84827f", "00000000"),
}
REACHING = {
    (28, 1): ("3a6ac6ff", "676ca9ff", "3d9575e6"),
    (30, 1): ("05246aff", "5a6177ff", "2b7d5bff"),
    (42, 1): ("41fbffff", "8e94ffff", "4fffbdff"),
    (57, 1): ("2eea46b9", "818c6edc", "45b1809b"),
    (58, 1): ("00000000", "7a84827f", "3c90737f"),
    (59, 1): ("3a6ac6ff", "676ca9ff", "3e9976ff"),
    (60, 1): ("00000000", "7a84827f", "3c90737f"),
    (28, 3): ("3c30d3cc", "3c30d366", "3c9073cc"),
    (30, 3): ("05246aff", "17146a80", "2b7d5bff"),
    (42, 3): ("41fbffff", "a0a3ff80", "4fffbdff"),
    (57, 3): ("2cf40086", "8e9d0043", "45b07f81"),
    (58, 3): ("00000000", "00000000", "3c90737f"),
    (59, 3): ("3c30d3cc", "3c30d366", "3c9073cc"),
    (60, 3): ("00000000", "00000000", "3c90737f"),
    (28, 4): ("3c30d3cc", "3c30d366", "3c907366"),
    (30, 4): ("05246aff", "17146a80", "09663780"),
    (42, 4): ("41fbffff", "a0a3ff80", "5dffed80"),
    (57, 4): ("2cf40086", "8e9d0043", "5effa21c"),
    (58, 4): ("00000000", "00000000", "00000000"),
    (59, 4): ("3c30d3cc", "3c30d366", "3c90734d"),
    (60, 4): ("00000000", "00000000", "00000000"),
}
"""The same where a layer says how far it reaches: over the union of both, the layer, or where both are."""


def colours(*shown: str) -> np.ndarray:
    return np.array([[tuple(bytes.fromhex(each)) for each in shown]])


def off(path: Path, wanted: np.ndarray) -> np.ndarray:
    """How many levels each pixel differs by from what GIMP showed, premultiplied; and what was said on opening."""
    snapshot, _ = read_gimp(path)
    seen = flatten(snapshot.layers, snapshot.rect).astype(float)
    pairs = [np.dstack([each[..., :3] * each[..., 3:] / 255, each[..., 3:]]) for each in (seen, wanted)]
    return np.abs(pairs[0] - pairs[1]).max(axis=2)[0]


def case(
    number: int, mode: int, opacity: float, spaces: tuple[int, int, int] | None = None
) -> list[XcfLayer]:
    below, above = (np.array([each], np.uint8) for each in (BELOW, ABOVE))
    place = {"x": 3 * number}
    return [
        XcfLayer(above, path=(number,), is_group=True, name=f"mode {mode}", **place),
        XcfLayer(above, mode=mode, opacity=opacity, path=(number, 0), spaces=spaces, **place),
        XcfLayer(below, path=(number, 1), **place),
    ]


def test_every_mode_is_shown_as_by_gimp(tmp_path: Path):
    layers: list[XcfLayer] = []
    for number, mode in enumerate(SHOWN):
        layers += case(number, mode, 0.8 if number % 2 else 1.0)
    path = tmp_path / "modes.xcf"
    path.write_bytes(XcfFile(3 * len(SHOWN), 1, layers).written())
    levels = off(path, np.concatenate([colours(*shown) for shown in SHOWN.values()], axis=1))
    assert {mode: worst for mode, worst in zip(SHOWN, levels.reshape(-1, 3).max(axis=1)) if worst > 2} == {}


def test_layers_reach_as_far_as_they_say(tmp_path: Path):
    layers: list[XcfLayer] = []
    for number, (mode, reach) in enumerate(REACHING):
        odd = list(SHOWN).index(mode) % 2
        layers += case(number, mode, 0.8 if odd else 1.0, (reach, 0, 0))
    path = tmp_path / "reaching.xcf"
    path.write_bytes(XcfFile(3 * len(REACHING), 1, layers).written())
    levels = off(path, np.concatenate([colours(*shown) for shown in REACHING.values()], axis=1))
    assert {key: worst for key, worst in zip(REACHING, levels.reshape(-1, 3).max(axis=1)) if worst > 2} == {}
