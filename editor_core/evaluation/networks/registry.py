"""The networks that lie in a folder, as one: what they say of a result, and what is left out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from editor_core.base.errors import ModelError
from editor_core.evaluation.networks.clip import Clip
from editor_core.evaluation.networks.dino import Dino
from editor_core.evaluation.networks.inception import Inception
from editor_core.evaluation.networks.lpips import Lpips

FOLDERS = {
    "clip": "CLIP similarity, direction and accuracy",
    "dino": "DINO and structure",
    "lpips": "LPIPS",
    "inception": "Inception (FID, CSFID)",
}
"""A folder's name to what its network is for."""


@dataclass(frozen=True)
class Networks:
    """What there is."""

    clip: Clip | None = None
    dino: Dino | None = None
    lpips: Lpips | None = None
    inception: Inception | None = None

    @staticmethod
    def of(folder: Path | None) -> "Networks":
        """Those in a folder, of those that are there. Raises ModelError for one that cannot be read, or none at all."""
        if folder is None:
            return Networks()
        there = [name for name in FOLDERS if (folder / name).is_dir()]
        if not there:
            raise ModelError(
                "The folder “{folder}” holds none of {names}.", folder=folder.name, names=tuple(FOLDERS)
            )
        return Networks(
            Clip(folder / "clip") if "clip" in there else None,
            Dino(folder / "dino") if "dino" in there else None,
            Lpips(folder / "lpips") if "lpips" in there else None,
            Inception(folder / "inception") if "inception" in there else None,
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The figures of one result."""
        return tuple(name for each in (self.clip, self.dino, self.lpips) if each for name in each.columns)

    @property
    def left_out(self) -> list[str]:
        """What no network is there for, in words."""
        return [what for name, what in FOLDERS.items() if getattr(self, name) is None]

    def figures(
        self,
        before: np.ndarray,
        result: np.ndarray,
        words: tuple[str, str],
        mask: np.ndarray | None,
        after: np.ndarray | None,
    ) -> dict[str, float]:
        """Of one result, by name. Pictures uint8 (H, W, 3), mask uint8 (H, W); words before and after."""
        found: dict[str, float] = {}
        if self.clip:
            found |= self.clip.figures(before, result, *words, mask)
        for each in (self.dino, self.lpips):
            if each:
                found |= each.figures(before, result, mask, after)
        return found
