"""What an artist can do to a document, each with its way back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from editor_core.base.errors import LayerError
from editor_core.base.limits import MAX_NAME, MAX_OFFSET
from editor_core.document.blending import LAYER_MODES
from editor_core.document.document import Document
from editor_core.document.drafts import EVERYWHERE, Drafts, Key
from editor_core.document.events import CurrentTurnChanged, HistoryChanged
from editor_core.document.guides import Guides
from editor_core.document.history import RemovedTurns
from editor_core.document.layers import Layer, LayerStack, PictureLayer, PixelLayer, RasterLayer
from editor_core.document.selection import Selection
from editor_core.document.tiles import TilePatch, Tiles, unique_bytes
from editor_core.document.turns import JSON, Turn
from editor_core.document.undo import Command

_DRAGGED = frozenset(
    {"opacity", "x", "y", "prompt", "numbers"}
)  # properties that change many times in one drag or word
_CALLED = {
    "prompt": "region prompt",
    "numbers": "adjustment",
    "visible": "visibility",
    "locked": "lock",
    "on_turns": "turns of layer",
    "lock_transparency": "transparency lock",
    "x": "position",
    "y": "position",
}
_FIXED = frozenset({"id", "tiles", "children"})  # changed by other commands, or never


class UndoEntry:
    """What most commands share: they hold little memory and never merge."""

    text = ""
    needs_saving = True

    @property
    def nbytes(self) -> int:
        return 0

    def merged_with(self, later: Command) -> Command | None:
        return None


class CompositeCommand(UndoEntry):
    """Several commands as one step; if one fails, those before it are taken back."""

    def __init__(self, text: str, commands: Sequence[Command]) -> None:
        self.text = text
        self.commands = tuple(commands)

    @property
    def nbytes(self) -> int:
        return sum(command.nbytes for command in self.commands)

    def apply(self, document: Document) -> None:
        done: list[Command] = []
        try:
            for command in self.commands:
                command.apply(document)
                done.append(command)
        except Exception:
            for command in reversed(done):
                command.revert(document)
            raise

    def revert(self, document: Document) -> None:
        for command in reversed(self.commands):
            command.revert(document)


class PaintStroke(UndoEntry):
    """Other pixels for one layer; holds only the tiles that differ."""

    def __init__(self, layer_id: str, before: Tiles, after: Tiles, text: str = "Brush stroke") -> None:
        changed = before.changed_keys(after)
        self.text = text
        self.layer_id = layer_id
        self.before: TilePatch = before.patch(changed)
        self.after: TilePatch = after.patch(changed)

    @property
    def nbytes(self) -> int:
        # Half of it is also the document's, or that of the stroke before or after.
        return max(unique_bytes(self.before.values()), unique_bytes(self.after.values()))

    def apply(self, document: Document) -> None:
        layer = document.layers.pixel_layer(self.layer_id)
        _check_unlocked(document, self.layer_id)
        document.set_tiles(self.layer_id, layer.tiles.with_patch(self.after))

    def revert(self, document: Document) -> None:
        layer = document.layers.pixel_layer(self.layer_id)
        document.set_tiles(self.layer_id, layer.tiles.with_patch(self.before))


class SetGuides(UndoEntry):
    """Other guides."""

    def __init__(self, guides: Guides, text: str) -> None:
        self.text = text
        self.guides = guides
        self._before = Guides()

    def apply(self, document: Document) -> None:
        self._before = document.guides
        document.set_guides(self.guides)

    def revert(self, document: Document) -> None:
        document.set_guides(self._before)


class Select(UndoEntry):
    """Select other pixels; None lets go of all."""

    def __init__(self, selection: Selection | None, text: str = "Select") -> None:
        self.text = text
        self.selection = selection
        self._before: Selection | None = None

    @property
    def nbytes(self) -> int:
        kept = (self.selection, self._before)
        return sum(selection.tiles.nbytes for selection in kept if selection is not None)

    def apply(self, document: Document) -> None:
        self._before = document.selection
        document.set_selection(self.selection)

    def revert(self, document: Document) -> None:
        document.set_selection(self._before)


class SetDrafts(UndoEntry):
    """Type words or set a value for the next edit; what is typed without a pause merges.

    before, after: by turn and name. ``before`` is what was seen, be it the turn's own or a draft.
    """

    needs_saving = False

    def __init__(self, before: Mapping[Key, JSON], after: Mapping[Key, JSON], text: str = "Typing") -> None:
        self.text = text
        self.before = before
        self.after = after
        self._kept = Drafts()

    def apply(self, document: Document) -> None:
        self._kept = document.drafts
        document.set_drafts(self._kept.with_values(self.after), self.after)

    def revert(self, document: Document) -> None:
        document.set_drafts(self._kept, self.before)

    def merged_with(self, later: Command) -> Command | None:
        if not isinstance(later, SetDrafts) or later.after.keys() != self.after.keys():
            return None
        merged = SetDrafts(self.before, later.after, self.text)
        merged._kept = self._kept
        return merged


class AddLayer(UndoEntry):
    """Put ``layer`` in at ``index`` (None: on top) of the group ``parent`` (None: top level)."""

    def __init__(
        self, layer: Layer, index: int | None = None, parent: str | None = None, text: str = "Add layer"
    ) -> None:
        self.text = text
        self.layer = layer
        self.index = index
        self.parent = parent

    def apply(self, document: Document) -> None:
        layer, current = self.layer, document.history.current_id
        is_result = isinstance(layer, RasterLayer) and (layer.turn or layer.id == document.picture_layer_id)
        if isinstance(layer, PictureLayer) and not is_result and current is not None:
            layer = replace(layer, on_turns=(current,))
        document.set_layers(document.layers.with_layer(layer, self.index, self.parent))

    def revert(self, document: Document) -> None:
        document.set_layers(document.layers.without(self.layer.id))


class RemoveLayer(UndoEntry):
    """Take a layer out, a group with all it holds; raises LayerError when it is locked."""

    text = "Delete layer"

    def __init__(self, layer_id: str) -> None:
        self.layer_id = layer_id
        self._layer: Layer | None = None
        self._place: tuple[str | None, int] = (None, 0)

    @property
    def nbytes(self) -> int:
        return sum(layer.tiles.nbytes for layer in _walk(self._layer) if isinstance(layer, PixelLayer))

    def apply(self, document: Document) -> None:
        _check_unlocked(document, self.layer_id)
        self._layer = document.layers[self.layer_id]
        self._place = document.layers.place_of(self.layer_id)
        document.set_layers(document.layers.without(self.layer_id))

    def revert(self, document: Document) -> None:
        parent, index = self._place
        assert self._layer is not None
        document.set_layers(document.layers.with_layer(self._layer, index, parent))


class MoveLayer(UndoEntry):
    """Move a layer to ``index``, counted without it, of the group ``parent`` (None: top level)."""

    text = "Reorder layer"

    def __init__(self, layer_id: str, index: int, parent: str | None = None) -> None:
        self.layer_id = layer_id
        self.index = index
        self.parent = parent
        self._place: tuple[str | None, int] = (None, 0)

    def apply(self, document: Document) -> None:
        self._place = document.layers.place_of(self.layer_id)
        self._move(document, self.parent, self.index)

    def revert(self, document: Document) -> None:
        self._move(document, *self._place)

    def _move(self, document: Document, parent: str | None, index: int) -> None:
        layer = document.layers[self.layer_id]
        if parent is not None and any(inner.id == parent for inner in _walk(layer)):
            raise LayerError("A group cannot be moved into itself.")
        document.set_layers(document.layers.without(layer.id).with_layer(layer, index, parent))


class SetLayerProperty(UndoEntry):
    """Give a layer other properties, such as ``SetLayerProperty(layer.id, opacity=0.5)``.

    While opacity or position are dragged, the steps of one drag merge; ``Document.end_merging`` ends it.
    """

    def __init__(self, layer_id: str, **values: object) -> None:
        self.layer_id = layer_id
        self.values = values
        names = dict.fromkeys(_CALLED.get(name, name.replace("_", " ")) for name in values)
        self.text = f"Change {' and '.join(names)}"
        self._before: dict[str, object] = {}

    def apply(self, document: Document) -> None:
        layer = document.layers[self.layer_id]
        _check_properties(layer, self.values)
        if self.values.keys() & {"x", "y"}:
            _check_unlocked(document, self.layer_id)
        self._before = {name: getattr(layer, name) for name in self.values}
        document.set_layers(document.layers.replacing(_with(layer, self.values)))

    def revert(self, document: Document) -> None:
        layer = document.layers[self.layer_id]
        document.set_layers(document.layers.replacing(_with(layer, self._before)))

    def merged_with(self, later: Command) -> Command | None:
        if not isinstance(later, SetLayerProperty) or later.layer_id != self.layer_id:
            return None
        if later.values.keys() != self.values.keys() or not self.values.keys() <= _DRAGGED:
            return None
        merged = SetLayerProperty(self.layer_id, **later.values)
        merged._before = self._before
        return merged


class ShiftLayer(UndoEntry):
    """Move a layer, or a group with all it holds, by whole pixels; the steps of one drag merge.

    Raises LayerError when the layer or anything in it is locked.
    """

    text = "Move layer"

    def __init__(self, layer_id: str, dx: int, dy: int) -> None:
        self.layer_id = layer_id
        self.dx = dx
        self.dy = dy

    def apply(self, document: Document) -> None:
        for inner in _walk(document.layers[self.layer_id]):
            _check_unlocked(document, inner.id)
        self._shift(document, self.dx, self.dy)

    def revert(self, document: Document) -> None:
        self._shift(document, -self.dx, -self.dy)

    def merged_with(self, later: Command) -> Command | None:
        if not isinstance(later, ShiftLayer) or later.layer_id != self.layer_id:
            return None
        return ShiftLayer(self.layer_id, self.dx + later.dx, self.dy + later.dy)

    def _shift(self, document: Document, dx: int, dy: int) -> None:
        layer = document.layers[self.layer_id]
        document.set_layers(document.layers.replacing(layer.shifted(dx, dy)))


@dataclass(frozen=True)
class _Shown:
    """What a document showed, so that it can be shown again.

    Of the Picture layer only painted tiles are kept; the rest comes from the turn's image.
    """

    turn_id: str | None
    base_id: str | None
    size: tuple[int, int]
    layers: LayerStack  # the Picture layer without pixels
    painted: TilePatch

    @classmethod
    def in_document(cls, document: Document) -> "_Shown":
        layers, picture = document.layers, document.picture_layer
        painted: TilePatch = {}
        if picture is not None:
            painted = picture.tiles.patch(document.turn_tiles.changed_keys(picture.tiles))
            layers = layers.replacing(replace(picture, tiles=Tiles(4)))
        size = (document.width, document.height)
        return cls(document.history.current_id, document.base_id, size, layers, painted)

    @property
    def nbytes(self) -> int:
        return unique_bytes(self.painted.values())

    def restore(self, document: Document) -> None:
        """Show it again; the turn must be back in the history."""
        document.history.jump(self.turn_id)
        document.set_base(self.base_id)
        document.set_size(*self.size)
        layers, picture = self.layers, self.layers.get(document.picture_layer_id)
        if isinstance(picture, RasterLayer):
            tiles = document.turn_tiles.with_patch(self.painted)
            layers = layers.replacing(replace(picture, tiles=tiles))
        document.set_layers(layers)
        document.announce(CurrentTurnChanged(self.turn_id))


class AcceptTurn(UndoEntry):
    """Add a turn to the history, make it current and show it: in the Picture layer, or in ``layer``, put in above it.

    ``layer`` holds the turn's region (`result_placement.py`); ``index`` and ``parent`` say where it goes. A turn that
    the layers show already, because it was painted in them, is ``shown``: they stay as they are. With
    ``typing_goes_on``, as it came in the middle of it, what was typed on the turn before and is not made yet moves on
    to this one.
    """

    text = "New turn"

    def __init__(
        self,
        turn: Turn,
        layer: RasterLayer | None = None,
        index: int | None = None,
        parent: str | None = None,
        *,
        shown: bool = False,
        typing_goes_on: bool = False,
    ) -> None:
        self.turn = turn
        self.shown = shown
        self.typing_goes_on = typing_goes_on or shown
        self.layer, self.index, self.parent = layer, index, parent
        self._shown: _Shown | None = None
        self._drafts = Drafts()

    @property
    def nbytes(self) -> int:
        return self._shown.nbytes if self._shown else 0

    def apply(self, document: Document) -> None:
        self._shown = _Shown.in_document(document)
        self._drafts = document.drafts
        document.set_drafts(self._drafts_after(document), {})
        document.history.add(self.turn)
        document.announce(HistoryChanged())
        if self.turn.parent is not None and self._is_as_large(document):
            carried = document.layers.carried_on(self.turn.parent, self.turn.id, leave=self.shown)
            document.set_layers(carried)
        if self.layer is None and not self.shown:
            _show(document, self.turn.id)
            return
        if self.layer is not None:
            document.set_layers(document.layers.with_layer(self.layer, self.index, self.parent))
        document.history.jump(self.turn.id)
        document.announce(CurrentTurnChanged(self.turn.id))

    def revert(self, document: Document) -> None:
        assert self._shown is not None
        self._shown.restore(document)
        document.history.remove(self.turn.id)
        document.set_drafts(self._drafts, {})
        document.announce(HistoryChanged())

    def _is_as_large(self, document: Document) -> bool:
        """Else what was painted has been enlarged with the rest: its layers stay on the turns before."""
        return (self.turn.width, self.turn.height) == (document.width, document.height)

    def _drafts_after(self, document: Document) -> Drafts:
        """What was asked for is made; the rest stays on its turn, or moves on to this one where it follows that."""
        before = document.history.current
        on = before.id if before else EVERYWHERE
        drafts = document.drafts.once_made(self.turn, {on, self.turn.parent or on})
        if not self.typing_goes_on or before is None or self.turn.parent != before.id:
            return drafts
        return drafts.once_made(before, {on}).moved(on, self.turn.id)


class JumpToTurn(UndoEntry):
    """Show another turn of the history; raises KeyError."""

    text = "Show turn"

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self._shown: _Shown | None = None

    @property
    def nbytes(self) -> int:
        return self._shown.nbytes if self._shown else 0

    def apply(self, document: Document) -> None:
        self._shown = _Shown.in_document(document)
        _show(document, self.turn_id)

    def revert(self, document: Document) -> None:
        assert self._shown is not None
        self._shown.restore(document)


class RemoveTurn(UndoEntry):
    """Remove a turn and all made from it; if the current one goes, the history picks what is shown.

    If only the one goes that the Picture layer was painted on, the current one is shown by its own picture.
    """

    text = "Delete turn"

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self._shown: _Shown | None = None
        self._removed: RemovedTurns | None = None
        self._layers = LayerStack()

    @property
    def nbytes(self) -> int:
        turns = self._removed.turns if self._removed else ()
        return sum(turn.nbytes for _, turn in turns) + (self._shown.nbytes if self._shown else 0)

    def apply(self, document: Document) -> None:
        self._shown = _Shown.in_document(document)
        self._removed = document.history.remove(self.turn_id)
        document.announce(HistoryChanged())
        current = document.history.current_id
        gone = {turn.id for _, turn in self._removed.turns}
        self._layers = document.layers
        if current is None:
            document.set_layers(document.layers.forgetting(gone))
            document.set_base(None)
            document.announce(CurrentTurnChanged(None))
            return
        if {self._shown.turn_id, self._shown.base_id} & gone:
            _show(document, current)
        document.set_layers(document.layers.forgetting(gone))

    def revert(self, document: Document) -> None:
        assert self._removed is not None and self._shown is not None
        document.history.restore(self._removed)
        document.announce(HistoryChanged())
        if {self._shown.turn_id, self._shown.base_id} & {turn.id for _, turn in self._removed.turns}:
            self._shown.restore(document)
        else:
            document.set_layers(self._layers)


class _TurnNote(UndoEntry):
    """Change what the artist noted on a turn."""

    def __init__(self, turn_id: str, **values: object) -> None:
        self.turn_id = turn_id
        self.values = values
        self._before: dict[str, object] = {}

    def apply(self, document: Document) -> None:
        turn = document.history[self.turn_id]
        self._before = {name: getattr(turn, name) for name in self.values}
        self._note(document, self.values)

    def revert(self, document: Document) -> None:
        self._note(document, self._before)

    def _note(self, document: Document, values: dict[str, object]) -> None:
        document.history.replace(document.history[self.turn_id].changed(**values))
        document.announce(HistoryChanged())


class RenameTurn(_TurnNote):
    """Give a turn a name; an empty one takes it away."""

    text = "Rename turn"

    def __init__(self, turn_id: str, name: str) -> None:
        super().__init__(turn_id, name=name)


class StarTurn(_TurnNote):
    """Mark a turn as a favourite, or no longer."""

    text = "Star turn"

    def __init__(self, turn_id: str, starred: bool) -> None:
        super().__init__(turn_id, starred=starred)


def _show(document: Document, turn_id: str) -> None:
    document.history.jump(turn_id)
    document.show_picture(document.history[turn_id])


def _check_unlocked(document: Document, layer_id: str) -> None:
    lock = document.layers.lock_on(layer_id)
    if lock is not None:
        raise LayerError("The layer “{layer}” is locked. Unlock it first.", layer=lock.name)


def _walk(layer: Layer | None) -> Iterator[Layer]:
    """A layer with all it holds."""
    return LayerStack(() if layer is None else (layer,)).walk()


def _check_properties(layer: Layer, values: dict[str, object]) -> None:
    known = {field.name for field in fields(layer)} - _FIXED
    if unknown := values.keys() - known:
        raise ValueError(f"a {type(layer).__name__} has no property {', '.join(sorted(unknown))}")
    if values.get("blend_mode", "normal") not in LAYER_MODES:
        raise ValueError(f"unknown blend mode {values['blend_mode']}")
    if any(abs(place) > MAX_OFFSET for name in ("x", "y") if isinstance(place := values.get(name), int)):
        raise LayerError("A layer cannot be moved that far.")
    if len(str(values.get("name", ""))) > MAX_NAME:
        raise LayerError("The name is too long.")
    opacity = values.get("opacity", 1.0)
    if not isinstance(opacity, int | float) or not 0 <= opacity <= 1:
        raise ValueError(f"opacity is 0..1, not {opacity}")


def _with(layer: Layer, values: dict[str, object]) -> Layer:
    return replace(layer, **values)  # type: ignore[arg-type]
