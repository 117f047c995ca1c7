"""Edits that go on from a method's own result, turn after turn.

Our methods go on in one project, as an artist does, each turn on what those before it left behind; the others open
their picture anew and invert it. After every turn the project is in a file, so that a run can be stopped and go on.
"""

from pathlib import Path
from time import perf_counter

from editor_core.api import Compared, Editor, Project
from editor_core.base.errors import EditorError, ProjectError
from editor_core.evaluation.example import Example
from editor_core.workflow.comparison import settings_of


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

    def turn(self, project: Project, example: Example, method: str, mask: object) -> Compared:
        """The next turn by one of our methods, kept in the chain; one that cannot be made leaves it as it is."""
        before = project.current
        settings = settings_of(method, before.prompt, example.words_after)
        start = perf_counter()
        try:
            turn = self._editor.edit(project, example.words_after, method, settings, mask=mask)  # type: ignore[arg-type]
        except EditorError as error:
            found = Compared(method, None, perf_counter() - start, 0.0, None, str(error))
        else:
            differ = (turn.image != before.image).any(2)
            told = None if turn.mask is None else int(differ[turn.mask == 0].sum())
            found = Compared(method, turn.image, perf_counter() - start, float(differ.mean()), told)
        self._keep(method, example, project)
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
