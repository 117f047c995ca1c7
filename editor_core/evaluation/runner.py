"""A benchmark's run: one row a picture and method, written as soon as it is known; what is there already is kept."""

import csv
import json
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor_core import __version__
from editor_core.api import Editor, Project
from editor_core.base.errors import EditorError
from editor_core.evaluation import metrics
from editor_core.evaluation.clip import Clip
from editor_core.evaluation.example import Example
from editor_core.evaluation.report import write_report
from editor_core.evaluation.summary import summary
from editor_core.pixels.opencv import cv2
from editor_core.project.image_io import over_white, read_image, read_mask, write_png

Pixels = NDArray[np.uint8]
ROWS, SETTINGS, SUMMARY, REPORT = "rows.csv", "settings.json", "summary.csv", "report.html"
FIRST = ("id", "kind", "method", "seconds", "mask_given", "problem")
FIGURES = (
    "l1", "l2", "psnr", "ssim", "background_psnr", "background_mse", "background_ssim", "c_m", "c_non", "c_ratio",
    "iou", "changed_outside",
)  # fmt: skip
CLIP_FIGURES = ("clip", "clip_i", "clip_direction", "clip_accuracy", "clip_edited")


@dataclass(frozen=True)
class Protocol:
    """How a benchmark is run."""

    name: str
    methods: tuple[str, ...]
    size: int
    """Pixels a side that pictures are brought to."""
    steps: int | None = None
    give_mask: bool = True
    """Whether methods that take a mask get the set's."""
    multi_turn: bool = False
    """Whether an example that follows another begins with what the method made of that one."""
    models: dict[str, str] = field(default_factory=dict)


class Run:
    """Runs examples and keeps what came of them in a folder."""

    def __init__(self, editor: Editor, protocol: Protocol, out: Path, clip: Clip | None = None) -> None:
        self._editor, self._protocol, self._out, self._clip = editor, protocol, out, clip
        self.columns = [*FIRST, *FIGURES, *(CLIP_FIGURES if clip else ())]

    def begin(self, resume: bool) -> set[tuple[str, str]]:
        """Make the folder; what of it is done already. Raises EditorError where it is another run's."""
        rows, settings = self._out / ROWS, self._out / SETTINGS
        told = {
            "protocol": vars(self._protocol) | {"methods": list(self._protocol.methods)},
            "columns": self.columns,
        }
        if rows.exists() and not resume:
            raise EditorError(
                "{folder} holds a run already: continue it with --resume, or name another folder.",
                folder=str(self._out),
            )
        if rows.exists():
            before = json.loads(settings.read_text(encoding="utf-8"))
            if {name: before.get(name) for name in told} != json.loads(json.dumps(told)):
                raise EditorError(
                    "{folder} holds a run with other settings; name another folder.", folder=str(self._out)
                )
            return {(row["id"], row["method"]) for row in self.rows()}
        self._out.mkdir(parents=True, exist_ok=True)
        model = self._editor.model()
        versions = {
            name: metadata.version(name) for name in ("torch", "diffusers", "transformers", "torchmetrics")
        }
        told |= {
            "model": {"name": model.name, "fingerprint": model.fingerprint},
            "program": __version__, "versions": versions, "machine": platform.platform(),
            "left_out": [*metrics.LEFT_OUT, *([] if self._clip else ["CLIP: name its folder with --clip"])],
        }  # fmt: skip
        settings.write_text(json.dumps(told, indent=1), encoding="utf-8")
        with rows.open("w", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self.columns).writeheader()
        return set()

    def rows(self) -> list[dict[str, str]]:
        with (self._out / ROWS).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def run(
        self, examples: Iterable[Example], done: set[tuple[str, str]], tell: Callable[[str], None]
    ) -> None:
        """Run what is not done. Raises JobCancelled; every row so far is then in its file."""
        for example in examples:
            wanted = [method for method in self._protocol.methods if (example.id, method) not in done]
            if not wanted:
                continue
            tell(example.id)
            if self._protocol.multi_turn and example.follows:
                for method in wanted:
                    self._example(example, [method], self._picture_file(example.follows, method))
            else:
                self._example(example, wanted, example.before)

    def finish(self) -> list[dict[str, object]]:
        """Write the summary and the page; the summary's lines."""
        lines = summary(self.rows(), self.columns[len(FIRST) :])
        with (self._out / SUMMARY).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(lines[0]) if lines else ["method"])
            writer.writeheader()
            writer.writerows(lines)
        write_report(self._out / REPORT, self._protocol.name, self.columns[len(FIRST) :], lines, self.rows())
        return lines

    def _example(self, example: Example, methods: Sequence[str], picture: Path | None) -> None:
        try:
            project = self._project(example, picture)
        except EditorError as error:
            for method in methods:
                self._keep(example, method, {"problem": str(error)})
            return
        before = project.current.image
        mask = None if example.mask is None else _mask(example.mask, before.shape[:2])
        after = (
            None if example.after is None else _sized(over_white(read_image(example.after)), before.shape[:2])
        )
        write_png(self._file(example.id, "before"), before)
        given = mask if self._protocol.give_mask else None
        for each in self._editor.compare(
            project, example.words_after, methods, mask=given, instruction=example.instruction,
            models=dict(self._protocol.models),
        ):  # fmt: skip
            told: dict[str, object] = {"seconds": round(each.seconds, 3), "problem": each.problem}
            told["mask_given"] = given is not None
            if each.image is not None:
                write_png(self._picture_file(example.id, each.method), each.image)
                told |= metrics.figures(before, each.image, mask, after)
                if self._clip is not None:
                    told |= self._clip.figures(
                        before, each.image, example.words_before, example.words_after, mask
                    )
            self._keep(example, each.method, told)

    def _project(self, example: Example, picture: Path | None) -> Project:
        side, steps = self._protocol.size, self._protocol.steps
        if picture is None:
            return self._editor.generate(
                example.words_before, width=side, height=side, seed=example.seed, steps=steps
            )
        pixels = _sized(over_white(read_image(picture)), (side, side))
        return self._editor.open(pixels, example.words_before, seed=example.seed, steps=steps)

    def _keep(self, example: Example, method: str, told: dict[str, object]) -> None:
        row = {"id": example.id, "kind": example.kind, "method": method} | told
        with (self._out / ROWS).open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self.columns, extrasaction="ignore").writerow(row)

    def _picture_file(self, example: str, method: str) -> Path:
        return self._file(example, method)

    def _file(self, example: str, name: str) -> Path:
        folder = self._out / "pictures" / example
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.png"


def _sized(pixels: Pixels, size: tuple[int, ...]) -> Pixels:
    """Brought to (height, width) as the papers do: stretched."""
    height, width = size
    found: Pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return found


def _mask(mask: np.ndarray | Path, size: tuple[int, ...]) -> Pixels:
    height, width = size
    pixels = read_mask(mask) if isinstance(mask, Path) else mask
    found: Pixels = cv2.resize(
        (pixels > 0).astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
    )
    found *= 255
    return found
