"""What the scenes are made of: one row for each object, place, time of day, weather and colour, by preset."""

from dataclasses import dataclass

Anchor = tuple[float, float, float]
"""A spot on a trimmed picture, as shares of its width and height, and the width of what goes there."""


@dataclass(frozen=True)
class ObjectKind:
    """One drawable thing: its word, the Unicode name of its emoji, its size and how it is used.

    `head` is where a hat's brim sits, `eyes` where glasses go, `top` the share of its height, from above, at which
    something may stand on it; `plural` is given where it is not the word with an s.
    """

    word: str
    emoji: str
    size: float = 1.0
    alive: bool = False
    floats: bool = False
    colours: bool = False
    head: Anchor | None = None
    eyes: Anchor | None = None
    top: float | None = None
    plural: str = ""

    @property
    def several(self) -> str:
        """The word for more than one."""
        return self.plural or f"{self.word}s"


@dataclass(frozen=True)
class Place:
    """One painted place: its word, how a sentence puts something there, how it is named alone, where feet stand."""

    word: str
    phrases: tuple[str, ...]
    names: tuple[str, ...]
    ground: tuple[float, float]
    weather: bool = True


@dataclass(frozen=True)
class Worn:
    """Something that is put on a head: its word, as it is said, its emoji, and which anchor it takes."""

    word: str
    phrase: str
    emoji: str
    on_eyes: bool = False


@dataclass(frozen=True)
class Tables:
    """What the scenes of a preset may show; `counts` are the shares of plain scenes with no, one, two … objects.

    `contents` are the shares of scenes for training that are plain, say a number, a size or where things are;
    `weights` say how often each object is drawn for training (measurements draw all alike).
    """

    objects: tuple[ObjectKind, ...]
    places: tuple[Place, ...]
    counts: tuple[float, ...]
    weathers: tuple[str, ...] = ()
    worn: tuple[Worn, ...] = ()
    contents: tuple[tuple[str, float], ...] = (("plain", 1.0),)
    weights: tuple[float, ...] = ()


_OBJECTS: tuple[ObjectKind, ...] = (
    ObjectKind("fox", "FOX FACE", alive=True, head=(0.5, 0.24, 0.5), eyes=(0.5, 0.52, 0.55), plural="foxes"),
    ObjectKind("cat", "CAT FACE", alive=True, head=(0.5, 0.23, 0.45), eyes=(0.5, 0.48, 0.6)),
    ObjectKind("dog", "DOG FACE", alive=True, head=(0.5, 0.1, 0.5), eyes=(0.5, 0.4, 0.5)),
    ObjectKind("rabbit", "RABBIT FACE", alive=True, head=(0.5, 0.42, 0.42), eyes=(0.5, 0.6, 0.5)),
    ObjectKind("bear", "BEAR FACE", alive=True, head=(0.5, 0.12, 0.48), eyes=(0.5, 0.45, 0.55)),
    ObjectKind("panda", "PANDA FACE", alive=True, head=(0.5, 0.12, 0.48), eyes=(0.5, 0.47, 0.62)),
    ObjectKind("lion", "LION FACE", alive=True, head=(0.5, 0.1, 0.46), eyes=(0.5, 0.45, 0.5)),
    ObjectKind("frog", "FROG FACE", alive=True, head=(0.5, 0.26, 0.34)),
    ObjectKind("owl", "OWL", alive=True, head=(0.5, 0.08, 0.55), eyes=(0.5, 0.3, 0.75)),
    ObjectKind("duck", "DUCK", alive=True),
    ObjectKind("turtle", "TURTLE", alive=True, top=0.05),
    ObjectKind("elephant", "ELEPHANT", size=1.1, alive=True, top=0.1),
    ObjectKind("penguin", "PENGUIN", alive=True, head=(0.5, 0.05, 0.42), eyes=(0.5, 0.22, 0.45)),
    ObjectKind("whale", "WHALE", size=1.1, alive=True),
    ObjectKind("house", "HOUSE BUILDING", size=1.15, top=0.24),
    ObjectKind("tree", "DECIDUOUS TREE", size=1.2),
    ObjectKind("mushroom", "MUSHROOM", size=0.95, colours=True, top=0.04),
    ObjectKind("apple", "RED APPLE", size=0.9, top=0.14),
    ObjectKind("cake", "BIRTHDAY CAKE"),
    ObjectKind("car", "AUTOMOBILE", size=1.1, colours=True, top=0.03),
    ObjectKind("balloon", "BALLOON", size=1.1, floats=True, colours=True),
    ObjectKind("sunflower", "SUNFLOWER"),
    ObjectKind("snowman", "SNOWMAN WITHOUT SNOW", size=1.1, plural="snowmen"),
    ObjectKind("pumpkin", "JACK-O-LANTERN", size=0.95, top=0.16),
)

_MORE_OBJECTS: tuple[ObjectKind, ...] = (
    ObjectKind("cow", "COW FACE", alive=True, head=(0.5, 0.12, 0.42), eyes=(0.5, 0.4, 0.55)),
    ObjectKind("pig", "PIG FACE", alive=True, head=(0.5, 0.1, 0.48), eyes=(0.5, 0.42, 0.55)),
    ObjectKind("monkey", "MONKEY FACE", alive=True, head=(0.5, 0.06, 0.48), eyes=(0.5, 0.38, 0.48)),
    ObjectKind("koala", "KOALA", alive=True, head=(0.5, 0.16, 0.45), eyes=(0.5, 0.42, 0.5)),
    ObjectKind("tiger", "TIGER FACE", alive=True, head=(0.5, 0.12, 0.46), eyes=(0.5, 0.47, 0.55)),
    ObjectKind(
        "mouse", "MOUSE FACE", alive=True, head=(0.5, 0.25, 0.42), eyes=(0.5, 0.55, 0.5), plural="mice"
    ),
    ObjectKind(
        "wolf", "WOLF FACE", alive=True, head=(0.5, 0.22, 0.42), eyes=(0.5, 0.47, 0.55), plural="wolves"
    ),
    ObjectKind("horse", "HORSE FACE", alive=True),
    ObjectKind("unicorn", "UNICORN FACE", alive=True),
    ObjectKind("chick", "FRONT-FACING BABY CHICK", alive=True, head=(0.5, 0.05, 0.42), eyes=(0.5, 0.3, 0.42)),
    ObjectKind("flamingo", "FLAMINGO", size=1.1, alive=True),
    ObjectKind("swan", "SWAN", alive=True),
    ObjectKind("parrot", "PARROT", alive=True),
    ObjectKind("snail", "SNAIL", alive=True),
    ObjectKind("bee", "HONEYBEE", alive=True, floats=True),
    ObjectKind("ladybug", "LADY BEETLE", alive=True),
    ObjectKind("butterfly", "BUTTERFLY", alive=True, floats=True, plural="butterflies"),
    ObjectKind("crab", "CRAB", alive=True),
    ObjectKind("octopus", "OCTOPUS", alive=True, plural="octopuses"),
    ObjectKind("dolphin", "DOLPHIN", size=1.1, alive=True),
    ObjectKind("fish", "TROPICAL FISH", alive=True, plural="fish"),
    ObjectKind("shark", "SHARK", size=1.1, alive=True),
    ObjectKind("hedgehog", "HEDGEHOG", alive=True, top=0.12),
    ObjectKind("sheep", "SHEEP", alive=True, plural="sheep"),
    ObjectKind("camel", "BACTRIAN CAMEL", size=1.1, alive=True),
    ObjectKind("giraffe", "GIRAFFE FACE", size=1.15, alive=True),
    ObjectKind("zebra", "ZEBRA FACE", size=1.1, alive=True),
    ObjectKind("dinosaur", "SAUROPOD", size=1.15, alive=True),
    ObjectKind("squirrel", "CHIPMUNK", alive=True),
    ObjectKind("deer", "DEER", size=1.1, alive=True, plural="deer"),
    ObjectKind("rocket", "ROCKET", size=1.1),
    ObjectKind("sailboat", "SAILBOAT", size=1.1),
    ObjectKind("bicycle", "BICYCLE"),
    ObjectKind("bus", "BUS", size=1.1, plural="buses", top=0.03),
    ObjectKind("tractor", "TRACTOR", size=1.1, top=0.06),
    ObjectKind("train", "STEAM LOCOMOTIVE", size=1.1, top=0.08),
    ObjectKind("helicopter", "HELICOPTER", size=1.1, floats=True),
    ObjectKind("scooter", "MOTOR SCOOTER", colours=True),
    ObjectKind("guitar", "GUITAR"),
    ObjectKind("drum", "DRUM WITH DRUMSTICKS", top=0.16),
    ObjectKind("umbrella", "UMBRELLA"),
    ObjectKind("tent", "TENT", size=1.15, top=0.14),
    ObjectKind("castle", "EUROPEAN CASTLE", size=1.2),
    ObjectKind("tulip", "TULIP"),
    ObjectKind("rose", "ROSE", colours=True),
    ObjectKind("cactus", "CACTUS", size=1.1, plural="cactuses"),
    ObjectKind("palm", "PALM TREE", size=1.2),
    ObjectKind("strawberry", "STRAWBERRY", size=0.9, plural="strawberries"),
    ObjectKind("banana", "BANANA", size=0.95),
    ObjectKind("pineapple", "PINEAPPLE"),
    ObjectKind("cherry", "CHERRIES", size=0.9, plural="cherries"),
    ObjectKind("carrot", "CARROT", size=0.95),
    ObjectKind("pear", "PEAR", size=0.9),
    ObjectKind("lemon", "LEMON", size=0.9),
    ObjectKind("loaf", "BREAD", size=0.95, plural="loaves", top=0.08),
    ObjectKind("hamburger", "HAMBURGER", size=0.95, top=0.05),
    ObjectKind("pizza", "SLICE OF PIZZA", size=0.95),
    ObjectKind("doughnut", "DOUGHNUT", size=0.9),
    ObjectKind("cupcake", "CUPCAKE", size=0.95),
    ObjectKind("teapot", "TEAPOT", colours=True),
    ObjectKind("ball", "SOCCER BALL", size=0.85, top=0.04),
    ObjectKind("gift", "WRAPPED PRESENT", top=0.18),
    ObjectKind("bell", "BELL", size=0.95),
    ObjectKind("kite", "KITE", size=1.1, floats=True),
    ObjectKind("book", "CLOSED BOOK", colours=True, top=0.03),
    ObjectKind("heart", "HEAVY BLACK HEART", size=0.95, colours=True),
    ObjectKind("chair", "CHAIR"),
    ObjectKind("backpack", "SCHOOL SATCHEL", colours=True, top=0.14),
    ObjectKind("toolbox", "TOOLBOX", colours=True, plural="toolboxes", top=0.2),
    ObjectKind("telephone", "BLACK TELEPHONE", colours=True, top=0.16),
    ObjectKind("magnet", "MAGNET", size=0.95, colours=True),
    ObjectKind("robot", "ROBOT FACE", head=(0.5, 0.14, 0.45), eyes=(0.5, 0.45, 0.6)),
    ObjectKind("ghost", "GHOST", alive=True, head=(0.5, 0.05, 0.42), eyes=(0.5, 0.36, 0.5)),
    ObjectKind("candle", "CANDLE"),
    ObjectKind("star", "WHITE MEDIUM STAR", floats=True),
)

_PLACES: tuple[Place, ...] = (
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

_MORE_PLACES: tuple[Place, ...] = (
    Place("sky", ("in the sky", "high in the sky", "in a sky"), ("the sky", "a sky"), (0.72, 0.90)),
    Place(
        "kitchen",
        ("on a kitchen table", "on the kitchen table", "in the kitchen"),
        ("a kitchen", "the kitchen"),
        (0.76, 0.93),
        weather=False,
    ),
    Place(
        "street", ("on the street", "in the street", "on a street"), ("a street", "the street"), (0.78, 0.93)
    ),
    Place("farm", ("on a farm", "on the farm", "at the farm"), ("a farm", "the farm"), (0.76, 0.93)),
    Place("lake", ("by the lake", "at the lake", "by a lake"), ("a lake", "the lake"), (0.80, 0.94)),
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

WEATHERS: dict[str, tuple[str, ...]] = {
    "rain": ("in the rain", "while it rains"),
    "snowfall": ("while it snows", "in falling snow"),
    "fog": ("in the fog", "in fog"),
}

WORN = (
    Worn("hat", "a hat", "TOP HAT"),
    Worn("crown", "a crown", "CROWN"),
    Worn("glasses", "glasses", "DARK SUNGLASSES", on_eyes=True),
)

CONTENTS = ("plain", "number", "mixed", "size", "beside", "on")
"""What a scene may say besides its things: nothing; that there are two or three of one; two of one and another;
what is small or big; what is left or right of what; what stands on what."""

_FAMILIAR = 1.5
"""How often one of the first objects is drawn for each time that one of the others is: they are what examples, tests
and benchmarks ask for, and none of them may get worse for the new ones."""

TABLES: dict[str, Tables] = {
    "cpu": Tables(
        _OBJECTS,
        _PLACES,
        (0.05, 0.50, 0.45),
        contents=(("plain", 0.60), ("number", 0.16), ("size", 0.10), ("beside", 0.14)),
    ),
    "full": Tables(
        _OBJECTS + _MORE_OBJECTS,
        _PLACES + _MORE_PLACES,
        (0.05, 0.40, 0.35, 0.20),
        tuple(WEATHERS),
        WORN,
        (("plain", 0.54), ("number", 0.14), ("mixed", 0.04), ("size", 0.08), ("beside", 0.12), ("on", 0.08)),
        (_FAMILIAR,) * len(_OBJECTS) + (1.0,) * len(_MORE_OBJECTS),
    ),
}
TABLES["smoke"] = TABLES["full"]
"""By preset. The fuller one goes on where the smaller one ends, so that a model of that one can learn it."""

KIND_OF: dict[str, ObjectKind] = {kind.word: kind for kind in TABLES["full"].objects}
PLACE_OF: dict[str, Place] = {place.word: place for place in TABLES["full"].places}
WORN_OF: dict[str, Worn] = {worn.word: worn for worn in WORN}
