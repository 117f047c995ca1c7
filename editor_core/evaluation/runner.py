"""A benchmark's run: one row a picture and method, written as soon as it is known; what is there already is kept."""

import csv
import json
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor_core import __version__
from editor_core.api import Editor, Project
from editor_core.api.methods import NEED_MASK
from editor_core.base.errors import EditorError
from editor_core.evaluation import judge as judging
from editor_core.evaluation import metrics
from editor_core.evaluation.chains import Chains, Way, made_by
from editor_core.evaluation.example import Example
from editor_core.evaluation.judge import Judge
from editor_core.evaluation.networks.registry import Networks
from editor_core.evaluation.report import write_report
from editor_core.evaluation.set_figures import SetFigures
from editor_core.evaluation.summary import by_kind, summary
from editor_core.pixels.opencv import cv2
from editor_core.project.image_io import over_white, read_image, read_mask, write_png
from editor_core.workflow.comparison import OURS

Pixels = NDArray[np.uint8]
ROWS, SETTINGS, SUMMARY, REPORT = "rows.csv", "settings.json", "summary.csv", "report.html"
KINDS = "kinds.csv"
MASKS = ("all", "needed", "none")
"""Who is given the set's mask: every method that takes one, those that cannot do without, or none."""
FIRST = ("id", "kind", "method", "seconds", "mask_given", "problem")
FIGURES = (
    "l1", "l2", "psnr", "ssim", "ms_ssim", "gmsd", "haarpsi", "background_psnr", "background_mse", "background_ssim",
    "c_m", "c_non", "c_ratio", "iou", "changed_outside", "ring", "sharpness",
)  # fmt: skip


@dataclass(frozen=True)
class Protocol:
    """How a benchmark is run."""

    name: str
    methods: tuple[str, ...]
    size: int
    """Pixels a side that pictures are brought to."""
    steps: int | None = None
    masks: str = "all"
    """One of MASKS."""
    at_most: dict[str, int] = field(default_factory=dict)
    """A method's name to how many of the examples it is run on, the first ones; slow methods are held back so."""
    multi_turn: bool = False
    """Whether an example that follows another begins with what the method made of that one."""
    models: dict[str, str] = field(default_factory=dict)
    variants: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """More names of methods: one of ours, with parameters of their own."""

    def way(self, name: str) -> Way:
        """What a name stands for."""
        method, parameters = self.variants.get(name, (name, {}))
        return Way(name, method, parameters)


class Run:
    """Runs examples and keeps what came of them in a folder."""

    def __init__(
        self,
        editor: Editor,
        protocol: Protocol,
        out: Path,
        networks: Networks | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._editor, self._protocol, self._out = editor, protocol, out
        self._networks, self._judge = networks or Networks(), judge
        self._chains = Chains(editor, out / "projects")
        self._sets = SetFigures(out / "features", self._networks.inception)
        verdict = judging.FIGURES if judge else ()
        self.columns = [*FIRST, *FIGURES, *verdict, *self._networks.columns]

    def begin(self, resume: bool) -> set[tuple[str, str]]:
        """Make the folder; what of it is done already. Raises EditorError where it is another run's."""
        metrics.check_installed()
        rows, settings = self._out / ROWS, self._out / SETTINGS
        told = {
            "protocol": asdict(self._protocol) | {"methods": list(self._protocol.methods)},
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
            "left_out": self._networks.left_out,
        }  # fmt: skip
        settings.write_text(json.dumps(told, indent=1), encoding="utf-8")
        with rows.open("w", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self.columns).writeheader()
        return set()

    def rows(self) -> list[dict[str, str]]:
        """What is done. A row that was cut off by whatever stopped the run is none, and is made anew."""
        with (self._out / ROWS).open(newline="", encoding="utf-8") as file:
            return [row for row in csv.DictReader(file) if None not in row.values()]

    def run(
        self, examples: Iterable[Example], done: set[tuple[str, str]], tell: Callable[[str], None]
    ) -> None:
        """Run what is not done. Raises JobCancelled; every row so far is then in its file."""
        for number, example in enumerate(examples):
            most = self._protocol.at_most
            wanted = [
                method
                for method in self._protocol.methods
                if (example.id, method) not in done and number < most.get(method, number + 1)
            ]
            if not wanted:
                continue
            tell(example.id)
            if self._protocol.multi_turn:
                for method in wanted:
                    self._link(example, method)
            else:
                self._example(example, wanted)

    def finish(self) -> list[dict[str, object]]:
        """Write the summaries and the page; the summary's lines."""
        rows, figures = self.rows(), self.columns[len(FIRST) :]
        lines = [line | self._sets.of(str(line["method"]), rows) for line in summary(rows, figures)]
        for name, told in ((SUMMARY, lines), (KINDS, by_kind(rows, figures))):
            with (self._out / name).open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(told[0]) if told else ["method"], restval="")
                writer.writeheader()
                writer.writerows(told)
        write_report(self._out / REPORT, self._protocol.name, figures, lines, rows)
        return lines

    def _example(self, example: Example, methods: Sequence[str]) -> None:
        """One picture by several methods."""
        try:
            project = self._project(example, example.before)
        except EditorError as error:
            for method in methods:
                self._keep(example, method, {"problem": str(error)})
            return
        write_png(self._file(example.id, "before"), project.current.image)
        if example.before is None:
            self._sets.keep_standard(example, lambda: self._made(example, example.words_after).current.image)
        for method in methods:
            self._row(example, project, method)

    def _link(self, example: Example, method: str) -> None:
        """One turn of a method's own chain; where it fails, the next one begins with the same picture."""
        ours = self._protocol.way(method).method in OURS
        project = self._chains.project(method, example.follows) if ours and example.follows else None
        try:
            before = self._file(example.follows, method) if example.follows else example.before
            project = project or self._project(example, before)
        except EditorError as error:
            self._keep(example, method, {"problem": str(error)})
            return
        write_png(self._file(example.id, f"{method}-before"), project.current.image)
        self._row(example, project, method, self._chains if ours else None)

    def _row(self, example: Example, project: Project, method: str, chains: Chains | None = None) -> None:
        before = project.current.image
        mask = None if example.mask is None else _mask(example.mask, before.shape[:2])
        given = mask if self._gets_mask(method) else None
        way = self._protocol.way(method)
        if chains:
            made = chains.turn(project, example, way, given)
        elif way.parameters:
            base = project.current
            made = made_by(self._editor, project, example, way, given)
            project.show(base)
        else:
            [made] = self._editor.compare(
                project, example.words_after, [method], mask=given, instruction=example.instruction,
                models=dict(self._protocol.models),
            )  # fmt: skip
        told: dict[str, object] = {"seconds": round(made.seconds, 3), "problem": made.problem}
        told["mask_given"] = given is not None
        if made.image is not None:
            told |= self._figures(example, before, made.image, mask)
            self._sets.keep(example, method, before, made.image)
            if chains:
                told["changed_outside"] = made.changed_outside
        if made.image is not None or self._protocol.multi_turn:
            write_png(self._file(example.id, method), before if made.image is None else made.image)
        self._keep(example, method, told)

    def _figures(
        self, example: Example, before: Pixels, made: Pixels, mask: Pixels | None
    ) -> dict[str, float]:
        after = (
            None if example.after is None else _sized(over_white(read_image(example.after)), before.shape[:2])
        )
        found = metrics.figures(before, made, mask, after)
        if self._judge is not None and example.expected is not None:
            found |= judging.verdict_on(self._judge, example.expected, before, made, mask)
        words = (example.words_before, example.words_after)
        found |= self._networks.figures(before, made, words, mask, after)
        return found

    def _gets_mask(self, method: str) -> bool:
        masks = self._protocol.masks
        return masks == "all" or (masks == "needed" and self._protocol.way(method).method in NEED_MASK)

    def _project(self, example: Example, picture: Path | None) -> Project:
        side, steps = self._protocol.size, self._protocol.steps
        if picture is None:
            return self._made(example, example.words_before)
        pixels = _sized(over_white(read_image(picture)), (side, side))
        return self._editor.open(pixels, example.words_before, seed=example.seed, steps=steps)

    def _made(self, example: Example, words: str) -> Project:
        side, steps = self._protocol.size, self._protocol.steps
        return self._editor.generate(words, width=side, height=side, seed=example.seed, steps=steps)

    def _keep(self, example: Example, method: str, told: dict[str, object]) -> None:
        row = {"id": example.id, "kind": example.kind, "method": method} | told
        with (self._out / ROWS).open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self.columns, extrasaction="ignore").writerow(row)

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
