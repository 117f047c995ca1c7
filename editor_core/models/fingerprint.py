"""A stable name for a model's weights and configurations, quick even for gigabytes.

Turns and kept activations are only valid for the model that made them, so they carry this name. It digests
the configurations and the tokenizer in full, each safetensors header in full (names, shapes, types), and of
every tensor its first bytes and bytes from its middle. Training or merging changes nearly all numbers of a
tensor it touches, so two models that differ anywhere get different names; only a deliberate change of a few
numbers could go unseen. The place and the name of the folder or file do not count, nor does the file the program adds
(`palimpsest.json`).
"""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

from editor_core.models.layout import ModelLayout
from editor_core.models.weight_files import read_safetensors_header

SAMPLE = 64  # bytes at each looked-at place of a tensor


def fingerprint(layout: ModelLayout) -> str:
    """32 hex digits. Raises ModelError when a file cannot be read."""
    digest = blake2b(digest_size=16)
    read: set[Path] = set()
    for part in sorted(layout.configs):
        digest.update(_canonical(layout.configs[part]))
        for file in layout.weights[part].parts:
            if file not in read:  # a file may hold several networks
                digest_weights(digest, file)
            read.add(file)
    digest.update(_canonical(_schedule(layout)))
    if layout.zero_for_no_words:
        digest.update(b"zero for no words")
    if layout.tokenizer_options:  # a known vocabulary, whichever folder it was found in
        digest.update(_canonical(layout.tokenizer_options))
        return digest.hexdigest()
    for part in ("tokenizer", "tokenizer_2"):
        for file in sorted(layout.folders[part].iterdir()) if part in layout.folders else ():
            if file.is_file():
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _schedule(layout: ModelLayout) -> dict[str, Any]:
    """Without what is new since models were first named, where it says nothing: they keep their names."""
    values = dict(vars(layout.schedule))
    if not values["rescale_betas_zero_snr"]:
        del values["rescale_betas_zero_snr"]
    return values


def _canonical(config: Any) -> bytes:
    """Configuration as bytes, without the keys that saving adds and that change no number."""
    kept = {key: value for key, value in config.items() if not key.startswith("_") or key == "_class_name"}
    return json.dumps(kept, sort_keys=True).encode()


def digest_weights(digest: blake2b, file: Path) -> None:
    header, data_begin = read_safetensors_header(file)
    digest.update(json.dumps(header, sort_keys=True).encode())
    with file.open("rb") as stream:
        for name in sorted(header.keys() - {"__metadata__"}):
            begin, end = header[name]["data_offsets"]
            for place in (begin, (begin + end) // 2):
                stream.seek(data_begin + place)
                digest.update(stream.read(min(SAMPLE, end - place)))
