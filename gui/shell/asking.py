"""What the artist asks for in the prompt bar, of old turns and of opened pictures, as orders to the engine."""

from PySide6.QtCore import QObject, Signal

from editor_core.base.loras import without_loras
from editor_core.document.turns import Turn
from editor_core.messages.requests import Sampling
from editor_core.workflow import mask_layers, targets
from editor_core.workflow.proposal import REPAINT
from gui.controllers.editing import Editing
from gui.controllers.mask_finder import MaskFinder
from gui.docks.prompt import EditAsked, GenerateAsked, PromptBar
from gui.docks.turns import Reuse
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.results import EditOrder


class Asking(QObject):
    """Takes what the prompt bar asks.

    Signals:
        notice: A sentence. Main thread.
    """

    notice = Signal(str)

    def __init__(
        self, prompt: PromptBar, document: DocumentVM, editing: Editing, finder: MaskFinder, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._prompt, self._vm, self._editing, self._finder = prompt, document, editing, finder
        prompt.generate_asked.connect(self._generate)
        prompt.edit_asked.connect(self._edit)
        prompt.read_asked.connect(editing.read_picture)

    def run_sentence(self, words: str) -> None:
        """Put a sentence into the bar and do what its button does."""
        self._prompt.use_words(words)
        self._prompt.run()

    def analyse(self, words: str, sampling: Sampling) -> None:
        """Read a picture that was just opened, as its words say; the LoRAs in them are only told."""
        words, loras = without_loras(words, strict=False)
        if loras:
            names = ", ".join(lora.label for lora in loras)
            self.notice.emit(self.tr("This picture was made with LoRAs: {names}.").format(names=names))
        self._prompt.use_words(words)
        self._editing.read_picture(words, how={"sampling": sampling})

    def reuse(self, turn: Turn, part: Reuse) -> None:
        """Take over something of an old turn."""
        self._prompt.reuse(turn, part)
        document = self._vm.document
        if part in (Reuse.MASK, Reuse.ALL) and turn.mask is not None and document is not None:
            self._vm.execute(
                mask_layers.replace_mask(document, turn.mask, self.tr("Use mask"), self.tr("Mask"))
            )

    def _generate(self, asked: GenerateAsked) -> None:
        self._editing.generate(
            asked.prompt, asked.sampling, asked.size, asked.variants, asked.place, asked.parameters
        )

    def _edit(self, asked: EditAsked) -> None:
        document, chosen = self._vm.document, self._editing.chosen_layer
        parameters = {**(self._finder.parameters if asked.method == REPAINT else {}), **asked.parameters}
        if asked.phrase:
            parameters["phrase"] = asked.phrase
        region = targets.chosen_region(document, chosen)
        order = EditOrder(
            asked.prompt,
            None if document is None else targets.edited_part(document, chosen),
            asked.negative,
            asked.guidance,
            asked.strength,
            asked.method,
            asked.variants,
            parameters,
            "" if region is None else region.name,
            asked.place,
        )
        self._editing.edit(order)
