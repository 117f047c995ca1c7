"""What the library knows of a file or folder of weights."""

from dataclasses import dataclass
from enum import StrEnum

from editor_core.base.message import Message


class Kind(StrEnum):
    MODEL = "model"
    LORA = "lora"
    VAE = "vae"
    EMBEDDING = "embedding"
    """A textual inversion."""
    CONTROLNET = "controlnet"
    ADAPTER = "adapter"
    """A T2I-Adapter."""
    SEGMENTER = "segmenter"
    """A Segment Anything model."""
    UPSCALER = "upscaler"
    """A network that enlarges pictures."""
    OTHER = "other"
    """Weights that nothing here can use."""


@dataclass(frozen=True)
class Entry:
    path: str
    """Of the file or folder."""
    kind: Kind
    name: str
    family: str = ""
    """"SD 1.x", "SD 2.x" or "SDXL"; empty where the weights do not tell."""
    bytes: int = 0
    """Of all its weights."""
    thumbnail: str = ""
    """A picture's file beside it; empty where there is none."""
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    problem: Message | None = None
    """Why it cannot be used."""

    def matches(self, text: str) -> bool:
        """Whether every word of a search is in its name, path, family, tags or trigger words, capitals aside."""
        told = " ".join(
            (self.name, self.path, self.family, self.kind, *self.tags, *self.trigger_words)
        ).casefold()
        return all(word in told for word in text.casefold().split())
