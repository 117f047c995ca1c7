"""The model's tokenizer: byte-pair merges that make each known word one token and spell every other word."""

import itertools
import json
from collections import Counter
from pathlib import Path

from transformers import CLIPTokenizer

from captions import vocabulary
from tables import Tables

START, END = "<|startoftext|>", "<|endoftext|>"
MAX_LENGTH = 32


def byte_letters() -> list[str]:
    """The printable character that stands for each byte, as in GPT-2's byte-level byte-pair encoding."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(256 + index) for index in range(len(others))]


def merges_of(words: list[str]) -> list[tuple[str, str]]:
    """Byte-pair merges, most frequent pair first, until each of the words is one token."""
    spelled = [[*word[:-1], word[-1] + "</w>"] for word in words]
    merges = []
    while pairs := Counter(pair for letters in spelled for pair in itertools.pairwise(letters)):
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        spelled = [merged(letters, best) for letters in spelled]
    return merges


def merged(letters: list[str], pair: tuple[str, str]) -> list[str]:
    """The letters with each occurrence of a pair joined."""
    result: list[str] = []
    for letter in letters:
        if result and (result[-1], letter) == pair:
            result[-1] += letter
        else:
            result.append(letter)
    return result


def write_tokenizer(folder: Path, tables: Tables) -> CLIPTokenizer:
    """Write vocab.json, merges.txt and the tokenizer's configuration for a preset's words, and load them back."""
    merges = merges_of(vocabulary(tables))
    letters = byte_letters()
    tokens = [*letters, *(letter + "</w>" for letter in letters)]
    tokens += [
        token for token in dict.fromkeys(first + second for first, second in merges) if token not in tokens
    ]
    tokens += [START, END]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(tokens)}))
    lines = ["#version: 0.2", *(f"{first} {second}" for first, second in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n")
    tokenizer = CLIPTokenizer(
        str(folder / "vocab.json"),
        str(folder / "merges.txt"),
        unk_token=END,
        bos_token=START,
        eos_token=END,
        pad_token=END,
        model_max_length=MAX_LENGTH,
    )
    tokenizer.save_pretrained(folder)
    file = folder / "tokenizer.json"  # which is written with a line for each pair
    file.write_text(
        json.dumps(json.loads(file.read_text("utf-8")), ensure_ascii=False, separators=(",", ":")), "utf-8"
    )
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
