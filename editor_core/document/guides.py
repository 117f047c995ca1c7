"""Guides: lines that things are aligned to, kept with the document."""

from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta

from editor_core.base.gate import fits
from editor_core.document.turns import JSON

MOST = 200
"""Of each direction."""
_FAR = 1 << 20  # pixels: nothing lies further out
_Places = Annotated[list[Annotated[int, Meta(ge=-_FAR, le=_FAR)]], Meta(max_length=MOST)]


@dataclass(frozen=True)
class Guide:
    """One of them: a vertical one has an x, a horizontal one a y, in pixels."""

    vertical: bool
    place: int


@dataclass(frozen=True)
class Guides:
    """Those of a document; places in ascending order, each once."""

    vertical: tuple[int, ...] = ()
    """x, between columns of pixels."""
    horizontal: tuple[int, ...] = ()
    """y, between rows."""
    locked: bool = False
    """They cannot be moved by hand."""

    def __bool__(self) -> bool:
        return bool(self.vertical or self.horizontal)

    def __contains__(self, guide: Guide) -> bool:
        return guide.place in self.places(guide.vertical)

    def places(self, vertical: bool) -> tuple[int, ...]:
        """Of all guides of a direction."""
        return self.vertical if vertical else self.horizontal

    def with_guide(self, guide: Guide) -> "Guides":
        """With one more; where there are as many as there may be, it is left out."""
        places = self.places(guide.vertical)
        if guide in self or len(places) >= MOST or abs(guide.place) > _FAR:
            return self
        return self._with(guide.vertical, (*places, guide.place))

    def without(self, guide: Guide) -> "Guides":
        """With one less."""
        return self._with(
            guide.vertical, tuple(place for place in self.places(guide.vertical) if place != guide.place)
        )

    def nearest(self, x: float, y: float, reach: float) -> Guide | None:
        """The guide nearest to a point, at most so many pixels away."""
        found = [(abs(place - x), Guide(True, place)) for place in self.vertical]
        found += [(abs(place - y), Guide(False, place)) for place in self.horizontal]
        distance, guide = min(found, key=lambda each: each[0], default=(reach + 1, None))
        return guide if distance <= reach else None

    def snapped(self, x: float, y: float, reach: float) -> tuple[float | None, float | None]:
        """The nearest vertical guide's x and the nearest horizontal one's y; None where none is so near."""
        return _near(self.vertical, x, reach), _near(self.horizontal, y, reach)

    def to_json(self) -> dict[str, JSON]:
        return {"vertical": list(self.vertical), "horizontal": list(self.horizontal), "locked": self.locked}

    @classmethod
    def from_json(cls, kept: JSON) -> "Guides":
        """What a file kept; whatever is not as it should be is left out."""
        told = kept if isinstance(kept, dict) else {}
        vertical, horizontal = (_places_in(told.get(name)) for name in ("vertical", "horizontal"))
        return cls(vertical, horizontal, told.get("locked") is True)

    def _with(self, vertical: bool, places: tuple[int, ...]) -> "Guides":
        ordered = tuple(sorted(set(places)))
        return replace(self, **{"vertical" if vertical else "horizontal": ordered})  # type: ignore[arg-type]


def _places_in(kept: JSON) -> tuple[int, ...]:
    if not isinstance(kept, list) or not fits(kept, _Places):
        return ()
    return tuple(sorted({place for place in kept if isinstance(place, int)}))


def _near(places: tuple[int, ...], at: float, reach: float) -> float | None:
    nearest = min(places, key=lambda place: abs(place - at), default=None)
    return nearest if nearest is not None and abs(nearest - at) <= reach else None
