"""The prompt bar under the picture: the sentence, what it will change, and the buttons that run it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor_core.base.loras import without_loras
from editor_core.document.layers import RegionLayer
from editor_core.document.turns import Turn
from editor_core.messages.events import ModelInfo
from editor_core.messages.requests import Sampling
from editor_core.messages.run import DEFAULT_SAMPLER
from editor_core.workflow.blank import is_blank
from editor_core.workflow.phrases import with_words_for_part
from editor_core.workflow.proposal import Situation, can_run
from editor_core.workflow.turns import needs_mask
from gui.docks.method_button import MethodButton
from gui.docks.method_form import MethodForm
from gui.docks.sampling_form import SamplingForm
from gui.docks.seed_field import SeedField
from gui.docks.turns import Reuse
from gui.look.theme import UNIT, Theme
from gui.texts.messages import message_text
from gui.texts.methods import method_name
from gui.texts.words import change_markup
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.drafting import Control, Drafting
from gui.viewmodels.open_document import OpenDocument
from gui.widgets.buttons import IconButton
from gui.widgets.elided_label import LINES, FadingLabel
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.prompt_edit import PromptEdit
from gui.worker.facade import QueuePlace

LEAST = 30 * UNIT  # room that what will change needs beside the controls, in short languages
ROOMY = 110 * UNIT  # from this width on everything has its name
OPENING = "open"  # the method of a turn that was read from a picture
NEW = "generate"
_SETTINGS = ("negative", "steps", "guidance", "sampler", "strength")  # of a turn, to be reused


@dataclass(frozen=True)
class GenerateAsked:
    """The artist wants a new picture."""

    prompt: str
    sampling: Sampling
    size: tuple[int, int] | None
    variants: int
    parameters: Mapping[str, Any]
    """As far as the artist set them."""
    place: QueuePlace


@dataclass(frozen=True)
class Told:
    """What the prompt says at a moment, as far as Live follows it."""

    prompt: str
    negative: str = ""
    guidance: float | None = None


@dataclass(frozen=True)
class EditAsked:
    """The artist wants the shown turn changed."""

    prompt: str
    negative: str
    guidance: float | None
    strength: float
    """How far the picture is noised before it is denoised, 0..1."""
    method: str
    variants: int
    parameters: Mapping[str, Any]
    """Of the method, as far as the artist set them."""
    phrase: str
    """What to paint where the chosen region is; empty: what the changed words say."""
    place: QueuePlace


class PromptBar(QWidget):
    """Shows the words of the turn that is shown, or what was typed on it; see `drafting.py`.

    Signals (main thread):
        generate_asked: A GenerateAsked.
        edit_asked: An EditAsked.
        read_asked: The words for a picture that has none yet, the QueuePlace in the queue, and how to read it: a dict
            of OpenPicture's fields.
        method_changed: The name of the method that an edit would use now.
    """

    generate_asked = Signal(GenerateAsked)
    edit_asked = Signal(EditAsked)
    read_asked = Signal(str, QueuePlace, dict)
    method_changed = Signal(str)

    def __init__(self, theme: Theme, document: DocumentVM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._vm = document
        self._turn: Turn | None = None
        self._masked = self._sketched = self._had_document = False
        self._bound: OpenDocument | None = None  # the tab whose words are shown
        self._rebinding = self._line_apart = False
        self._told_method = ""
        self._largest = ModelInfo.largest_whole  # pixels, of a picture that the model sees as a whole
        self.model: ModelInfo | None = None
        """The one in memory."""
        self.may_ask: Callable[[], bool] = lambda: True  # asked before anything is asked for
        self._region: RegionLayer | None = None
        self.edit = PromptEdit(theme)
        self.edit.setAccessibleName(self.tr("Prompt"))
        self.seed = SeedField(theme)
        self.strength = LabelledSlider(self.tr("Strength"), 0, 100, " %")
        self.strength.set_value(100)
        self.strength.setToolTip(
            self.tr("How much an edit may change: 0 % leaves the picture as it is, 100 % paints anew")
        )
        self.form = SamplingForm()
        self.method_form = MethodForm(theme)
        self.details = QWidget()
        self.new_button = QPushButton(self.tr("Generate"))
        self.new_button.setToolTip(self.tr("Generate a new picture from this prompt (Ctrl+Shift+Enter)"))
        self.methods = MethodButton(theme)
        self.run_button = self.methods.button
        self.line = FadingLabel()
        self.line.keep_room(LINES)
        self._same = self.tr("Nothing would change: the words are the same.")
        self.line.setAccessibleName(self.tr("What will change"))
        self.details_button = IconButton(theme, "chevron-right", self.tr("Details"), checkable=True)
        self.details_button.setText(self.tr("Details"))
        self.details_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.details_button.setProperty("fold", True)
        self._lay_out()
        self.drafting = Drafting(document, self)
        self.drafting.instead = self._instead
        self._watch()
        self._connect()
        self.details.hide()
        self._replaced()

    # -- what the window tells ------------------------------------------------------------------------------------

    def set_model(self, info: ModelInfo) -> None:
        self._largest = info.largest_whole
        self.model = info
        self.edit.set_vocabulary(info.vocabulary)
        with self.drafting.quiet():
            self.form.set_model(info)
            self.methods.set_methods(info.methods)
            self._offer_parameters(info)
        self.drafting.show_turn(self._turn)
        self._refresh()

    def set_masked(self, masked: bool) -> None:
        """Whether the artist marked where the picture may change."""
        if masked != self._masked:  # told at every move of the brush
            self._masked = masked
            self._refresh()

    def set_region(self, region: RegionLayer | None) -> None:
        """The region that is chosen: edits are about it, and paint its words there unless others are typed."""
        before, self._region = self._region, region
        if _told(before) != _told(region):
            self._refresh()

    def set_sketched(self, sketched: bool) -> None:
        """Whether there are strokes on a sketch layer."""
        if sketched != self._sketched:
            self._sketched = sketched
            self._refresh()

    def use_words(self, words: str) -> None:
        """Put a sentence into the field."""
        self.drafting.set_values({"prompt": words}, "Typing")

    def reuse(self, turn: Turn, part: Reuse) -> None:
        """Take over words, seed or settings of an old turn."""
        names = {Reuse.WORDS: ("prompt",), Reuse.SEED: ("seed",), Reuse.SETTINGS: _SETTINGS}
        names[Reuse.ALL] = ("prompt", "seed", *_SETTINGS)
        values = {name: getattr(turn, name) for name in names.get(part, ())}
        if part in (Reuse.SETTINGS, Reuse.ALL):
            values |= self.method_form.values_of(turn.method, turn.parameters)
        self.drafting.set_values(values, "Reuse turn")
        if part in (Reuse.SETTINGS, Reuse.ALL):
            self.details_button.setChecked(True)

    @property
    def told(self) -> Told:
        """What Live is told; LoRAs among the words come in with the next edit."""
        words, _ = without_loras(self._asked_words, strict=False)
        return Told(words, self.form.avoid.text().strip(), self.form.chosen_guidance)

    def focus(self) -> None:
        self.edit.setFocus()
        self.edit.selectAll()

    def run(self, place: QueuePlace = QueuePlace.BACK) -> None:
        """What the primary button does, if it can, at a place in the queue."""
        if self.run_button.isEnabled() and self.may_ask() and self.run_button.isEnabled():
            self._run(place)

    def generate(self, place: QueuePlace = QueuePlace.BACK) -> None:
        """Ask for a new picture from the words, if there are any."""
        if self.edit.words and self.may_ask():
            sampling = Sampling(
                self.seed.seed,
                self.form.chosen_steps,
                self.form.chosen_guidance,
                self.form.avoid.text().strip(),
                self.form.chosen_sampler or DEFAULT_SAMPLER,
            )
            size, variants = self.form.picture_size, self.form.variants.value()
            asked = GenerateAsked(self.edit.words, sampling, size, variants, self._shown_of_new, place)
            self.generate_asked.emit(asked)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.edit, 1)
        for widget in (self.new_button, self.methods):
            top.addWidget(widget)
        below = self._below = QHBoxLayout()
        below.setSpacing(UNIT)
        below.addWidget(self.line, 1)
        below.addStretch()
        below.addWidget(self.strength)
        below.addWidget(self.seed)
        below.addWidget(self.details_button)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, UNIT, 12, 4)
        column.setSpacing(4)
        for part in (top, below):
            column.addLayout(part)
        inside = QVBoxLayout(self.details)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.form)
        inside.addWidget(self.method_form)
        column.addWidget(self.details)

    def _instead(self, turn: Turn) -> dict[str, float]:
        """The model's own numbers, where the turn's are for many steps and the model now paints in few, or reversed."""
        model = self.model
        if model is None or not model.few_steps:
            return {}
        before, now = (
            any(lora.name == model.few_steps for lora in loras) for loras in (turn.loras, model.loras)
        )
        return {} if before == now else {"steps": model.default_steps, "guidance": model.default_guidance}

    def _offer_parameters(self, info: ModelInfo) -> None:
        """What the model's methods have to set, each an undo entry like everything else here."""
        before = list(self.method_form.fields)
        offered = {method.name: method.parameters for method in info.methods}
        if not self.method_form.set_methods({**offered, OPENING: info.opening, NEW: info.generating}):
            return
        self.drafting.unwatch(before)
        for name, field in self.method_form.fields.items():
            setting = message_text(field.parameter.about.label)
            entry = self.tr("Change “{setting}”").format(setting=setting)
            control = Control(entry, partial(getattr, field, "value"), field.show_value)
            self.drafting.watch(name, control, field.changed)

    def _watch(self) -> None:
        """Everything that can be set here becomes an undo entry."""
        watch, form, edit = self.drafting.watch, self.form, self.edit
        watch("prompt", Control("Typing", edit.toPlainText, edit.set_words), edit.textChanged)
        watch("seed", Control("Change seed", lambda: self.seed.seed, self._show_seed), self.seed.changed)
        avoid = Control("Change negative prompt", form.avoid.text, form.avoid.setText)
        watch("negative", avoid, form.avoid.textChanged)
        for name, entry, field in (
            ("steps", "Change steps", form.steps),
            ("guidance", "Change guidance", form.guidance),
            ("variants", "Change variants", form.variants),
        ):
            watch(name, Control(entry, field.value, field.setValue), field.valueChanged)
        strength = Control("Change strength", lambda: self.strength.value / 100, self._show_strength)
        watch("strength", strength, self.strength.moved)
        sampler = Control("Change sampler", lambda: form.chosen_sampler, form.choose_sampler)
        watch("sampler", sampler, form.sampler.activated)
        method = Control("Change edit method", lambda: self.methods.chosen_method, self.methods.choose)
        watch("method", method, self.methods.chosen)

    def _show_seed(self, seed: int | None) -> None:
        if seed is not None:
            self.seed.keep_seed(seed)
        else:
            self.seed.keep_none()
            if self._turn is not None:
                self.seed.show_seed(self._turn.seed)

    def _show_strength(self, strength: float) -> None:
        self.strength.set_value(round(100 * strength))

    def _connect(self) -> None:
        self.edit.cursor_moved.connect(self.drafting.end_burst)
        self.drafting.restored.connect(self._unfold_for)
        self.edit.textChanged.connect(self._refresh)
        self.edit.textChanged.connect(self._tell_words)
        self.edit.submitted.connect(lambda: self.run())
        self.new_button.clicked.connect(lambda: self.generate())
        self.run_button.clicked.connect(lambda: self.run())
        self.methods.chosen.connect(self._refresh)
        self.method_form.reset_asked.connect(self._reset)
        self.details_button.toggled.connect(self._fold)
        self._theme.changed.connect(self._refresh)
        self._vm.leaving.connect(self._leave)
        self._vm.replaced.connect(self._replaced)
        self._vm.current_changed.connect(self._show_turn)
        self._vm.undo_changed.connect(self._follow_painting)

    def _tell_words(self) -> None:
        """What is typed before there is a document belongs to the tab."""
        self._vm.shown.words = self.edit.words if self._vm.document is None else ""

    def _fold(self, shown: bool) -> None:
        self.details_button.set_icon("chevron-down" if shown else "chevron-right")
        self.details.setVisible(shown)

    def _unfold_for(self, name: str) -> None:
        """What Undo changes is seen."""
        if name not in ("prompt", "seed", "strength", "method"):
            self.details_button.setChecked(True)
        self.method_form.refresh()

    def _reset(self, names: list[str]) -> None:
        fields = self.method_form.fields
        self.drafting.set_values({name: fields[name].parameter.default for name in names}, "Reset settings")
        self.method_form.refresh()

    def _run(self, place: QueuePlace) -> None:
        if self._is_blank:
            self.generate(place)
        elif self._turn is None:
            self.read_asked.emit(self.edit.words, place, self.method_form.parameters(OPENING))
        else:
            negative = self.form.avoid.text().strip()
            asked = EditAsked(
                self._asked_words,
                negative,
                self.form.chosen_guidance,
                self.strength.value / 100,
                self.methods.method,
                self.form.variants.value(),
                self.method_form.parameters(self.methods.method),
                self._region_words,
                place,
            )
            self.edit_asked.emit(asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for control in (self.seed, self.strength):
            control.show_name(self.width() >= ROOMY)
        self._place_line()

    def _place_line(self) -> None:
        """What will change is said beside the controls, or above them where they leave too little room."""
        beside = (self.seed, self.details_button, *([self.strength] if self._turn is not None else []))
        room = self.width() - sum(control.sizeHint().width() + UNIT for control in beside)
        needed = max(LEAST, self.line.fontMetrics().horizontalAdvance(self._same))
        if (apart := room < needed) != self._line_apart:
            self._line_apart = apart
            self.line.keep_room(1 if apart else LINES)
            if apart:
                self._column.insertWidget(1, self.line)
            else:
                self._below.insertWidget(0, self.line, 1)

    def _leave(self) -> None:
        """Another tab is about to be shown: it finds again what was typed and set."""
        self.drafting.end_burst()
        self._vm.shown.controls = self.drafting.values

    def _replaced(self) -> None:
        """Another document: all is shown, and then it is told once what can be done."""
        self._rebinding = True
        self._rebind()
        self._rebinding = False
        self._refresh()

    def _rebind(self) -> None:
        """What was typed and set for the document before is not for this one; it may have drafts of its own."""
        before, self._bound, self._turn = self._bound, self._vm.shown, None
        if self._had_document or (before is not None and before is not self._bound):
            with self.drafting.quiet():
                self.edit.set_words("")
                self.form.avoid.clear()
                self.seed.forget()
                self.strength.set_value(100)
                if before is not self._bound:
                    self.edit.keep_own_undo(False)  # what Undo would bring back was typed elsewhere
                    self.drafting.show_values(self._bound.controls)
        self._had_document = self._vm.document is not None
        self.edit.keep_own_undo(self._vm.document is None)  # there is no other then
        self._show_turn()
        self.form.allow_size(self._vm.document is None)

    def _follow_painting(self) -> None:
        """Without a turn what can be done depends on whether anything is painted yet."""
        if self._turn is None and self._vm.document is not None:
            self._refresh()

    def _show_turn(self) -> None:
        """Another turn is shown: its words, or those last typed on it."""
        self._turn = turn = self._vm.turn
        self.edit.compare_with(None if turn is None else turn.prompt)
        with self.drafting.quiet():
            if turn is not None:
                self.seed.show_seed(turn.seed)
        self.drafting.show_turn(turn)
        self._refresh()

    @property
    def _asked_words(self) -> str:
        """What an edit asks for: what is typed; where that changes nothing, the words of the chosen region with it."""
        return with_words_for_part(self.edit.words, self._region_words)

    @property
    def _region_words(self) -> str:
        """Those of the chosen region; empty where others are typed."""
        typed = self._turn is None or self.edit.words != self._turn.prompt
        return "" if typed or self._region is None else self._region.prompt.strip()

    def _refresh(self) -> None:
        if self._rebinding:
            return
        words, turn = self._asked_words, self._turn
        self.edit.setPlaceholderText(self.tr("Describe a picture in a sentence"))
        self.new_button.setVisible(turn is not None or (self._vm.document is not None and not self._is_blank))
        self.strength.setVisible(turn is not None)
        self._place_line()
        self.new_button.setEnabled(bool(words))
        can = bool(words)
        if turn is not None:
            masked = self._masked or self._region is not None
            situation = Situation(turn.prompt, words, masked, self._sketched, needs_mask(turn, self._largest))
            self.methods.propose(situation)
            can = can and can_run(self.methods.method, situation)
        self._show_parameters()
        self._show_method()
        self.methods.allow(can)
        if self.methods.method != self._told_method:
            self._told_method = self.methods.method
            self.method_changed.emit(self._told_method)
        line = self._unknown_line(words) + self._line(words)
        self.line.setText(line)

    def _show_parameters(self) -> None:
        """Those of what the button does."""
        method = NEW if self._is_blank else OPENING
        if self._turn is not None:
            method = self.methods.method
        self.method_form.show_method(method, self.tr("Analyse") if method == OPENING else method_name(method))
        self.method_form.set_given(mask=self._masked or self._region is not None, sketch=self._sketched)

    @property
    def _shown_of_new(self) -> dict[str, Any]:
        """What is set of a new picture, in the form that is shown: that of the edits has it, too."""
        known = [] if self.model is None else [parameter.name for parameter in self.model.generating]
        shown = self.method_form.parameters(self.method_form.shown)
        return {name: value for name, value in shown.items() if name in known}

    @property
    def _is_blank(self) -> bool:
        """Whether there is nothing yet that could be edited: no document, or an empty canvas."""
        document = self._vm.document
        return document is None or (self._turn is None and is_blank(document))

    def _show_method(self) -> None:
        if self._is_blank:
            self.methods.show_other(
                self.tr("Generate"), self.tr("Generate a picture from this prompt (Ctrl+Enter)")
            )
        elif self._turn is None:
            tip = self.tr("Analyse the picture with this description so that it can be edited (Ctrl+Enter)")
            self.methods.show_other(self.tr("Analyse"), tip)
        else:
            self.methods.show_method()

    def _line(self, words: str) -> str:
        if not words:
            return self.tr("Describe what the picture shows.")
        if self._is_blank:
            return self.tr("A new picture from this prompt")
        if self._turn is None:
            return self.tr("The picture is analysed once; then you can change its words.")
        if needs_mask(self._turn, self._largest) and not self._masked and self._region is None:
            return self.tr("The picture is larger than the model can see at once: mask where it may change.")
        colours = self._theme.colours
        changed = change_markup(self._turn.prompt, words, colours.removed, colours.accent)
        where = self.tr("only inside the mask") if self._masked else self.tr("keeps the rest exactly")
        if self._region is not None:
            where = self.tr("only in the region “{name}”").format(name=escape(self._region.name))
        if changed:
            return self.tr("changes: {words} · {where}").format(words=changed, where=where)
        if self.run_button.isEnabled():
            return self.tr("the same words again · {where}").format(where=where)
        return self._same

    def _unknown_line(self, words: str) -> str:
        """Which words the model does not know, before what will happen."""
        unknown = [] if self.model is None else self.model.vocabulary.unknown(words)
        if not unknown:
            return ""
        listed = ", ".join(dict.fromkeys(escape(words[word.start : word.end]) for word in unknown))
        text = self.tr("the model does not know: {words}").format(words=listed)
        return f'<span style="color:{self._theme.colours.error}">{text}</span> · '


def _told(region: RegionLayer | None) -> tuple[str, str] | None:
    """What the bar says of a region."""
    return None if region is None else (region.name, region.prompt)
