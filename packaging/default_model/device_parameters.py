"""What a batch of scenes shows, as tensors: the same that Scene says of one scene, without a pixel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from scenes import EXTENTS, Item, Scene
from tables import COLOURS, TIMES, Tables

ITEMS = 3
"""How many objects a scene may hold; those that it does not have are the null object, 0."""
RELATIONS = ("", "left of", "right of", "on")
COLOUR_NAMES = ("", *COLOURS)
EXTENT_NAMES = ("", *EXTENTS)
TIME_NAMES = tuple(TIMES)


@dataclass(frozen=True)
class Parameters:
    """n scenes. Words count from 1 in the tables' order, 0 is none; so do colours, what is worn and weather.

    (n, 3), of the objects: `words`, `colours`, `worn`, `extents` (1 small, 2 big where that is said), `groups` (which
    of them are named together), int64; `x`, `foot`, `size`, float32, and `flip`, bool, as in Item.
    (n,), of the scene: `place`, `time`, `weather`, `relation` (of RELATIONS), int64.
    """

    words: Tensor
    colours: Tensor
    worn: Tensor
    extents: Tensor
    groups: Tensor
    x: Tensor
    foot: Tensor
    size: Tensor
    flip: Tensor
    place: Tensor
    time: Tensor
    weather: Tensor
    relation: Tensor

    def changed(self, change: Callable[[Tensor], Tensor]) -> "Parameters":
        """The same with each tensor changed."""
        return replace(self, **{each.name: change(getattr(self, each.name)) for each in fields(self)})


def parameters_of(scenes: Sequence[Scene], tables: Tables, device: torch.device) -> Parameters:
    """The parameters of scenes."""
    words = ["", *(kind.word for kind in tables.objects)]
    worn = ["", *(thing.word for thing in tables.worn)]
    places = [place.word for place in tables.places]
    weathers = ["", *tables.weathers]

    def of_items(read: Callable[[Item], float], dtype: torch.dtype = torch.int64) -> Tensor:
        rows = [[read(item) for item in scene.items] for scene in scenes]
        filled = [row + [0] * (ITEMS - len(row)) for row in rows]
        return torch.tensor(filled, device=device).to(dtype)

    def of_scenes(read: Callable[[Scene], int]) -> Tensor:
        return torch.tensor([read(scene) for scene in scenes], device=device)

    groups = []
    for scene in scenes:
        number = {i: number for number, group in enumerate(scene.groups) for i in group}
        groups.append([number.get(i, i) for i in range(ITEMS)])
    return Parameters(
        of_items(lambda item: words.index(item.word)),
        of_items(lambda item: COLOUR_NAMES.index(item.colour)),
        of_items(lambda item: worn.index(item.worn)),
        of_items(lambda item: EXTENT_NAMES.index(item.extent)),
        torch.tensor(groups, device=device),
        of_items(lambda item: item.x, torch.float32),
        of_items(lambda item: item.foot, torch.float32),
        of_items(lambda item: item.size, torch.float32),
        of_items(lambda item: item.flip, torch.bool),
        of_scenes(lambda scene: places.index(scene.place)),
        of_scenes(lambda scene: TIME_NAMES.index(scene.time)),
        of_scenes(lambda scene: weathers.index(scene.weather)),
        of_scenes(lambda scene: RELATIONS.index(scene.relation)),
    )


def scenes_of(parameters: Parameters, tables: Tables) -> list[Scene]:
    """The scenes of parameters, for measurements and tests; backdrops are not known to them and are 0."""
    host = parameters.changed(lambda values: values.cpu())
    scenes = []
    for n in range(len(host.place)):
        items = [
            Item(
                tables.objects[int(host.words[n, i]) - 1].word,
                float(host.x[n, i]),
                float(host.foot[n, i]),
                float(host.size[n, i]),
                bool(host.flip[n, i]),
                COLOUR_NAMES[int(host.colours[n, i])],
                tables.worn[int(host.worn[n, i]) - 1].word if host.worn[n, i] else "",
                EXTENT_NAMES[int(host.extents[n, i])],
            )
            for i in range(ITEMS)
            if host.words[n, i]
        ]
        weather = int(host.weather[n])
        scenes.append(
            Scene(
                tables.places[int(host.place[n])].word,
                TIME_NAMES[int(host.time[n])],
                tuple(items),
                0,
                tables.weathers[weather - 1] if weather else "",
                RELATIONS[int(host.relation[n])],
            )
        )
    return scenes
