"""The document: the one place where the artist's work changes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from editor_core.document.compositing import flatten_over, union_of_masks
from editor_core.document.drafts import Drafts, Key
from editor_core.document.events import (
    CurrentTurnChanged,
    DirtyChanged,
    DraftsChanged,
    Event,
    GuidesChanged,
    HistoryChanged,
    LayersChanged,
    Observer,
    Observers,
    PixelsChanged,
    SelectionChanged,
    SizeChanged,
    UndoChanged,
)
from editor_core.document.geometry import Rect, check_canvas
from editor_core.document.guides import Guides
from editor_core.document.history import HistoryTree
from editor_core.document.identity import new_id
from editor_core.document.layers import Layer, LayerStack, PictureLayer, RasterLayer, showing_results
from editor_core.document.notes import PictureNotes
from editor_core.document.origin import Origin
from editor_core.document.selection import Selection
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels, Tiles, patch_rect
from editor_core.document.turns import JSON, Turn
from editor_core.document.undo import Command, Mark, UndoStack

PICTURE_NAME = "Picture"
BLANK = "blank"  # among the settings of a file: it began as an empty canvas
_DRAFTS, _GUIDES = "drafts", "guides"  # where they are kept among the settings of a file


class Document:
    """Layers, turns and one undo stack for both; used from one thread.

    The layer called “Picture” shows the current turn: whenever another turn is shown, its pixels become that
    turn's image. A turn may instead lie above it in a layer of its own, with only what it changed: then Picture shows
    the nearest turn before it that has no such layer. Observers are told after a change is complete.

    The artist's changes go through ``execute``; the methods under “for commands” leave no undo step.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.history = HistoryTree()
        self.picture_layer_id = new_id()  # also while there is no such layer
        self.settings: dict[str, JSON] = {}  # kept in the project file
        self.extras: dict[str, JSON] = {}  # what a project file had that this version does not know
        self.notes = PictureNotes()  # of the file that the picture was opened from
        self.origin = Origin()
        self.canvas_id = new_id()  # another whenever size or orientation of all that is there change
        self.undo_stack = UndoStack()
        self._layers = LayerStack()
        self._selection: Selection | None = None
        self._drafts = Drafts()
        self._guides = Guides()
        self._base: str | None = None  # the turn that the Picture layer shows
        self._turn_tiles = Tiles(4)  # that turn's image, as it was before any painting
        self._observers = Observers()
        self._abort_live: Callable[[], None] | None = None
        self._pending: list[Event] = []
        self._batches = 0
        self._was_dirty = False

    @classmethod
    def new_from_turn(cls, turn: Turn) -> "Document":
        """A document that begins with ``turn``; it counts as never saved."""
        document = cls(turn.width, turn.height)
        document.history.add(turn)
        document.history.jump(turn.id)
        document.show_picture(turn)
        document.mark_never_saved()
        return document

    @classmethod
    def new_from_picture(cls, image: Pixels) -> "Document":
        """A document that shows a picture, uint8 (H, W, 3 or 4), which is no turn yet; it counts as never saved."""
        document = cls(image.shape[1], image.shape[0])
        layer = RasterLayer(id=document.picture_layer_id, name=PICTURE_NAME, tiles=_tiles_of(image))
        document.set_layers(document.layers.with_layer(layer))
        document.mark_never_saved()
        return document

    @classmethod
    def new_blank(cls, width: int, height: int, colour: tuple[int, int, int] | None) -> "Document":
        """A document of one colour, or of none, without a turn, and with nothing to save yet. Raises SizeError."""
        check_canvas(width, height)
        document = cls(width, height)
        tiles = Tiles(4) if colour is None else Tiles(4).filled(document.rect, (*colour, 255))
        layer = RasterLayer(id=document.picture_layer_id, name=PICTURE_NAME, tiles=tiles)
        document.set_layers(document.layers.with_layer(layer))
        document.settings[BLANK] = True
        return document

    @classmethod
    def from_snapshot(cls, snapshot: DocumentSnapshot) -> "Document":
        """A document with what ``snapshot`` holds, nothing to undo, counting as saved."""
        document = cls(snapshot.width, snapshot.height)
        document._layers = snapshot.layers
        document.picture_layer_id = snapshot.picture_layer_id
        document.settings = dict(snapshot.settings)
        document._drafts = Drafts.from_json(document.settings.pop(_DRAFTS, None))
        document._guides = Guides.from_json(document.settings.pop(_GUIDES, None))
        document.extras = dict(snapshot.extras)
        document.notes = snapshot.notes
        document.origin = snapshot.origin
        for turn in snapshot.turns:
            document.history.add(turn)
        document.history.jump(snapshot.current_id)
        if document.history.current is not None:
            above = document._arrangement(document.history.current)[1]
            document._layers = document._with_shown(document.history.current, above)
        document._share_turn_tiles()
        return document

    # -- reading

    @property
    def layers(self) -> LayerStack:
        return self._layers

    @property
    def rect(self) -> Rect:
        return Rect(0, 0, self.width, self.height)

    @property
    def picture_layer(self) -> RasterLayer | None:
        """The layer that shows the current turn, or None before the first turn or when it was removed."""
        layer = self._layers.get(self.picture_layer_id)
        return layer if isinstance(layer, RasterLayer) else None

    def picture(self, rect: Rect | None = None) -> Pixels:
        """The visible raster layers over white inside ``rect`` (None: all), uint8 (H, W, 3)."""
        return flatten_over(self._layers, rect or self.rect)

    def edit_mask(self) -> Pixels | None:
        """The union of the visible mask layers, uint8 (H, W), or None when it is empty."""
        return union_of_masks(self._layers, self.rect)

    @property
    def selection(self) -> Selection | None:
        """What tools are held to; None: everything. No part of a saved project."""
        return self._selection

    @property
    def drafts(self) -> Drafts:
        """What was typed and set for the next edit; saved with the rest, but nothing that has to be saved."""
        return self._drafts

    @property
    def guides(self) -> Guides:
        """Lines that things are aligned to."""
        return self._guides

    def snapshot(self) -> DocumentSnapshot:
        """The document as it is now; cheap, and safe to hand to another thread."""
        settings = dict(self.settings)
        if drafts := self._drafts.to_json({turn.id for turn in self.history}):
            settings[_DRAFTS] = drafts
        if self._guides != Guides():
            settings[_GUIDES] = self._guides.to_json()
        return DocumentSnapshot(
            width=self.width,
            height=self.height,
            layers=self._layers,
            picture_layer_id=self.picture_layer_id,
            turns=tuple(self.history),
            current_id=self.history.current_id,
            settings=settings,
            extras=dict(self.extras),
            notes=self.notes,
            selection=self._selection,
            base_id=self.base_id,
            origin=self.origin,
        )

    def subscribe(self, callback: Observer) -> Callable[[], None]:
        """Tell ``callback`` of every event from now on; the returned function ends that."""
        return self._observers.subscribe(callback)

    # -- changing, with undo

    def execute(self, command: Command) -> None:
        """Apply ``command`` and put it on the undo stack; raises EditorError with nothing changed."""
        with self._batch():
            self._end_live()
            command.apply(self)
            self.undo_stack.push(command)

    def undo(self) -> None:
        """Take the last step back, if there is one; of a stroke that is being drawn, that stroke alone."""
        with self._batch():
            was_drawing = self._end_live()
        command = self.undo_stack.next_undo
        if command is not None and not was_drawing:
            with self._batch():
                command.revert(self)
                self.undo_stack.undone()

    def withdraw(self, mark: Mark) -> None:
        """Take back what was done since the undo stack stood there, as when a dialog is cancelled: without a trace.

        Redo does not bring it, but what it would have brought then.
        """
        with self._batch():
            while self.undo_stack.has_gone_beyond(mark):
                self.undo()
            self.undo_stack.back_at(mark)

    def redo(self) -> None:
        """Make the step again that was last taken back, if there is one."""
        command = self.undo_stack.next_redo
        if command is not None:
            with self._batch():
                self._end_live()
                command.apply(self)
                self.undo_stack.redone()

    def end_merging(self) -> None:
        """Let the next command be a step of its own; called when a drag ends."""
        self.undo_stack.end_merging()

    @property
    def dirty(self) -> bool:
        """Whether there is something that the saved file does not have."""
        return not self.undo_stack.at_saved_state

    def mark_saved(self) -> None:
        with self._batch():
            self.undo_stack.mark_saved()

    def mark_never_saved(self) -> None:
        """Count as unsaved whatever is undone, as for a new or recovered document."""
        with self._batch():
            self.undo_stack.mark_never_saved()

    # -- for commands and live strokes: changing without an undo step

    def set_live(self, abort: Callable[[], None] | None) -> None:
        """A stroke is being drawn that is no step yet: ``abort`` takes it back before any step. None: it is over."""
        self._abort_live = abort

    def _end_live(self) -> bool:
        abort, self._abort_live = self._abort_live, None
        if abort is not None:
            abort()
        return abort is not None

    def set_layers(self, layers: LayerStack) -> None:
        """Put another stack in place."""
        if layers is not self._layers:
            self._layers = layers
            self.announce(LayersChanged(self.rect))

    def set_tiles(self, layer_id: str, tiles: Tiles, changed: Rect | None = None) -> None:
        """Give a layer other pixels, which differ only inside ``changed`` (layer pixels; None: to be found out).

        Raises LayerError when the layer is gone or is a group.
        """
        layer = self._layers.pixel_layer(layer_id)
        if changed is None:
            changed = patch_rect(tiles.patch(layer.tiles.changed_keys(tiles)))
        self._layers = self._layers.replacing(replace(layer, tiles=tiles))
        if not changed.is_empty:
            self.announce(PixelsChanged(layer_id, changed.shifted(layer.x, layer.y)))

    def set_selection(self, selection: Selection | None) -> None:
        if selection is not self._selection:
            self._selection = selection
            self.announce(SelectionChanged())

    def set_drafts(self, drafts: Drafts, seen: Mapping[Key, JSON]) -> None:
        """Keep other drafts; what is ``seen`` of them may also be what a turn has of its own."""
        if drafts != self._drafts:
            self._drafts = drafts
            self.announce(DraftsChanged(seen))

    def set_guides(self, guides: Guides) -> None:
        if guides != self._guides:
            self._guides = guides
            self.announce(GuidesChanged())

    def set_size(self, width: int, height: int) -> None:
        if (width, height) != (self.width, self.height):
            self.width, self.height = width, height
            self.announce(SizeChanged(width, height))

    def show_picture(self, turn: Turn) -> None:
        """Let the layers show ``turn``, already current; where the Picture layer is gone, one is made on top."""
        base, above = self._arrangement(turn)
        self.set_base(base.id)
        self.set_size(turn.width, turn.height)
        layers = showing_results(self._with_shown(turn, above), above)
        layer = self.picture_layer
        if layer is None:
            layer = RasterLayer(id=self.picture_layer_id, name=PICTURE_NAME, tiles=self._turn_tiles)
            self.set_layers(layers.with_layer(layer))
        else:
            self.set_layers(layers.replacing(replace(layer, tiles=self._turn_tiles, x=0, y=0)))
        self.announce(CurrentTurnChanged(turn.id))

    def set_base(self, turn_id: str | None) -> None:
        """Let another turn be the one that the Picture layer was painted on; its pixels stay as they are."""
        if turn_id is None:
            self._turn_tiles = Tiles(4)
        elif turn_id != self._base:
            self._turn_tiles = Tiles.from_rgb(self.history[turn_id].image)
        self._base = turn_id

    def set_turns(self, turns: Iterable[Turn], base: str | None, base_tiles: Tiles) -> None:
        """Put other versions of turns in the place of those of the same ids; ``base_tiles``: of the base's picture."""
        for turn in turns:
            self.history.replace(turn)
        self._base, self._turn_tiles = base, base_tiles
        if len(self.history):
            self.announce(HistoryChanged())
            self.announce(CurrentTurnChanged(self.history.current_id))

    @property
    def base_id(self) -> str | None:
        """The turn whose image ``turn_tiles`` holds."""
        return None if self.history.current_id is None else self._base

    @property
    def turn_tiles(self) -> Tiles:
        """The Picture layer's pixels as they were before any painting; empty without a turn."""
        return Tiles(4) if self.history.current_id is None else self._turn_tiles

    def _arrangement(self, turn: Turn) -> tuple[Turn, set[str]]:
        """The turn that the Picture layer shows while ``turn`` is current, and those whose layers lie above it."""
        layers = list(self._layers.walk_whole())
        with_layer = {layer.turn for layer in layers if isinstance(layer, RasterLayer)}
        painted_on = {turn for layer in layers if isinstance(layer, PictureLayer) for turn in layer.on_turns}
        above: set[str] = set()
        while turn.parent is not None:
            is_layers = (
                turn.is_painting and turn.id in painted_on
            )  # then its picture is what these layers show
            if turn.id not in with_layer and not is_layers:
                break
            above.add(turn.id)
            turn = self.history[turn.parent]
        return turn, above

    def _with_shown(self, turn: Turn, above: Collection[str]) -> LayerStack:
        """The layers that lie on a turn: results, what was painted, and, on any, a group that holds the Picture."""

        def belongs(layer: Layer) -> bool:
            if self.picture_layer_id in LayerStack((layer,)):
                return True
            if isinstance(layer, RasterLayer) and layer.turn:
                return layer.turn in above or layer.turn == turn.id
            return not isinstance(layer, PictureLayer) or not layer.on_turns or turn.id in layer.on_turns

        return self._layers.showing(belongs)

    def announce(self, event: Event) -> None:
        """Tell observers, at once or, inside a command, when it is complete."""
        with self._batch():
            if event not in self._pending:
                self._pending.append(event)

    @contextmanager
    def _batch(self) -> Iterator[None]:
        """Hold events back until the outermost batch ends, so that observers never see a half-made change."""
        self._batches += 1
        before = self.undo_stack.next_undo, self.undo_stack.next_redo
        try:
            yield
        finally:
            self._batches -= 1
            # Two strokes are two steps, though they are called alike.
            if before[0] is not self.undo_stack.next_undo or before[1] is not self.undo_stack.next_redo:
                self._pending.append(self._undo_event())
            if not self._batches:
                self._deliver()

    def _deliver(self) -> None:
        if self.dirty != self._was_dirty:
            self._was_dirty = self.dirty
            self._pending.append(DirtyChanged(self.dirty))
        events, self._pending = self._pending, []
        for event in events:
            self._observers.notify(event)

    def _undo_event(self) -> UndoChanged:
        undo, redo = self.undo_stack.next_undo, self.undo_stack.next_redo
        forgotten = self.undo_stack.forgotten
        return UndoChanged(undo.text if undo else None, redo.text if redo else None, forgotten)

    def _share_turn_tiles(self) -> None:
        """Let equal tiles of the Picture layer and of the current turn be the same arrays."""
        layer, turn = self.picture_layer, self.history.current
        if turn is None:
            return
        self.set_base(self._arrangement(turn)[0].id)
        if layer is not None:
            self._layers = self._layers.replacing(replace(layer, tiles=layer.tiles.sharing(self._turn_tiles)))


def _tiles_of(image: Pixels) -> Tiles:
    return Tiles.from_rgb(image) if image.shape[2] == 3 else Tiles.from_array(image)


AnyDocument = Document | DocumentSnapshot
"""What can be read like a document: itself, or as it was at one moment."""
