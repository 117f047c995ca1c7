"""Scenes made on a device: the same pictures, splits and sentences as one by one, without waiting for the device."""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

CPU = torch.device("cpu")


@pytest.fixture
def full():
    from tables import TABLES

    return TABLES["full"]


@pytest.fixture
def make(full, sprites, tmp_path):
    """Makers of scenes with a few backgrounds, which are closed at the end."""
    from device_scenes import DeviceScenes
    from tokenizer import write_tokenizer

    made = []

    def made_of(tables=full, seed=0, sizes=((64, 64),)):
        tokenizer = write_tokenizer(tmp_path / str(len(tables.objects)), tables)
        made.append(DeviceScenes(tables, tokenizer, CPU, seed, 1, sizes, workers=2, sprites=sprites))
        return made[-1]

    yield made_of
    for scenes in made:
        scenes.close()


def drawn(tables, count, seed=0):
    """So many scenes drawn on the device, and as Scenes."""
    from device_draw import Dice, SceneDrawer
    from device_parameters import scenes_of

    dice = Dice(count, torch.Generator().manual_seed(seed))
    parameters = SceneDrawer(tables, CPU).draw(dice, 1.0)
    return parameters, scenes_of(parameters, tables)


def test_both_renderers_paint_the_same(full, sprites):
    """Mean difference below half a level of 255, from the rounding of stored sprites; masks equal but for a few
    pixels on edges."""
    import places
    import weather
    from atlas import Atlas
    from device_parameters import parameters_of
    from device_render import DeviceRenderer, cell_masks
    from examples import owners_masks
    from scenes import render, scene_of
    from tables import CONTENTS

    height, width = 64, 80
    scenes = [scene_of(seed, full, content=CONTENTS[seed % len(CONTENTS)]) for seed in range(36)]
    plain = [render(scene, sprites, height, width) for scene in scenes]
    parameters = parameters_of(scenes, full, CPU)
    backgrounds = np.stack([places.paint(s.place, s.time, height, width, s.backdrop) for s in scenes])
    clear = np.zeros((height, width), np.float32)
    veils = [weather.coverage(s.weather, height, width, s.backdrop) if s.weather else clear for s in scenes]
    renderer = DeviceRenderer(full, Atlas(full, sprites, range(2, 62), CPU), CPU)
    batch = renderer.render(
        parameters, torch.from_numpy(backgrounds).permute(0, 3, 1, 2), torch.from_numpy(np.stack(veils))
    )
    pixels = (batch.canvas * 255).permute(0, 2, 3, 1).numpy()
    masks = cell_masks(batch, parameters, 3, True)
    for index, (scene, picture) in enumerate(zip(scenes, plain, strict=True)):
        difference = np.abs(pixels[index] - picture.pixels)
        assert difference.mean() < 0.5 and difference.max() < 12, scene
        groups = len(scene.groups)
        own = torch.cat([masks[index, :groups], masks[index, 3 : 3 + groups], masks[index, -1:]])
        expected = owners_masks(picture)
        assert torch.minimum(own, expected).sum() > 0.98 * torch.maximum(own, expected).sum()
        assert (own - expected).abs().max() < 0.05
        assert not masks[index, groups:3].any() and not masks[index, 3 + groups : 6].any()
    assert {scene.weather for scene in scenes} > {""} and any(i.worn for scene in scenes for i in scene.items)


def test_a_kept_size_is_near_to_every_wanted_one():
    from atlas import GREATEST, ladder

    sides = np.array(ladder(300))
    for wanted in range(8, 301):
        assert (
            np.abs(np.log(sides / wanted)).min() < 0.08
        )  # between the smallest, whole numbers are far apart
    assert np.abs(np.log(sides[:, None] / np.arange(40, 301))).min(0).max() < 0.05
    assert max(ladder(10_000)) == GREATEST


def test_scenes_are_drawn_from_the_training_split_only_and_every_held_out_one_is_known(full):
    from held_out import HeldOut
    from scenes import Item, Scene

    _, scenes = drawn(full, 3000)
    assert not any(scene.held_out for scene in scenes)
    assert len({(tuple(item.word for item in scene.items), scene.place) for scene in scenes}) > 2500
    generator = torch.Generator().manual_seed(1)
    words = torch.randint(0, 100, (300, 3), generator=generator)
    words[::7, 2] = words[::7, 1]
    found = HeldOut(full, CPU).places(words)
    for row, held in zip(words.tolist(), found, strict=True):
        items = tuple(Item(full.objects[n - 1].word, 0, 0, 0, False) for n in row if n)
        expected = [Scene(place.word, "day", items, 0).held_out for place in full.places]
        assert held.tolist() == expected
    assert 0.1 < found.float().mean() < 0.15


def test_drawn_scenes_say_what_they_show(full):
    from collections import Counter

    from device_parameters import ITEMS
    from tables import KIND_OF, PLACE_OF, WORN_OF

    parameters, scenes = drawn(full, 4000)
    words, shares = Counter(), Counter()
    for index, scene in enumerate(scenes):
        numbers = {i: n for n, group in enumerate(scene.groups) for i in group}
        assert [numbers[i] for i in range(len(scene.items))] == parameters.groups[
            index, : len(numbers)
        ].tolist()
        several = len(scene.items) > len(scene.groups)
        extents = {item.extent for item in scene.items}
        shares[scene.relation or ("several" if several else "sized" if extents - {""} else "plain")] += 1
        words.update({item.word for item in scene.items})
        if scene.relation == "on":
            rider, below = scene.items
            assert KIND_OF[below.word].top is not None and not below.worn
            assert (rider.x, rider.foot) == (below.x, below.foot) and rider.word != below.word
        elif scene.relation:
            assert (scene.items[0].x < scene.items[1].x) == (scene.relation == "left of")
        if scene.weather:
            assert PLACE_OF[scene.place].weather
        for item in scene.items:
            kind = KIND_OF[item.word]
            assert kind.colours or not item.colour
            assert not item.worn or (kind.eyes if WORN_OF[item.worn].on_eyes else kind.head)
            assert 0 < item.size <= 0.95 and 0 < item.x < 1
            near, far = PLACE_OF[scene.place].ground
            assert near <= item.foot <= far
    expected = dict(full.contents)
    expected["several"] = expected.pop("number") + expected.pop("mixed")
    for name, share in (
        ("several", expected["several"]),
        ("on", expected["on"]),
        ("left of", expected["beside"] / 2),
    ):
        assert shares[name] / 4000 == pytest.approx(share, abs=0.02)
    familiar = sum(words[kind.word] for kind in full.objects[:24]) / 24
    others = sum(words[kind.word] for kind in full.objects[24:] if kind.top is None)
    others /= sum(kind.top is None for kind in full.objects[24:])
    assert familiar > 1.2 * others and min(words[kind.word] for kind in full.objects) > 10
    assert {scene.time for scene in scenes} == {"day", "sunset", "night"}
    assert max(len(scene.items) for scene in scenes) == ITEMS and min(len(s.items) for s in scenes) == 0


@pytest.mark.parametrize("preset", ["cpu", "full"])
def test_sentences_are_those_of_the_templates_and_their_words_know_what_they_name(preset, tmp_path):
    from captions import PLACE, spans
    from device_captions import CaptionMaker
    from device_draw import Dice
    from tables import TABLES
    from tokenizer import write_tokenizer

    tables = TABLES[preset]
    tokenizer = write_tokenizer(tmp_path, tables)
    parameters, scenes = drawn(tables, 400)
    maker = CaptionMaker(tables, tokenizer, CPU)
    tokens, owners = maker.make(parameters, Dice(400, torch.Generator().manual_seed(3)))
    assert owners[:, 0].eq(maker.background).all()
    beginnings = set()
    for row, owned, scene in zip(tokens, owners[:, 1:], scenes, strict=True):
        text = tokenizer.decode(row, skip_special_tokens=True).replace(" ,", ",")
        encoded = tokenizer(
            text, padding="max_length", truncation=True, return_tensors="pt", return_offsets_mapping=True
        )
        assert torch.equal(row, encoded["input_ids"][0])
        beginnings.add(text.split()[0])
        if scene.weather == "snowfall" and scene.place == "snow":
            continue  # the plain sentence takes the first "snow" for the place
        groups = len(scene.groups)
        order = list(dict.fromkeys(owner for owner in owned.tolist() if 0 <= owner < groups))
        said = {begin: owner for begin, _, owner in spans(text, scene, order)}
        expected = []
        for begin, end in encoded["offset_mapping"][0, 1:].tolist():
            owner = said.get(begin) if end > begin else None
            if owner is not None and owner >= groups:
                owner += 3 - groups
            expected.append(-1 if owner is None else maker.background if owner == PLACE else owner)
        assert owned.tolist() == expected, text
    assert {"a", "an", "two", "three", "there", "the", "in", "on"} <= beginnings


def test_a_sentence_that_is_too_long_is_cut_as_the_tokenizer_cuts_it(full, tmp_path):
    from captions import describe
    from device_captions import CaptionMaker
    from device_draw import Dice
    from device_parameters import parameters_of
    from scenes import Item, Scene
    from tokenizer import write_tokenizer

    items = [Item(word, 0.2, 0.8, 0.2, False, "red", "crown", "small") for word in ("fox", "cat", "dog")]
    scene = Scene("kitchen", "sunset", tuple(items), 0)
    tokenizer = write_tokenizer(tmp_path, full)
    parameters = parameters_of([scene] * 60, full, CPU)
    maker = CaptionMaker(full, tokenizer, CPU)
    tokens, owners = maker.make(parameters, Dice(60, torch.Generator().manual_seed(0)))
    assert tokens.shape == owners.shape == (60, 32)
    assert tokens[:, -1].eq(tokenizer.eos_token_id).all() and owners[:, -1].eq(-1).all()
    longest = [len(tokenizer(describe(scene, np.random.default_rng(n)).text)["input_ids"]) for n in range(60)]
    assert max(longest) > 32 == tokenizer.model_max_length  # or else nothing is cut here
    full_up = tokens[:, -2] != tokenizer.eos_token_id
    assert full_up.any() and not full_up.all()


def test_a_batch_has_the_promised_shapes_and_its_masks_share_out_every_cell(make, tables):
    for scenes, masks, size in ((make(), 7, (64, 64)), (make(tables, sizes=((64, 96),)), 4, (64, 96))):
        batch = scenes.batch(6, size, sketches=True)
        assert batch.pixels.shape == (6, 3, *size) and batch.pixels.dtype == torch.float32
        assert batch.pixels.is_contiguous(memory_format=torch.channels_last)
        assert -1 <= batch.pixels.min() < -0.3 and 0.3 < batch.pixels.max() <= 1
        assert batch.tokens.shape == batch.owners.shape == (6, 32) and batch.tokens.dtype == torch.int64
        assert batch.masks.shape == (6, masks, size[0] // 16, size[1] // 16)
        assert torch.allclose(batch.masks[:, :3].sum(1) + batch.masks[:, -1], torch.ones(()))
        assert batch.owners.max() == masks - 1 and batch.owners.min() == -1
        assert batch.sketches is not None and batch.sketches.shape == (6, 1, *size)
        assert batch.sketches.min() >= 0 and batch.sketches.max() <= 1
        assert scenes.batch(2, size).sketches is None


def test_a_seed_always_gives_the_same_batches(make):
    first, again, other = (make(seed=seed).batch(4, (64, 64), sketches=True) for seed in (1, 1, 2))
    for name, value in vars(first).items():
        assert torch.equal(value, getattr(again, name)), name
    assert not torch.equal(first.pixels, other.pixels) and not torch.equal(first.tokens, other.tokens)


class NoWaiting(TorchDispatchMode):
    """Refuses what makes a card's host wait: values read back, and shapes that depend on values."""

    FORBIDDEN = (
        "_local_scalar_dense",
        "nonzero",
        "masked_select",
        "unique",
        "is_nonzero",
        "equal",
        "repeat_interleave",
    )

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        assert name not in self.FORBIDDEN, name
        if name in ("index", "index_put", "index_put_"):
            assert all(each is None or each.dtype != torch.bool for each in args[1]), name
        return func(*args, **(kwargs or {}))


def test_making_a_batch_never_waits_for_the_device(make):
    scenes = make()
    scenes.batch(2, (64, 64))  # backgrounds come once
    with NoWaiting():
        scenes.batch(3, (64, 64), sketches=True)
    with pytest.raises(AssertionError, match="_local_scalar_dense"), NoWaiting():
        torch.ones(1).item()


def test_backgrounds_painted_ahead_are_those_painted_beside_and_wait_to_be_whole(full, tmp_path):
    from backdrops import Backdrops, banks_for
    from banks import Painted, paint_all
    from device_draw import Dice

    sizes = [(48, 64)]
    backgrounds, veils = banks_for(full, sizes, 1, 0)
    paint_all([backgrounds], tmp_path, 2)
    written = (tmp_path / "48x64.npy").stat().st_mtime_ns
    with pytest.raises(TimeoutError, match="veil-48x64"):
        Painted(tmp_path, patience=0).take(veils.name)
    paint_all([backgrounds, veils], tmp_path, 2)
    assert (tmp_path / "48x64.npy").stat().st_mtime_ns == written, "what is there is not painted again"
    parameters, _ = drawn(full, 12)
    found = []
    for made in (Backdrops(full, sizes, 1, 0, CPU, 2), Backdrops(full, sizes, 1, 0, CPU, painted=tmp_path)):
        dice = Dice(12, torch.Generator().manual_seed(0))
        found.append(made.take(parameters, (48, 64), dice, torch.float32))
        made.close()
    assert all(torch.equal(beside, ahead) for beside, ahead in zip(*found, strict=True))


def test_backgrounds_are_crops_of_painted_places_of_the_right_time(full, monkeypatch):
    import backdrops
    import places
    from backdrops import Backdrops
    from device_draw import Dice
    from device_parameters import TIME_NAMES

    monkeypatch.setattr(backdrops, "LIGHT", 0.0)
    monkeypatch.setattr(backdrops, "TONE", 0.0)
    made = Backdrops(full, [(48, 64)], 1, 0, CPU, 2)
    parameters, _ = drawn(full, 60)
    found, veils = made.take(parameters, (48, 64), Dice(60, torch.Generator().manual_seed(0)), torch.float32)
    made.close()
    rng = np.random.default_rng((5, 0))
    painted = {
        (place, time): places.paint(
            full.places[place].word, TIME_NAMES[time], 51, 68, int(rng.integers(2**31))
        )
        for place in range(12)
        for time in range(3)
    }
    for index, picture in enumerate(found.permute(0, 2, 3, 1).numpy()):
        whole = painted[int(parameters.place[index]), int(parameters.time[index])]
        crops = [
            side[y : y + 48, x : x + 64]
            for side in (whole, whole[:, ::-1])
            for y in range(4)
            for x in range(5)
        ]
        assert min(np.abs(crop - picture).max() for crop in crops) < 0.004
    weather = parameters.weather > 0
    assert (veils.flatten(1).amax(1) > 0).equal(weather) and weather.any()


def test_places_that_nobody_can_paint_are_reported():
    from banks import Bank, Painters

    painters = Painters([Bank("nowhere", 16, 16, (("atlantis", "day", 1),))], workers=1)
    with pytest.raises(RuntimeError, match="could not be painted"):
        painters.take("nowhere")
    painters.close()


def test_a_drawing_lies_on_the_outlines_of_what_is_drawn(tables, sprites, monkeypatch):
    import device_sketches
    from atlas import Atlas, ladder
    from device_draw import Dice
    from device_render import DeviceRenderer

    parameters, _ = drawn(tables, 60)
    renderer = DeviceRenderer(tables, Atlas(tables, sprites, ladder(122), CPU), CPU)
    picture = renderer.render(parameters, torch.full((60, 3, 128, 128), 0.5))
    for name, value in (
        ("EMPTY_SHARE", 0),
        ("ONE_OBJECT_SHARE", 0),
        ("BACKGROUND_SHARE", 0),
        ("WOBBLE_SHARE", 0),
    ):
        monkeypatch.setattr(device_sketches, name, value)
    drawing = device_sketches.draw_lines(picture, parameters, Dice(60, torch.Generator().manual_seed(0)))[
        :, 0
    ]
    there = (parameters.words > 0).any(1)
    assert (drawing.flatten(1).amax(1) > 0).equal(there) and not there.all()
    objects = device_sketches.objects_of(picture) > 0
    near = torch.nn.functional.max_pool2d(objects.float()[:, None], 9, 1, 4)[:, 0] > 0
    assert not drawing[~near].any()
    monkeypatch.setattr(device_sketches, "GAPS_SHARE", 0)
    monkeypatch.setattr(device_sketches, "DETAILS_SHARE", 0)
    monkeypatch.setattr(device_sketches, "WIDTHS", (0.004, 0.004))
    outline = device_sketches.draw_lines(picture, parameters, Dice(60, torch.Generator().manual_seed(0)))[
        :, 0
    ]
    border = device_sketches.outlines(device_sketches.objects_of(picture), objects)
    assert (outline[border] > 0.4).all()  # half of white where a line is a single pixel
    monkeypatch.setattr(device_sketches, "EMPTY_SHARE", 1.1)
    assert not device_sketches.draw_lines(picture, parameters, Dice(60, torch.Generator())).any()


def test_edges_lie_where_brightness_jumps():
    from device_sketches import edges

    picture = torch.zeros(1, 3, 32, 32)
    picture[..., 16:] = 0.8
    found = edges(picture, 0.8)[0]
    assert found[:, 15:17].any(1).all() and found.sum() == 32
    assert not edges(torch.full((1, 3, 32, 32), 0.7), 0.8).any()


def test_the_measuring_command_gives_rows(tables):
    from measure_scenes import scene_rows

    rows = {row.id: row.value for row in scene_rows(tables, CPU, [64], 1, 2, 0.01)}
    assert set(rows) == {"scenes_made", "scenes_painted_64", "scenes_64", "scenes_drawn_64"}
    assert min(rows.values()) > 0
