"""FID and CSFID of a run: features of every picture are kept beside its rows, and compared at the end.

The real pictures are the true ones where the set has them, else the ones before, as they were given to the methods; of
pictures made from words those that the model makes from the new words and the same seed, as in FISEdit.
CSFID takes a class's real pictures from those of the set that show it before.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from editor_core.evaluation.example import Example
from editor_core.evaluation.frechet import by_class, frechet
from editor_core.evaluation.networks.inception import Inception
from editor_core.project.image_io import over_white, read_image

CLASSES = "classes.csv"
_BEFORE, _AFTER = "before", "after"


class SetFigures:
    """Of one folder; without the network it does nothing."""

    def __init__(self, folder: Path, network: Inception | None) -> None:
        self._folder, self._network = folder, network

    def keep(self, example: Example, method: str, before: np.ndarray, result: np.ndarray) -> None:
        """The features of a result, and once of the example's own pictures."""
        if self._network is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._file(example.id, _BEFORE).exists():
            np.save(self._file(example.id, _BEFORE), self._network.features(before))
            if example.after is not None:
                true = over_white(read_image(example.after))
                np.save(self._file(example.id, _AFTER), self._network.features(true))
            with (self._folder / CLASSES).open("a", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow([example.id, example.shows, example.wanted])
        np.save(self._file(example.id, method), self._network.features(result))

    def keep_standard(self, example: Example, make: Callable[[], np.ndarray]) -> None:
        """Where pictures are made from words: the one that the new words give takes the true one's place (FISEdit)."""
        if self._network is not None and not self._file(example.id, _AFTER).exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(self._file(example.id, _AFTER), self._network.features(make()))

    def of(self, method: str, rows: Sequence[Mapping[str, str]]) -> dict[str, object]:
        """fid, fid_pictures; csfid, csfid_classes where the set has classes; empty without the network."""
        if self._network is None:
            return {}
        files = {row["id"]: self._file(row["id"], method) for row in rows if row["method"] == method}
        made = {example: np.load(file) for example, file in files.items() if file.exists()}
        real = [np.load(self._real(each)) for each in made]
        found: dict[str, object] = {
            "fid": frechet(np.stack(list(made.values())), np.stack(real)) if made else float("nan"),
            "fid_pictures": len(made),
        }
        classes = self._classes()
        if any(classes.values()):
            shown: dict[str, list[np.ndarray]] = {}
            for each, (shows, _) in classes.items():
                shown.setdefault(shows, []).append(np.load(self._file(each, _BEFORE)))
            own = [(classes[each][1], features) for each, features in made.items() if each in classes]
            value, count = by_class(own, shown)
            found |= {"csfid": value, "csfid_classes": count}
        return found

    def _classes(self) -> dict[str, tuple[str, str]]:
        """By example, what it shows before and should show; empty where the set has no classes."""
        file = self._folder / CLASSES
        if not file.exists():
            return {}
        with file.open(newline="", encoding="utf-8") as told:
            return {each: (shows, wanted) for each, shows, wanted in csv.reader(told) if shows and wanted}

    def _real(self, example: str) -> Path:
        true = self._file(example, _AFTER)
        return true if true.exists() else self._file(example, _BEFORE)

    def _file(self, example: str, name: str) -> Path:
        return self._folder / f"{example} {name}.npy"
