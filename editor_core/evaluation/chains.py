"""Edits that go on from a method's own result, turn after turn.

Our methods go on in one project, as an artist does, each turn on what those before it left behind; the others open
their picture anew and invert it. After every turn the project is in a file, so that a run can be stopped and go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from editor_core.api import Compared, Editor, Project
from editor_core.base.errors import EditorError, ProjectError
from editor_core.evaluation.example import Example
from editor_core.workflow.comparison import settings_of

Picture = np.ndarray


@dataclass(frozen=True)
class Way:
    """A method, under the name that its rows have; ours perhaps with parameters of their own."""

    name: str
    method: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def made_by(editor: Editor, project: Project, example: Example, way: Way, mask: Picture | None) -> Compared:
    """One of our methods' edit of a project's shown turn, which the new turn takes the place of."""
    before = project.current
    settings = settings_of(way.method, before.prompt, example.words_after) | dict(way.parameters)
    start = perf_counter()
    try:
        turn = editor.edit(project, example.words_after, way.method, settings, mask=mask)
    except EditorError as error:
        return Compared(way.name, None, perf_counter() - start, 0.0, None, str(error))
    differ = (turn.image != before.image).any(2)
    outside = None if turn.mask is None else int(differ[turn.mask == 0].sum())
    return Compared(way.name, turn.image, perf_counter() - start, float(differ.mean()), outside)


class Chains:
    """The projects of our methods, in a folder; each method's last one is also in memory."""

    def __init__(self, editor: Editor, folder: Path) -> None:
        self._editor, self._folder = editor, folder
        self._last: dict[str, tuple[str, Project]] = {}

    def project(self, method: str, before: str) -> Project | None:
        """Where a method's chain stands after an example; None where that is not known any more."""
        known, project = self._last.get(method, ("", None))
        if known == before and project is not None:
            return project
        try:
            return Project.load(self._file(method, before))
        except (OSError, ProjectError):
            return None

    def turn(self, project: Project, example: Example, way: Way, mask: Picture | None) -> Compared:
        """The next turn by one of our methods, kept in the chain; one that cannot be made leaves it as it is."""
        found = made_by(self._editor, project, example, way, mask)
        self._keep(way.name, example, project)
        return found

    def _keep(self, method: str, example: Example, project: Project) -> None:
        file = self._file(method, example.id)
        file.parent.mkdir(parents=True, exist_ok=True)
        project.save(file)
        self._last[method] = (example.id, project)
        if example.follows:
            self._file(method, example.follows).unlink(missing_ok=True)

    def _file(self, method: str, example: str) -> Path:
        return self._folder / f"{example} {method}.palimpsest"
