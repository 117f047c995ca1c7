"""What the scenes are made of: one row for each object, place, time of day and colour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectKind:
    """One drawable thing: its word, the Unicode name of its emoji, its size and how it is used."""

    word: str
    emoji: str
    size: float = 1.0
    alive: bool = False
    floats: bool = False
    colours: bool = False


@dataclass(frozen=True)
class Place:
    """One painted place: its word, how a sentence puts something there, how it is named alone."""

    word: str
    phrases: tuple[str, ...]
    names: tuple[str, ...]
    ground: tuple[float, float]


OBJECTS: tuple[ObjectKind, ...] = (
    ObjectKind("fox", "FOX FACE", alive=True),
    ObjectKind("cat", "CAT FACE", alive=True),
    ObjectKind("dog", "DOG FACE", alive=True),
    ObjectKind("rabbit", "RABBIT FACE", alive=True),
    ObjectKind("bear", "BEAR FACE", alive=True),
    ObjectKind("panda", "PANDA FACE", alive=True),
    ObjectKind("lion", "LION FACE", alive=True),
    ObjectKind("frog", "FROG FACE", alive=True),
    ObjectKind("owl", "OWL", alive=True),
    ObjectKind("duck", "DUCK", alive=True),
    ObjectKind("turtle", "TURTLE", alive=True),
    ObjectKind("elephant", "ELEPHANT", size=1.1, alive=True),
    ObjectKind("penguin", "PENGUIN", alive=True),
    ObjectKind("whale", "WHALE", size=1.1, alive=True),
    ObjectKind("house", "HOUSE BUILDING", size=1.15),
    ObjectKind("tree", "DECIDUOUS TREE", size=1.2),
    ObjectKind("mushroom", "MUSHROOM", size=0.95, colours=True),
    ObjectKind("apple", "RED APPLE", size=0.9),
    ObjectKind("cake", "BIRTHDAY CAKE"),
    ObjectKind("car", "AUTOMOBILE", size=1.1, colours=True),
    ObjectKind("balloon", "BALLOON", size=1.1, floats=True, colours=True),
    ObjectKind("sunflower", "SUNFLOWER"),
    ObjectKind("snowman", "SNOWMAN WITHOUT SNOW", size=1.1),
    ObjectKind("pumpkin", "JACK-O-LANTERN", size=0.95),
)

PLACES: tuple[Place, ...] = (
    Place(
        "meadow", ("in a meadow", "in the meadow", "on a meadow"), ("a meadow", "the meadow"), (0.72, 0.93)
    ),
    Place("beach", ("on the beach", "on a beach", "at the beach"), ("a beach", "the beach"), (0.76, 0.93)),
    Place("snow", ("in the snow", "on snow", "on the snow"), ("snow", "the snow"), (0.72, 0.93)),
    Place("desert", ("in the desert", "in a desert"), ("a desert", "the desert"), (0.74, 0.93)),
    Place("forest", ("in the forest", "in a forest"), ("a forest", "the forest"), (0.76, 0.93)),
    Place("sea", ("on the sea", "in the sea", "at sea"), ("the sea",), (0.70, 0.90)),
    Place(
        "mountains",
        ("in the mountains", "in front of mountains"),
        ("mountains", "the mountains"),
        (0.78, 0.93),
    ),
)

TIMES: dict[str, tuple[str, ...]] = {
    "day": ("", "", "", "", "by day"),
    "sunset": ("at sunset",),
    "night": ("at night",),
}

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.0, 1.0, 1.0),
    "blue": (0.60, 0.95, 1.05),
    "green": (0.36, 0.90, 0.85),
    "yellow": (0.14, 1.0, 1.20),
}
"""Hue (0..1), factor of the saturation, factor of the value, put in the place of red."""

KIND_OF: dict[str, ObjectKind] = {kind.word: kind for kind in OBJECTS}
PLACE_OF: dict[str, Place] = {place.word: place for place in PLACES}
