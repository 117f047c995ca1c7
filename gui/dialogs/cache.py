"""What the cache holds of each project, and a way to clear it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from editor_core.base.errors import EditorError
from editor_core.messages.events import CacheInfo, CacheSpace, Finished
from editor_core.messages.requests import ReadCache
from editor_core.project.project_file import cache_spaces
from gui.look.theme import UNIT
from gui.texts.marks import as_tip
from gui.texts.numbers import byte_text
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel
from gui.worker.facade import EngineFacade

_SPACES = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Project:
    """A row: the spaces of one project's turns."""

    name: str
    spaces: frozenset[str]


def recent_projects(paths: Iterable[Path]) -> list[Project]:
    """The recent projects with the spaces they use; what cannot be read is left out."""
    found = []
    for path in paths:
        try:
            found.append(Project(path.name, cache_spaces(path)))
        except EditorError:
            continue
    return found


class CacheDialog(Dialog):
    """Asks the worker, so what is shown comes after the job that runs."""

    def __init__(self, facade: EngineFacade, projects: list[Project], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Cache"))
        self._facade = facade
        self._projects = projects
        self._info: CacheInfo | None = None
        self._job = -1
        self.total = PlainLabel(self.tr("Waiting for the current job to finish…"))
        self.total.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Cache contents"))
        self.tree.setHeaderLabels([self.tr("Project"), self.tr("Turns"), self.tr("Memory"), self.tr("Disk")])
        self.tree.setRootIsDecorated(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        hint = PlainLabel(
            self.tr(
                "Clearing the cache deletes no pictures. The next edit of a cleared project takes longer once, "
                "while its turns are recomputed."
            )
        )
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        self.clear_button = QPushButton(self.tr("Clear selected"))
        self.clear_all_button = QPushButton(self.tr("Clear all"))
        close = QPushButton(self.tr("Close"))
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        for button in (self.clear_button, self.clear_all_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(self.total)
        column.addWidget(self.tree, 1)
        column.addWidget(hint)
        column.addLayout(foot)
        self.resize(68 * UNIT, 52 * UNIT)
        self.tree.itemSelectionChanged.connect(self._refresh)
        self.clear_button.clicked.connect(self._clear_chosen)
        self.clear_all_button.clicked.connect(self._clear_all)
        close.clicked.connect(self.reject)
        facade.finished.connect(self._finished)
        self._refresh()
        self._read()

    def _read(self, drop: Iterable[str] = ()) -> None:
        self._job = self._facade.submit(ReadCache(tuple(drop)), "")

    def _finished(self, event: Finished) -> None:
        if event.job == self._job and isinstance(event.result, CacheInfo):
            self._info = event.result
            self._fill(event.result)

    def _fill(self, info: CacheInfo) -> None:
        self.total.setText(
            self.tr(
                "{memory} of {memory_limit} in memory, {disk} of {disk_limit} on disk in {folder}"
            ).format(
                memory=byte_text(info.memory_bytes),
                memory_limit=byte_text(info.memory_limit),
                disk=byte_text(info.disk_bytes),
                disk_limit=byte_text(info.disk_limit),
                folder=info.folder,
            )
        )
        self.tree.clear()
        held = {space.name: space for space in info.spaces}
        left = set(held)
        for project in self._projects:
            self._add(project.name, [held[name] for name in project.spaces & held.keys()])
            left -= project.spaces
        self._add(self.tr("Other or deleted projects"), [held[name] for name in sorted(left)])
        for column in (1, 2, 3):
            self.tree.resizeColumnToContents(column)
        self._refresh()

    def _add(self, name: str, spaces: list[CacheSpace]) -> None:
        if not spaces:
            return
        memory = byte_text(sum(space.memory_bytes for space in spaces))
        disk = byte_text(sum(space.disk_bytes for space in spaces))
        item = QTreeWidgetItem([name, str(len(spaces)), memory, disk])
        item.setData(0, _SPACES, [space.name for space in spaces])
        item.setToolTip(0, as_tip(name))
        self.tree.addTopLevelItem(item)

    def _clear_chosen(self) -> None:
        self._read(name for item in self.tree.selectedItems() for name in item.data(0, _SPACES))

    def _clear_all(self) -> None:
        if self._info is not None:
            self._read(space.name for space in self._info.spaces)

    def _refresh(self) -> None:
        self.clear_button.setEnabled(bool(self.tree.selectedItems()))
        self.clear_all_button.setEnabled(self.tree.topLevelItemCount() > 0)
