"""The brushes: mask, paint, sketch and eraser. They differ in the layer they find and in what coverage does to it."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from editor_core.document.document import Document
from editor_core.document.layers import MaskLayer, PixelLayer, RasterLayer, SketchLayer
from editor_core.document.paint import add_mask, erase, paint_over, subtract_mask
from editor_core.workflow.targets import mask_target, paint_layer, painted_layer, sketch_target
from gui.canvas.tool import Pointer
from gui.state.colours import Colours
from gui.texts.layer_names import layer_name
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.brush import BrushSettings, BrushTool, Combine
from gui.viewmodels.document_vm import DocumentVM


class MaskBrush(BrushTool):
    """Marks where the picture may change, or where a region is. Alt or ``subtracting`` takes away."""

    hint = QT_TRANSLATE_NOOP("hints", "Ctrl or Alt: subtract. Shift+click: straight line.")

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.subtracting = False
        self.text = QCoreApplication.translate("tools", "Paint mask")

    def target(self, document: Document) -> PixelLayer | None:
        return mask_target(document, self.chosen_layer) or MaskLayer(
            name=QCoreApplication.translate("tools", "Mask")
        )

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        return subtract_mask if self.subtracting != pointer.alt else add_mask


class PaintBrush(BrushTool):
    """Paints with the foreground colour on the chosen layer, or on one above the picture."""

    hint = QT_TRANSLATE_NOOP("hints", "Ctrl or Alt: pick a colour. Shift+click: straight line.")

    def __init__(self, document: DocumentVM, settings: BrushSettings, colours: Colours) -> None:
        super().__init__(document, settings)
        self.colours = colours
        self.text = QCoreApplication.translate("tools", "Brush stroke")

    def target(self, document: Document) -> PixelLayer | None:
        return paint_layer(document, self.chosen_layer) or RasterLayer(
            name=QCoreApplication.translate("tools", "Paint")
        )

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        self.colours.use()
        keep_alpha = isinstance(layer, RasterLayer) and layer.lock_transparency
        return partial(paint_over, colour=self.colours.foreground, keep_alpha=keep_alpha)


class SketchBrush(PaintBrush):
    """Draws the lines and colours that guide a Redraw; they are no part of the picture."""

    def __init__(self, document: DocumentVM, settings: BrushSettings, colours: Colours) -> None:
        super().__init__(document, settings, colours)
        self.text = QCoreApplication.translate("tools", "Sketch stroke")

    def target(self, document: Document) -> PixelLayer | None:
        return sketch_target(document, self.chosen_layer) or SketchLayer(
            name=QCoreApplication.translate("tools", "Sketch")
        )


class Eraser(BrushTool):
    """Makes what it covers transparent."""

    hint = QT_TRANSLATE_NOOP("hints", "Shift+click: straight line.")

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.text = QCoreApplication.translate("tools", "Erase")

    def target(self, document: Document) -> PixelLayer | None:
        layer = painted_layer(document, self.chosen_layer) or sketch_target(document, self.chosen_layer)
        if layer is None:
            self._vm.problem.emit(
                QCoreApplication.translate(
                    "tools", "There is no paint to erase yet. Paint first, or choose a layer in Layers."
                )
            )
        elif isinstance(layer, RasterLayer) and layer.lock_transparency:
            sentence = QCoreApplication.translate(
                "tools", "The transparency of the layer “{name}” is locked. Unlock it in Layers to erase."
            )
            self._vm.problem.emit(sentence.format(name=layer_name(document, layer)))
            return None
        return layer

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        return erase
