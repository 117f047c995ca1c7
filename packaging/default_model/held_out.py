"""Which compositions are kept out of training, for every composition at once: scenes.Scene.held_out as a table."""

import numpy as np
import torch
from torch import Tensor

from scenes import HELD_OUT_SHARE
from tables import Tables


class HeldOut:
    """Looks compositions up on a device.

    `_bits`, int32 (objects + 1,) * 3, has at three words' ranks in the alphabet (0 for none, in rising order) a bit for
    each place in which they are held out.
    """

    def __init__(self, tables: Tables, device: torch.device):
        words = [kind.word for kind in tables.objects]
        alphabet = sorted(words)
        ranks = [0, *(1 + alphabet.index(word) for word in words)]
        bits = held_out_bits(alphabet, [place.word for place in tables.places])
        everywhere = (1 << len(tables.places)) - 1
        if (bits == everywhere).any():
            raise ValueError("Some objects are held out in every place of these tables.")
        self._ranks = torch.tensor(ranks, device=device)
        self._bits = torch.from_numpy(bits).to(device)
        self._places = torch.arange(len(tables.places), device=device)

    def places(self, words: Tensor) -> Tensor:
        """Where scenes of some words, int64 (n, 3), 0 for none, are held out: bool (n, places)."""
        first, second, third = self._ranks[words].sort(1).values.unbind(1)
        return (self._bits[first, second, third][:, None] >> self._places & 1).bool()


def held_out_bits(words: list[str], places: list[str]) -> np.ndarray:
    """The table of HeldOut, of words in alphabetical order."""
    table = crc_table()
    size = len(words) + 1
    begun = np.full((size, size, size), 0xFFFFFFFF, np.uint32)
    rising = np.zeros((size, size, size), bool)
    for number, word in enumerate(words, 1):  # a composition's name is its words in order, then the place
        begun[0, 0, number] = extended(begun[0, 0, 0], f"{word} ", table)
        rising[0, 0, number] = True
    for number, word in enumerate(words, 1):
        before = slice(1, number + 1)
        begun[0, before, number] = extended(begun[0, 0, before], f"{word} ", table)
        rising[0, before, number] = True
    for number, word in enumerate(words, 1):
        before = slice(1, number + 1)
        begun[before, before, number] = extended(begun[0, before, before], f"{word} ", table)
        rising[before, before, number] = np.triu(np.ones((number, number), bool))
    bits = np.zeros((size, size, size), np.int32)
    names = begun[rising]
    for index, place in enumerate(places):
        checksums = extended(names, place, table) ^ 0xFFFFFFFF
        bits[rising] |= (checksums % HELD_OUT_SHARE == 0).astype(np.int32) << index
    return bits


def extended(states: np.ndarray, text: str, table: np.ndarray) -> np.ndarray:
    """CRC-32 registers after some more text."""
    for byte in text.encode():
        states = table[(states ^ byte) & 255] ^ (states >> 8)
    return states


def crc_table() -> np.ndarray:
    """What each byte does to a CRC-32 register (the polynomial of zlib)."""
    values = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        values = np.where(values & 1, values >> 1 ^ 0xEDB88320, values >> 1).astype(np.uint32)
    return values
