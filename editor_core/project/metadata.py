"""What an exported picture says about how it was made.

Three places, by convention of other programs: the ``parameters`` line of Automatic1111's web UI (the last turn), a
JSON object of our own (the whole chain of turns; in formats without texts the last one, within XMP), and IPTC's digital
source type as XMP.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import PurePath

from editor_core import __version__
from editor_core.base.sampler_table import SAMPLER_LABELS
from editor_core.document.notes import NO_NOTES, PictureNotes
from editor_core.document.turns import Turn
from editor_core.project.xmp import merged

EDIT_KEYWORD = "palimpsest:edit"
EDIT_TAG = "palimpsest:Edit"
"""In XMP."""
_NAMESPACE = "urn:palimpsest:edit:1"
_MAX_XMP = 60_000  # bytes: a JPEG's segment holds 65,533
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_BY_HAND = ("open", "paint")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HEXADECIMAL = re.compile(r"[0-9a-f]{10,}")


@dataclass(frozen=True)
class Provenance:
    """The texts to be written into a picture; an empty one is left out."""

    parameters: str = ""
    edit: str = ""
    source_type: str = ""
    """IPTC's term; empty for a picture that no model has touched."""
    last_edit: str = ""
    """As ``edit``, of the last turn alone."""
    notes: PictureNotes = NO_NOTES
    """What the file said that the picture was opened from."""
    turns: tuple[Turn, ...] = ()
    """What led to the picture, for a signed manifest of it."""

    @property
    def xmp(self) -> str:
        """An XMP packet with the source type and what was said before; empty without either."""
        return merged(self.notes.xmp, _description(self.source_type))

    @property
    def xmp_with_edit(self) -> str:
        """The same with the last turn, for formats that have no texts of their own; as far as it fits."""
        both = merged(self.notes.xmp, _description(self.source_type, self.last_edit))
        own = merged(b"", _description(self.source_type, self.last_edit))
        packets = (both, self.xmp, own, merged(b"", _description(self.source_type)))
        return next((packet for packet in packets if len(packet.encode()) <= _MAX_XMP), "")

    def without_words(self) -> "Provenance":
        """Only where the picture comes from, nothing of how it was asked for."""
        return Provenance(source_type=self.source_type, notes=self.notes, turns=self.turns)

    def without_notes(self) -> "Provenance":
        """Nothing of the camera, the place and the author that the opened file told; resolution and colours stay."""
        return replace(self, notes=replace(self.notes, exif=b"", xmp=b""))


def provenance(chain: Sequence[Turn], painted: bool = False) -> Provenance:
    """The texts for the picture of the last turn of ``chain``, which runs from a first turn to it.

    painted: whether somebody painted on that picture since.
    """
    if not chain:
        return Provenance()
    return Provenance(
        parameters_line(chain[-1]),
        edit_json(chain),
        source_type(chain, painted),
        edit_json(chain[-1:]),
        turns=tuple(chain),
    )


def parameters_line(turn: Turn) -> str:
    """The turn in Automatic1111's notation, in the subset that all known readers understand.

    Those readers want a prompt that is not empty, ``Steps`` first, ``Sampler`` present and no comma or colon in
    values. Empty for a picture that was not sampled.
    """
    if turn.steps == 0:
        return ""
    values = {
        "Steps": str(turn.steps),
        "Sampler": SAMPLER_LABELS.get(turn.sampler, _plain(turn.sampler)) or "DDIM",
        "CFG scale": f"{turn.guidance:g}",
        "Seed": str(turn.seed),
        "Size": f"{turn.width}x{turn.height}",
        "Model hash": _short_hash(turn.fingerprint),
        "Model": _plain(turn.model),
        "VAE": _plain(PurePath(turn.vae).name),
        "Clip skip": str(turn.clip_skip) if turn.clip_skip > 1 else "",
        "Edit": "" if turn.parent is None else _plain(turn.method),
        "Version": f"Palimpsest {__version__}",
    }
    tags = "".join(f" <lora:{_plain(lora.name)}:{lora.weight:g}>" for lora in turn.loras)
    lines = [(_user_text(turn.prompt) + tags).strip() or "-"]
    if negative := _user_text(turn.negative):
        lines.append(f"Negative prompt: {negative}")
    lines.append(", ".join(f"{key}: {value}" for key, value in values.items() if value))
    return "\n".join(lines)


def edit_json(chain: Sequence[Turn]) -> str:
    """The chain of turns as JSON: words, seeds and switches, no pixels."""
    names = (
        "id",
        "parent",
        "method",
        "prompt",
        "negative",
        "seed",
        "steps",
        "guidance",
        "sampler",
        "model",
        "fingerprint",
    )
    turns = [
        {name: getattr(turn, name) for name in names}
        | {
            "parameters": dict(turn.parameters),
            "loras": [{"name": lora.name, "weight": lora.weight} for lora in turn.loras],
        }
        for turn in chain
    ]
    return json.dumps({"format": 1, "application": f"Palimpsest {__version__}", "turns": turns})


def source_type(chain: Sequence[Turn], painted: bool = False) -> str:
    """IPTC's word for where the picture comes from; empty for a photograph that no model has touched.

    A model's alone, over as many turns as it took, or composed with what was opened or painted by hand.
    https://cv.iptc.org/newscodes/digitalsourcetype/
    """
    if all(turn.method in _BY_HAND for turn in chain):
        return ""
    opened = chain[0].method == "open"
    composed = painted or opened or any(turn.method == "paint" for turn in chain)
    return "compositeWithTrainedAlgorithmicMedia" if composed else "trainedAlgorithmicMedia"


def _description(source_type: str, edit: str = "") -> str:
    """Ours in an XMP packet; empty where there is nothing to say."""
    said = ""
    if source_type:
        said += f"<Iptc4xmpExt:DigitalSourceType>{_SOURCE_TYPES}{source_type}</Iptc4xmpExt:DigitalSourceType>"
    if edit:
        said += f"<{EDIT_TAG}>{escape(edit, quote=False)}</{EDIT_TAG}>"
    if not said:
        return ""
    return (
        '<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        f' xmlns:palimpsest="{_NAMESPACE}">{said}</rdf:Description>'
    )


def _user_text(text: str) -> str:
    """The artist's words, so that no reader takes part of them for a keyword."""
    text = text.encode("utf-8", "replace").decode()  # no file's encoding has half a surrogate pair
    lines = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip().split("\n")
    lines = [f" {line}" if line.startswith("Steps:") else line.rstrip() for line in lines]
    return re.sub("(?i)(negative prompt):", "\\1：", "\n".join(lines))  # a full-width colon


def _plain(value: str) -> str:
    """A value without the characters that separate values."""
    value = value.encode("utf-8", "replace").decode()
    return re.sub(r"\s+", " ", re.sub(r'[,:"\\]', " ", _CONTROL.sub("", value))).strip()


def _short_hash(fingerprint: str) -> str:
    """The first ten hexadecimal digits, if the fingerprint is a digest."""
    digest = fingerprint.rpartition(":")[2].lower()
    return digest[:10] if _HEXADECIMAL.fullmatch(digest) else ""
