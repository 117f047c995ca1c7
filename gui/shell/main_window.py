"""The main window: puts the parts together and connects them; decides nothing itself."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow

from editor_core.base.settings import Settings
from editor_core.messages.events import Failed, Finished, ModelInfo
from editor_core.messages.requests import Edit, Generate, OpenPicture, Upscale
from editor_core.workflow import mask_layers, sketch_layers, targets
from editor_core.workflow.proposal import REWORD
from gui.actions.actions import Actions
from gui.actions.shortcuts import Shortcuts
from gui.canvas.canvas import SECOND_KEYS
from gui.controllers.closing import Closing
from gui.controllers.drawing import Drawing
from gui.controllers.editing import Editing
from gui.controllers.exporting import Exporting
from gui.controllers.files import Files
from gui.controllers.incoming import Incoming
from gui.controllers.loras import PromptLoras
from gui.controllers.mask_finder import MaskFinder
from gui.controllers.masking import Masking
from gui.controllers.preferences import Preferences
from gui.controllers.project_model import ProjectModel
from gui.controllers.recovery import Recovery
from gui.controllers.result_choices import ResultChoices
from gui.controllers.selecting import Selecting
from gui.controllers.stage import Stage
from gui.controllers.toolbox import Toolbox
from gui.controllers.upscaling import Upscaling
from gui.controllers.watching import Watching
from gui.dialogs.about import AboutDialog, show_log_folder
from gui.dialogs.shortcuts import ShortcutsDialog
from gui.dialogs.taught_words import show_taught_words
from gui.docks.layers import LayersPanel
from gui.docks.mask_panel import MaskPanel
from gui.docks.prompt import PromptBar
from gui.docks.queue import QueuePanel
from gui.docks.tool_options import ToolOptions
from gui.docks.turn_delegate import note_of_result
from gui.docks.turns import TurnsPanel
from gui.look.theme import Theme
from gui.shell.asking import Asking
from gui.shell.canvas_work import CanvasWork
from gui.shell.compare import CompareView
from gui.shell.compare_methods import MethodsComparison
from gui.shell.menu_state import MenuState
from gui.shell.painting_parts import PaintedWith, PaintingParts
from gui.shell.panels import Panels
from gui.shell.recent_menu import RecentMenu
from gui.shell.status import StatusBar
from gui.shell.tabbing import Tabbing
from gui.shell.welcome import WelcomePage
from gui.shell.workspace import Workspace
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.tools.brushes import MaskBrush
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.jobs_vm import JobsVM
from gui.viewmodels.open_documents import OpenDocuments
from gui.widgets.dialog import FRAME
from gui.widgets.message_bar import MessageBar
from gui.widgets.result_bar import ResultBar
from gui.worker.background import spawn
from gui.worker.facade import EngineFacade, QueuePlace

FIRST_SIZE = QSize(1280, 800)
UNSEEN_MS = 1000  # a window that is not painted by then is minimised, or covered
MAKE_TURNS = (Edit, Generate, OpenPicture, Upscale)


class MainWindow(QMainWindow):
    """The shown picture, its history and the queue; other pictures wait in tabs.

    Signals:
        closed: The window is gone; the worker was asked to end. Main thread.
    """

    closed = Signal()

    def __init__(self, facade: EngineFacade, theme: Theme, chosen: Settings, safe: bool = False) -> None:
        """``safe``: as if nothing had been remembered, and remembering nothing."""
        super().__init__()
        self._may_close = False
        self._was_shown = False
        self._until_worker = QTimer(self, singleShot=True, interval=UNSEEN_MS)
        self._until_worker.timeout.connect(facade.start)
        self._loading: int | None = None  # the job that loads the model
        self.facade = facade
        self.theme = theme
        self.state = WindowState(self, safe)
        self.actions_table = Actions(self, theme)
        self.preferences = Preferences(self, facade, theme, self.state, chosen)
        self.document = DocumentVM(self)
        self.documents = OpenDocuments(self.document)
        self._seen = self.documents.current  # whose document was shown last
        self.shortcuts = Shortcuts(self.actions_table, self.state, self)
        self.jobs = JobsVM(facade, parent=self)
        self.jobs.running_changed.connect(self._name_queue)
        self.editing = Editing(facade, self.document, self)
        self.upscaling = Upscaling(self, self.actions_table, self.editing, self.preferences)
        self.result_choices = ResultChoices(self.actions_table, self.editing, self.state, self)
        self.project_model = ProjectModel(self, facade, self.document, self.preferences)
        self.files = Files(self, theme, self.document, self.documents, self.state)
        self.closing = Closing(self, self.document, self.documents, self.files)
        self.watching = Watching(self, self.documents, self.files)
        self.exporting = Exporting(self, self.document, self.files, self.state)
        self.incoming = Incoming(self, self.actions_table, self.document, self.files)
        self.recovery = Recovery(self, self.document, self.documents, chosen.autosave_minutes)
        self.drawing = Drawing(self, theme, self.actions_table, self.document, self.editing)
        self._build_parts()
        self._build_window()
        self.menu_state = MenuState(
            self, self.actions_table, self.document, self.files, self.canvas, self.toolbox
        )
        self._connect_document()
        self._connect_problems()
        self._connect_editing()
        self._connect_tools()
        self._connect_actions()
        self._show_state()
        self.fit_into(self.screen().availableSize())

    # -- building -------------------------------------------------------------------------------------------------

    def _build_parts(self) -> None:
        theme, actions, document, facade = self.theme, self.actions_table, self.document, self.facade
        self.stage = Stage(theme, document, self.editing, self)
        self.canvas = self.stage.canvas
        self.canvas.second_keys = SECOND_KEYS[self.state.second_keys]
        self.toolbox = Toolbox(actions, document, self.state, self)
        self.selecting = Selecting(self, actions, document, self.toolbox)
        self.canvas_work = CanvasWork(
            self, theme, actions, self.stage, self.toolbox, self.files, self.editing
        )
        self.options = ToolOptions(theme, actions, self.toolbox.settings)
        self.tabbing = Tabbing(self, theme, actions, document, self.documents, self.closing)
        self.welcome = WelcomePage(theme, self.state)
        self.messages = MessageBar(theme)
        self.result_bar = ResultBar(theme, actions["apply"], actions["discard"])
        self.prompt = PromptBar(theme, document)
        self.turns = TurnsPanel(theme, document)
        self.layers = LayersPanel(theme, document, actions)
        self.queue = QueuePanel(theme, self.jobs)
        self.status = StatusBar(theme, self.jobs, actions["cancel"])
        self.loras = PromptLoras(
            self.preferences, lambda: self.prompt.edit.words, self.prompt.use_words, self
        )
        self.finder = MaskFinder(facade, document, self.editing, self)
        self.asking = Asking(self.prompt, document, self.editing, self.finder, self)
        self.mask_panel = MaskPanel(theme)
        self.masking = Masking(self, document, self.finder, self.mask_panel, self.stage)
        self.masking.use_settings(self.preferences.settings)
        self.compare = CompareView(theme, document, self.editing)
        self.comparing = MethodsComparison(self, theme, actions, facade, document, self.editing, self.prompt)
        self.panels = Panels(self, theme, actions, self.toolbox.colours)
        with_what = PaintedWith(facade, document, self.editing, self.toolbox, self.state, self.stage)
        self.painting = PaintingParts(self, theme, actions, with_what, self.options, self.panels)
        self.live = self.painting.live
        self.workspace = Workspace(
            self.tabbing.row, self.options, self.stage.ruled, self.welcome, self.messages, self.result_bar,
            self.prompt, self.compare,
        )  # fmt: skip

        self.workspace.hold_live(self.live.bar)

    def _build_window(self) -> None:
        self.setObjectName("main")
        self.setAcceptDrops(True)
        self.setCentralWidget(self.workspace)
        self.setStatusBar(self.status)
        self.menus = self.actions_table.fill(self.menuBar())
        self.panels.fill(self.turns, self.layers, self.queue, self.mask_panel, *self.painting.docked)
        self.menus["panels"].addActions([dock.toggleViewAction() for dock in self.panels.docks])
        self.menus["panels"].addAction(self.panels.tool_bar.toggleViewAction())
        RecentMenu(self.menus["recent"], self.state, self._open_recent)

    # -- connecting -----------------------------------------------------------------------------------------------

    def _connect_document(self) -> None:
        document = self.document
        document.replaced.connect(self._show_state)
        document.replaced.connect(self._document_replaced)
        document.layers_changed.connect(self._show_mask_state)
        document.mask_changed.connect(self._show_mask_state)
        document.selection_changed.connect(self._show_mask_state)
        document.current_changed.connect(self._show_state)
        document.problem.connect(self.messages.show_notice)
        document.working_changed.connect(self._show_working)
        self.files.picture_described.connect(self.asking.analyse)
        self.asking.notice.connect(self.messages.show_notice)
        document.forgotten.connect(self._tell_forgotten)
        self.files.saved.connect(lambda: self.status.show_notice(self.tr("Saved.")))
        self.exporting.done.connect(self.status.show_notice)
        self.incoming.notice.connect(self.messages.show_notice)
        self.canvas_work.extended.connect(self.prompt.focus)
        self.preferences.changed.connect(self._settings_changed)
        self.preferences.loading.connect(self._model_is_loading)
        self.messages.way_out_asked.connect(self.preferences.work_here)
        self.messages.way_out_asked.connect(self.editing.ask_again)

        self.tabbing.follow(self.editing, self.jobs)
        self.tabbing.several_changed.connect(self.workspace.show_tabs)
        self.tabbing.empty_asked.connect(self.prompt.focus)
        self.queue.document_asked.connect(self.tabbing.show_document_of)
        self.documents.closed.connect(self.comparing.comparing.let_go)

    def _connect_problems(self) -> None:
        """What goes wrong is said until the same kind of work succeeds."""
        working = (
            self.files, self.watching, self.exporting, self.incoming, self.recovery, self.preferences, self.loras,
            self.editing, self.masking, self.drawing, self.painting.colouring, self.painting.brushes,
        )  # fmt: skip
        for part in working:
            part.problem.connect(partial(self.messages.tell, part))
        self.files.saved.connect(partial(self.messages.tell, self.watching, ""))
        self.facade.finished.connect(lambda event: self.messages.tell(self._work_of(event.job), ""))
        self.facade.failed.connect(self._job_failed)

    def _connect_results(self) -> None:
        self.result_bar.browsed.connect(self.editing.browse)
        self.result_bar.held.connect(self.stage.show_before)
        self.result_bar.discarded.connect(self.editing.discard_waiting)
        self.result_bar.other_asked.connect(self.editing.try_other_way)

    def _connect_editing(self) -> None:
        self.prompt.may_ask = self.loras.take
        self.prompt.form.few_steps_asked.connect(self.loras.use_few_steps)
        self.loras.notice.connect(self.status.show_notice)
        self.loras.problem.connect(self.prompt.form.show_few_steps)
        self.incoming.model.connect(self.preferences.add_model)
        for asked in (self.prompt.generate_asked, self.prompt.edit_asked, self.prompt.read_asked):
            asked.connect(lambda *_: self.canvas.setFocus())  # the next keys are the tools'
        self.editing.running_changed.connect(self._show_state)
        self.editing.candidates_changed.connect(self._show_candidate)
        self.prompt.edit.textChanged.connect(lambda: self.finder.set_words(self.prompt.edit.words))
        self.prompt.method_changed.connect(self.finder.set_method)
        self.finder.set_method(self.prompt.methods.method)
        self.finder.reword_parameters = lambda: self.prompt.method_form.parameters(REWORD)
        self.prompt.edit.word_hovered.connect(self.masking.point_at)
        self.masking.settings_changed.connect(self.preferences.change)
        self.facade.finished.connect(self._model_loaded)
        self.facade.cache_used.connect(lambda event: self.status.show_cache(event.info))
        self.facade.notice.connect(lambda event: self.status.show_notice(message_text(event.message)))
        self.queue.cancel_asked.connect(self.facade.cancel)
        self.queue.cancel_all_asked.connect(self.facade.cancel_all)
        self.live.told = lambda: self.prompt.told
        self.live.changed.connect(self._show_candidate)
        self.prompt.edit.textChanged.connect(self.live.words_changed)
        self._connect_results()
        self.turns.reuse_wanted.connect(self.asking.reuse)
        self.turns.continue_wanted.connect(self.prompt.focus)
        self.turns.compare_wanted.connect(self.compare.compare_turns)
        self.compare.opened.connect(lambda: self._show_comparison(True))
        self.compare.closed.connect(lambda: self._show_comparison(False))
        self.layers.chosen.connect(self.toolbox.choose_layer)
        self.toolbox.painted.connect(self.layers.choose)
        for controller in (self.incoming, self.canvas_work):
            controller.added.connect(self.layers.choose)
        self.layers.chosen.connect(self._show_mask_state)
        self.welcome.sentence_chosen.connect(self.asking.run_sentence)
        self.welcome.open_asked.connect(lambda: spawn(self.files.choose_and_open()))
        self.welcome.file_chosen.connect(self._open_recent)

    def _connect_tools(self) -> None:
        self.painting.objects.notice.connect(self.status.show_notice)
        self.toolbox.changed.connect(self._show_tool)
        self.toolbox.marks_changed.connect(self.canvas.tool_acted)
        self.options.left.connect(self._focus_canvas)
        self.options.overlay_opacity.connect(self.stage.set_overlay_opacity)
        self.canvas.resize_brush.connect(self.toolbox.resize)
        self.canvas.refused.connect(self._explain_lock)
        self.canvas.viewport_changed.connect(lambda: self.status.show_zoom(self.canvas.viewport))
        self.status.zoom.clicked.connect(self.canvas.fit)
        self._show_tool()

    def _connect_actions(self) -> None:
        actions = self.actions_table
        slots = {
            "open": lambda: spawn(self.files.choose_and_open()),
            "save": lambda: spawn(self.files.save()),
            "save_as": lambda: spawn(self.files.save_as()),
            "save_copy": lambda: spawn(self.exporting.save_copy()),
            "export": lambda: spawn(self.exporting.export()),
            "settings": self.preferences.show_settings,
            "models": self.preferences.show_models,
            "cache": lambda: self.preferences.show_cache(self.document, self.files.path, self.files.name),
            "quit": self.close,
            "undo": self._undo,
            "redo": self.document.redo,
            "fit": self.canvas.fit,
            "actual_size": self.canvas.show_actual_size,
            "zoom_in": self.canvas.zoom_in,
            "zoom_out": self.canvas.zoom_out,
            "rotate_left": lambda: self.canvas.rotate(-1),
            "rotate_right": lambda: self.canvas.rotate(1),
            "mirror_view": self.canvas.mirror,
            "straighten_view": self.canvas.straighten,
            "reset_layout": self.panels.reset,
            "run": self.prompt.run,
            "generate": self.prompt.generate,
            "apply": self._apply,
            "run_next": lambda: self.prompt.run(QueuePlace.FRONT),
            "run_instead": lambda: self.prompt.run(QueuePlace.REPLACE),
            "discard": self._discard,
            "next_result": lambda: self.editing.browse(1),
            "previous_result": lambda: self.editing.browse(-1),
            "cancel": self.facade.cancel_running,
            "cancel_all": self.facade.cancel_all,
            "focus_prompt": self._focus_prompt,
            "turn_up": lambda: self.turns.go(-1),
            "turn_down": lambda: self.turns.go(1),
            "compare": self._toggle_comparison,
            "seek": self.turns.seek,
            "star": self.turns.star_shown,
            "rename": self._rename,
            "delete": self.turns.delete_shown,
            "taught_words": lambda: show_taught_words(self.prompt.model, self.prompt.edit.add_words, self),
            "shortcuts": self._show_shortcuts,
            "show_logs": show_log_folder,
            "about": lambda: AboutDialog(self).open(),
        }
        for name, slot in slots.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        actions["toggle_overlay"].setChecked(True)
        actions["toggle_overlay"].toggled.connect(self.stage.show_overlay)
        actions["show_changes"].toggled.connect(self.stage.show_changes)
        actions["canvas_only"].toggled.connect(self._show_canvas_only)
        self.prompt.methods.queue_actions = (actions["run_next"], actions["run_instead"])
        self.editing.may_show = lambda: self.state.show_results and not self.canvas.occupied
        actions[f"theme_{self.theme.choice}"].setChecked(True)
        actions.group("theme").triggered.connect(
            lambda action: self.preferences.choose_theme(action.objectName()[6:])
        )

    # -- the life of the window -----------------------------------------------------------------------------------

    def begin(self, path: Path | None = None) -> None:
        """Show the window as it was left, start the worker behind it, open a file or offer lost work."""
        self.restoreGeometry(self.state.geometry)
        self.panels.bring_back(self.state.layout)
        self.show()
        self._until_worker.start()
        self.preferences.load_model()
        self.opening = spawn(self._open_first(path))  # done once that is open

    def fit_into(self, screen: QSize) -> None:
        """As large as at the first start, or as a small screen allows."""
        layout = self.layout()
        assert layout is not None
        layout.invalidate()  # else the parts would ask for the room they had before they were laid out
        layout.activate()
        self.resize(FIRST_SIZE.boundedTo(screen - FRAME))

    async def _open_first(self, path: Path | None) -> None:
        await self.recovery.offer()
        if path is not None:
            await self.files.open(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes first; then go at once, without waiting for the worker."""
        self.canvas.finish_stroke()
        self.document.settling.emit()
        if not self._may_close and (self.document.working or any(each.dirty for each in self.documents)):
            event.ignore()
            spawn(self._ask_and_close())
            return
        self._until_worker.stop()
        self.actions_table["canvas_only"].setChecked(False)
        self.state.remember_window(self.saveGeometry(), self.panels.layout)
        self.toolbox.remember()
        self.recovery.stop()
        self.watching.stop()
        self.stage.rest()
        self.preferences.rest()
        self.facade.close()
        event.accept()
        self.closed.emit()

    async def _ask_and_close(self) -> None:
        if await self.closing.may_close(list(self.documents)):
            self._may_close = True
            self.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.prompt.focus()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._until_worker.isActive():  # its libraries would hold up the first paint
            self._until_worker.start(0)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.incoming.accepts(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        spot = self.mapToGlobal(event.position().toPoint())
        self.incoming.take_drop(event.mimeData(), spot, self.canvas.place_at(spot))

    # -- what the artist asks -------------------------------------------------------------------------------------

    def _apply(self) -> None:
        """Enter: look at what waits, then apply it."""
        if self.editing.waiting:
            self.editing.look()
        elif self.editing.candidate is not None:
            self.editing.apply()
            self.stage.let_mask_rest()
        elif self.live.has_results:
            self.live.apply()
        self._focus_canvas()

    def _undo(self) -> None:
        """What the tool has in hand first, then the document's last step."""
        if not self.canvas.undo():
            self.document.undo()

    def _focus_canvas(self) -> None:
        if self.document.document is not None:
            self.canvas.setFocus()

    def _document_replaced(self) -> None:
        """Another document is shown: keys are for it, unless its first picture came by itself while one types."""
        came = self._seen is self.documents.current
        self._seen = self.documents.current
        self.messages.hide()  # what it says is of another document
        if self.document.document is None:  # a sentence begins the next one
            self.prompt.focus()
        elif not (came and self.prompt.edit.hasFocus()):
            self._focus_canvas()

    def _focus_prompt(self) -> None:
        self.actions_table["canvas_only"].setChecked(False)
        self.prompt.focus()

    def _show_canvas_only(self, only: bool) -> None:
        """Nothing but the picture, as large as it fits."""
        self.panels.show_canvas_only(only)
        self.workspace.show_canvas_only(only)
        for bar in (self.menuBar(), self.statusBar()):
            bar.setVisible(not only)
        self.canvas.fit()
        self._focus_canvas()

    def _tell_forgotten(self) -> None:
        self.status.show_notice(
            self.tr("The oldest steps can no longer be undone: they took too much memory.")
        )

    def _open_recent(self, path: Path) -> None:
        spawn(self.files.open(path))

    def _show_comparison(self, shown: bool) -> None:
        self.workspace.show_comparison(shown)
        self._show_candidate()

    def _toggle_comparison(self) -> None:
        if self.workspace.comparing:
            self._show_comparison(False)
        else:
            self.compare.compare_shown()

    def _discard(self) -> None:
        """Escape: leave the comparison, stop working on a large picture, let the result go, or stop what runs."""
        if self.workspace.comparing:
            self._show_comparison(False)
        elif self.document.working:
            self.document.stop_working()
        elif self.editing.candidate is not None:
            self.editing.discard()
            self._focus_canvas()
        elif self.live.has_results and not self.editing.busy:
            self.live.keep_paint()
        else:
            self.editing.cancel()

    def _show_shortcuts(self) -> None:
        dialog = ShortcutsDialog(self.shortcuts, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _rename(self) -> None:
        """The chosen layer while the layers have the keyboard, else the turn."""
        if self.layers.list.hasFocus():
            self.layers.rename()
        else:
            self.turns.rename_shown()

    def _settings_changed(self) -> None:
        """Menus and masks follow what was chosen in the dialogs, too."""
        self.actions_table[f"theme_{self.theme.choice}"].setChecked(True)
        self.result_choices.refresh()
        self.canvas.second_keys = SECOND_KEYS[self.state.second_keys]
        self.recovery.set_minutes(self.preferences.settings.autosave_minutes)
        self.masking.use_settings(self.preferences.settings)

    def _explain_lock(self) -> None:
        if self.editing.candidate is not None:
            self.status.show_notice(self.tr("Apply or discard the result first, then paint."))

    # -- what the worker tells ------------------------------------------------------------------------------------

    def _model_is_loading(self, job: int) -> None:
        self._loading = job

    def _model_loaded(self, event: Finished) -> None:
        if isinstance(event.result, ModelInfo):
            self.status.show_model(event.result, self.preferences.settings.compute_address)
            self.prompt.set_model(event.result)
            self.canvas_work.set_model(event.result)
            self.welcome.set_sentences(event.result.example_prompts)

    def _job_failed(self, event: Failed) -> None:
        silent = (self.finder, self.live, self.painting.objects, self.comparing)
        if any(each.owns(event.job) for each in silent):
            return
        way_out = self.tr("Work here instead") if event.elsewhere else ""
        sentence = message_text(event.message)
        if name := self.tabbing.elsewhere(event.job):
            sentence = f"{name}: {sentence}"
        self.messages.show_problem(sentence, event.details, way_out, self._work_of(event.job))
        if event.job == self._loading:
            self.welcome.show_no_model()

    def _work_of(self, job: int) -> object:
        """What kind of work a job is: whatever makes turns of the same document is one."""
        kind = self.facade.kind_of(job)
        return (Edit, self.jobs.opened_for(job)) if kind in MAKE_TURNS else kind

    # -- showing --------------------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        """What can be done now."""
        shows_picture = self.document.document is not None or self.editing.beginning is not None
        self.workspace.show_canvas(shows_picture)
        self.status.zoom.setVisible(shows_picture)
        self._show_mask_state()
        self._show_candidate()

    def _show_mask_state(self) -> None:
        document = self.document.document
        masked = mask_layers.has_mask(document) or (document is not None and document.selection is not None)
        region = targets.chosen_region(document, self.editing.chosen_layer)
        self.prompt.set_masked(masked)
        self.prompt.set_region(region)
        self.stage.limit_found(masked or region is not None)
        self.prompt.set_sketched(sketch_layers.has_sketch(self.document.document))

    def _show_candidate(self) -> None:
        candidate, actions = self.editing.candidate, self.actions_table
        position, pictures = self.editing.position, self.editing.pictures
        refined = self.live.has_results
        actions["apply"].setEnabled(candidate is not None or refined)
        can_stop = self.editing.busy or self.workspace.comparing or self.document.working
        actions["discard"].setEnabled(candidate is not None or can_stop or refined)
        for name in ("next_result", "previous_result"):
            actions[name].setEnabled(len(pictures) > 1)
        if self.editing.waiting:
            actions["apply"].setEnabled(True)
            self.result_bar.show_waiting(self.editing.waiting)
        elif candidate is None:
            self.result_bar.hide()
        else:
            note = note_of_result(candidate.result, self.editing.base_of(candidate))
            self.result_bar.show_result(note, position[0] - 1, pictures, self.editing.other_way)

    def _show_working(self) -> None:
        """A large picture takes its time."""
        self.status.show_working(self.document.working)
        self._show_candidate()

    def _name_queue(self) -> None:
        self.panels.name_queue(self.jobs.unfinished)

    def _show_tool(self) -> None:
        if isinstance(self.toolbox.tool, MaskBrush):
            if not mask_layers.has_mask(self.document.document):
                self.masking.apply()  # the brush mends what was found
            self.stage.wake_mask()
        self.canvas.set_tool(self.toolbox.tool)
        self.options.show_tool(self.toolbox.tool, self.toolbox.tool_text)
