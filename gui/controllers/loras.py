"""LoRAs that are asked for beside the list of them: written into the prompt, or by the switch for few steps."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice, with_loras, without_loras
from editor_core.base.settings import Settings
from gui.controllers.preferences import Preferences
from gui.texts.messages import message_text


class PromptLoras(QObject):
    """Looks at the words before a picture is asked for.

    Signals (main thread):
        notice: A sentence: which LoRAs are in use now.
        problem: A sentence: one could not be found.
    """

    notice = Signal(str)
    problem = Signal(str)

    def __init__(
        self,
        preferences: Preferences,
        words: Callable[[], str],
        use_words: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences, self._words, self._use_words = preferences, words, use_words

    def use_few_steps(self, name: str, use: bool) -> None:
        """Let the model's own LoRA for few steps count, or not."""
        settings = self._preferences.settings
        others = tuple(lora for lora in settings.loras if lora.name != name)
        try:
            own = _found([LoraChoice(name)], settings, everywhere=False)
        except ModelError as error:
            self.problem.emit(message_text(error.message))
            return
        self.problem.emit("")
        self._preferences.use_loras((*others, *own) if use else others)

    def take(self) -> bool:
        """Whether the words can be asked for; their LoRAs are in use then."""
        settings = self._preferences.settings
        try:
            rest, tagged = without_loras(self._words())
            if not tagged:
                self.problem.emit("")
                return True
            found = _found(tagged, settings, settings.loras, everywhere=True)
        except ModelError as error:
            self.problem.emit(message_text(error.message))
            return False
        self.problem.emit("")
        self._use_words(rest)
        self._preferences.use_loras(with_loras(settings.loras, found))
        names = ", ".join(lora.label for lora in found)
        self.notice.emit(self.tr("LoRAs in the prompt became settings: {names}.").format(names=names))
        return bool(rest)


def _found(
    asked: Sequence[LoraChoice], settings: Settings, known: Sequence[LoraChoice] = (), *, everywhere: bool
) -> tuple[LoraChoice, ...]:
    """With paths for names: known ones, those beside the model, and those in the library, if everywhere.

    Raises ModelError.
    """
    from editor_core.library.scan import finder  # what they know of models, when it is needed
    from editor_core.models.available import source_folder
    from editor_core.models.find_lora import found_loras

    elsewhere = (finder(settings.library_folders),) if everywhere else ()
    return found_loras(asked, source_folder(settings.model), known, *elsewhere)
