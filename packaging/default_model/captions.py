"""Captions: several wordings for a scene, with the characters that name each object and the place."""

from dataclasses import dataclass

import numpy as np

from scenes import Scene
from tables import COLOURS, KIND_OF, PLACE_OF, TIMES, WEATHERS, WORN_OF, Tables

PLACE = -1
"""The owner of the words that name the place; objects are numbered as in the scene."""

OPENINGS = ("", "", "", "", "", "a picture of ", "a painting of ", "there is ")
SINGLE = (
    "{opening}{one} {where}{when}",
    "{opening}{one} {where}{when}",
    "{opening}{one} {pose} {where}{when}",
    "{where} there is {one}{when}",
    "{name} with {one}{when}",
    "{one}{when} {where}",
)
DOUBLE = (
    "{opening}{one} and {two} {where}{when}",
    "{opening}{one} and {two} {where}{when}",
    "{opening}{one} and {two} {pose} {where}{when}",
    "{opening}{one} next to {two} {where}{when}",
    "{opening}{one} with {two} {where}{when}",
    "{where} there are {one} and {two}{when}",
    "{name} with {one} and {two}{when}",
)
TRIPLE = (
    "{opening}{one}, {two} and {three} {where}{when}",
    "{opening}{one} and {two} and {three} {where}{when}",
    "{opening}{one} next to {two} and {three} {where}{when}",
    "{where} there are {one}, {two} and {three}{when}",
    "{name} with {one}, {two} and {three}{when}",
)
EMPTY = ("{where}{when}", "{opening}{name}{when}", "{name}{when}", "an empty {place}{when}")
FRAGMENTS = ("{one}", "{one}", "the {bare}", "{bare}", "{opening}{one}{when}")
FRAGMENT_SHARE = 0.13
SPARE_WORDS = (
    "and with next to near behind beside under over by the a an of in on at is are there picture painting photo "
    "standing sitting resting empty two three one white black brown orange purple pink small big little old happy "
    "sad rain snowing sunny cloudy fog storm morning evening hat crown glasses wearing street kitchen table city"
)
"""Words of the tokenizer besides those of the tables: what people may type."""


@dataclass(frozen=True)
class Caption:
    """A sentence and its named parts: (first character, character after the last, owner).

    The owner is an object's number, PLACE, or, for what an object wears, the number of objects plus its number.
    """

    text: str
    spans: tuple[tuple[int, int, int], ...]


def article(words: str) -> str:
    """The words with "a" or "an" before them."""
    vowel = words[0] in "aeiou" and not words.startswith("uni")  # a unicorn
    return f"{'an' if vowel else 'a'} {words}"


def describe(scene: Scene, rng: np.random.Generator) -> Caption:
    """One of the many wordings of a scene."""
    order = [int(i) for i in rng.permutation(len(scene.items))]
    bare = [described(scene, i) for i in order]
    place = PLACE_OF[scene.place]
    fragment = len(order) == 1 and rng.random() < FRAGMENT_SHARE
    templates = FRAGMENTS if fragment else (EMPTY, SINGLE, DOUBLE, TRIPLE)[len(order)]
    when = str(rng.choice(TIMES[scene.time]))
    if scene.weather:
        when = f"{when} {rng.choice(WEATHERS[scene.weather])}".strip()
    words = {
        "opening": str(rng.choice(OPENINGS)),
        "where": str(rng.choice(place.phrases)),
        "name": str(rng.choice(place.names)),
        "place": place.word,
        "when": f" {when}" if when else "",
        "bare": bare[0] if bare else "",
        "one": article(bare[0]) if bare else "",
        "two": article(bare[1]) if len(bare) > 1 else "",
        "three": article(bare[2]) if len(bare) > 2 else "",
        "pose": "sitting" if all(KIND_OF[item.word].alive for item in scene.items) else "standing",
    }
    return Caption(text := str(rng.choice(templates)).format(**words), spans(text, scene, order))


def plain_caption(scene: Scene) -> Caption:
    """The plainest wording of a scene, for pairs and measurements."""
    things = " and ".join(article(described(scene, i)) for i in range(len(scene.items)))
    weather = WEATHERS[scene.weather][0] if scene.weather else ""
    where = PLACE_OF[scene.place].phrases[0]
    text = " ".join(part for part in (things, where, said_time(scene.time), weather) if part)
    return Caption(text, spans(text, scene, list(range(len(scene.items)))))


def said_time(time: str) -> str:
    """What a plain caption says of the time of day: nothing by day."""
    return "" if time == "day" else TIMES[time][0]


def named(scene: Scene, index: int) -> str:
    """An object's word, after its colour where one is chosen."""
    item = scene.items[index]
    return f"{item.colour} {item.word}".strip()


def described(scene: Scene, index: int) -> str:
    """An object's word, its colour and what it wears."""
    worn = scene.items[index].worn
    return f"{named(scene, index)} wearing {WORN_OF[worn].phrase}" if worn else named(scene, index)


def spans(text: str, scene: Scene, order: list[int]) -> tuple[tuple[int, int, int], ...]:
    """Where each object (with its colour), what it wears and the place are named, word by word."""
    wanted = [(word, index) for index in order for word in named(scene, index).split()]
    count = len(scene.items)
    wanted += [(scene.items[index].worn, count + index) for index in order if scene.items[index].worn]
    wanted.append((PLACE_OF[scene.place].word, PLACE))
    found, start = [], 0
    words = []
    for word in text.split(" "):
        words.append((word, start))
        start += len(word) + 1
    for word, owner in wanted:
        for position, (written, begin) in enumerate(words):
            if written.rstrip(",") == word:
                found.append((begin, begin + len(word), owner))
                words[position] = ("", begin)
                break
    return tuple(sorted(found))


def vocabulary(tables: Tables) -> list[str]:
    """Every word that the captions of a preset use, and the spare ones, sorted."""
    texts = [kind.word for kind in tables.objects] + list(COLOURS) + SPARE_WORDS.split()
    for place in tables.places:
        texts += [place.word, *place.phrases, *place.names]
    texts += [text for times in TIMES.values() for text in times]
    texts += [text for weather in tables.weathers for text in WEATHERS[weather]]
    texts += [worn.phrase for worn in tables.worn]
    return sorted({word for text in texts for word in text.split()})
