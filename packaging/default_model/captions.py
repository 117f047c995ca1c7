"""Captions: several wordings for a scene, with the characters that name each object and the place."""

import re
from dataclasses import dataclass

import numpy as np

from scenes import EXTENTS, Scene
from tables import COLOURS, KIND_OF, PLACE_OF, TIMES, WEATHERS, WORN_OF, Tables

PLACE = -1
"""The owner of the words that name the place; groups of objects are numbered as in the scene."""

OPENINGS = ("", "", "", "", "", "a picture of ", "a painting of ", "there {is} ")
SINGLE = (
    "{opening}{one} {where}{when}",
    "{opening}{one} {where}{when}",
    "{opening}{one} {pose} {where}{when}",
    "{where} there {is} {one}{when}",
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
FRAGMENTS_OF_SEVERAL = ("{one}", "{opening}{one}{when}")
RELATED = {
    relation: (
        f"{{opening}}{{one}} {said} {{two}} {{where}}{{when}}",
        f"{{opening}}{{one}} {said} {{two}} {{where}}{{when}}",
        f"{{where}} there is {{one}} {said} {{two}}{{when}}",
        f"{{name}} with {{one}} {said} {{two}}{{when}}",
        f"{{opening}}{{one}} {longer} {{two}} {{where}}{{when}}",
        f"{{opening}}{{one}} {longer} {{two}}{{when}}",
    )
    for relation, said, longer in (
        ("left of", "left of", "to the left of"),
        ("right of", "right of", "to the right of"),
        ("on", "on", "standing on"),
    )
}
"""By a scene's relation; the first object comes first."""
FRAGMENT_SHARE = 0.13
NUMBERS = ("", "", "two", "three")
SPARE_WORDS = (
    "and with next to near behind beside under over by the a an of in on at is are there picture painting photo "
    "standing sitting resting empty two three one white black brown orange purple pink small big little old happy "
    "sad rain snowing sunny cloudy fog storm morning evening hat crown glasses wearing street kitchen table city "
    "left right to"
)
"""Words of the tokenizer besides those of the tables: what people may type."""


@dataclass(frozen=True)
class Caption:
    """A sentence and its named parts: (first character, character after the last, owner).

    The owner is the number of a group of objects (scenes that say no number have one object in each), PLACE, or, for
    what an object wears, the number of groups plus that of its group.
    """

    text: str
    spans: tuple[tuple[int, int, int], ...]


def article(words: str) -> str:
    """The words with "a" or "an" before them."""
    vowel = words[0] in "aeiou" and not words.startswith("uni")  # a unicorn
    return f"{'an' if vowel else 'a'} {words}"


def describe(scene: Scene, rng: np.random.Generator) -> Caption:
    """One of the many wordings of a scene."""
    groups = scene.groups
    order = [int(i) for i in rng.permutation(len(groups))]
    if scene.relation:
        order.sort()
    fragment = len(order) == 1 and rng.random() < FRAGMENT_SHARE
    templates = wordings(scene.relation, [len(groups[i]) for i in order], fragment)
    place = PLACE_OF[scene.place]
    when = str(rng.choice(TIMES[scene.time]))
    if scene.weather:
        when = f"{when} {rng.choice(WEATHERS[scene.weather])}".strip()
    said = [counted(scene, groups[i]) for i in order] + [""] * 3
    several = bool(order) and len(groups[order[0]]) > 1
    words = {
        "opening": str(rng.choice(OPENINGS)).format(**{"is": to_be(several)}),
        "where": str(rng.choice(place.phrases)),
        "name": str(rng.choice(place.names)),
        "place": place.word,
        "when": f" {when}" if when else "",
        "bare": described(scene, groups[order[0]][0]) if order else "",
        "one": said[0],
        "two": said[1],
        "three": said[2],
        "is": to_be(several),
        "pose": pose(all(KIND_OF[item.word].alive for item in scene.items)),
    }
    return Caption(text := str(rng.choice(templates)).format(**words), spans(text, scene, order))


def wordings(relation: str, numbers: list[int], fragment: bool) -> tuple[str, ...]:
    """The templates for a scene of so many objects in each group."""
    if relation:
        return RELATED[relation]
    if fragment:
        return FRAGMENTS if numbers == [1] else FRAGMENTS_OF_SEVERAL
    return (EMPTY, SINGLE, DOUBLE, TRIPLE)[len(numbers)]


def to_be(several: bool) -> str:
    """What comes after "there"."""
    return "are" if several else "is"


def pose(alive: bool) -> str:
    """What things do somewhere."""
    return "sitting" if alive else "standing"


def plain_caption(scene: Scene) -> Caption:
    """The plainest wording of a scene, for pairs and measurements."""
    groups = scene.groups
    things = f" {scene.relation or 'and'} ".join(counted(scene, group) for group in groups)
    weather = WEATHERS[scene.weather][0] if scene.weather else ""
    where = PLACE_OF[scene.place].phrases[0]
    text = " ".join(part for part in (things, where, said_time(scene.time), weather) if part)
    return Caption(text, spans(text, scene, list(range(len(groups)))))


def said_time(time: str) -> str:
    """What a plain caption says of the time of day: nothing by day."""
    return "" if time == "day" else TIMES[time][0]


def named(scene: Scene, index: int) -> str:
    """An object's word, after its size and its colour where they are said."""
    item = scene.items[index]
    return " ".join(part for part in (item.extent, item.colour, item.word) if part)


def described(scene: Scene, index: int) -> str:
    """An object's word, its size, its colour and what it wears."""
    worn = scene.items[index].worn
    return f"{named(scene, index)} wearing {WORN_OF[worn].phrase}" if worn else named(scene, index)


def counted(scene: Scene, group: tuple[int, ...]) -> str:
    """A group of objects with its article or its number."""
    if len(group) == 1:
        return article(described(scene, group[0]))
    return named_together(scene, group)


def named_together(scene: Scene, group: tuple[int, ...]) -> str:
    """The words that a group is grounded by: of one object its name, of several their number and their name."""
    if len(group) == 1:
        return named(scene, group[0])
    item = scene.items[group[0]]
    parts = (NUMBERS[len(group)], item.extent, item.colour, KIND_OF[item.word].several)
    return " ".join(part for part in parts if part)


def spans(text: str, scene: Scene, order: list[int]) -> tuple[tuple[int, int, int], ...]:
    """Where each group of objects (with number, size, colour), what it wears and the place are named, word by word."""
    groups = scene.groups
    wanted = [(word, index) for index in order for word in named_together(scene, groups[index]).split()]
    worn = [scene.items[group[0]].worn for group in groups]
    wanted += [(worn[index], len(groups) + index) for index in order if worn[index]]
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
    texts += [kind.several for kind in tables.objects]
    for place in tables.places:
        texts += [place.word, *place.phrases, *place.names]
    texts += [text for times in TIMES.values() for text in times]
    texts += [text for weather in tables.weathers for text in WEATHERS[weather]]
    texts += [worn.phrase for worn in tables.worn]
    return sorted({word for text in texts for word in text.split()})


def taught(tables: Tables) -> dict[str, list[str]]:
    """The words of a preset's captions by what they name; those that people may type besides are no part of them."""
    groups = {
        "things": [kind.word for kind in tables.objects],
        "places": [place.phrases[0] for place in tables.places],
        "times": [phrases[-1] for phrases in TIMES.values()],
        "colours": list(COLOURS),
    }
    if tables.weathers:
        groups["weather"] = [phrase for weather in tables.weathers for phrase in WEATHERS[weather]]
    if tables.worn:
        groups["worn"] = [f"wearing {worn.phrase}" for worn in tables.worn]
    named = {word for group in groups.values() for phrase in group for word in phrase.split()}
    templates = [*OPENINGS, *SINGLE, *DOUBLE, *TRIPLE, *EMPTY, *FRAGMENTS]
    said = [text for wordings in RELATED.values() for text in wordings] + templates
    texts = [re.sub(r"{\w+}", " ", text) for text in said]
    texts += [text for place in tables.places for text in (*place.phrases, *place.names)]
    texts += [kind.several for kind in tables.objects] + [*NUMBERS, *EXTENTS]
    texts += ["is are sitting standing a an the"]
    others = {word for text in texts for word in re.findall(r"[a-z]+", text)}
    return groups | {"words": sorted(others - named)}
