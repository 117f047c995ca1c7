"""The judge of the measurements, and the rows that it fills."""

import math

import numpy as np
import pytest
import torch

CPU = torch.device("cpu")


def verdict_of(names, middles, objects=()):
    """What a judge says that sees objects at some places: (word, column, row) of its cells."""
    from editor_core.evaluation.judge import CELLS, Verdict

    heat = torch.zeros(1, len(names.words), CELLS, CELLS)
    scores = torch.full((1, len(names.words)), -1.0)
    for word, column, row in middles:
        heat[0, names.words.index(word), row, column] = 0.8
        heat[0, names.words.index(word), row, column + 1] = 0.5  # the slope of the same peak
        scores[0, names.words.index(word)] = 1.0
    coloured = torch.zeros(1, len(names.coloured))
    return Verdict(names, scores, torch.eye(len(names.places))[:1], coloured, heat)


def test_the_judge_counts_and_places_what_it_sees(tables):
    from judge import names_of

    seen = verdict_of(names_of(tables), [("cat", 2, 10), ("cat", 8, 10), ("dog", 12, 4)])
    assert seen.number_of(0, "cat") == 2 and seen.number_of(0, "dog") == 1 and seen.number_of(0, "fox") == 0
    assert seen.number(0) == 3
    assert seen.position(0, "dog") == (12.5 / 16, 4.5 / 16)
    assert seen.related(0, "dog", "right of", "cat") and not seen.related(0, "dog", "left of", "cat")
    assert not seen.related(0, "dog", "on", "cat")  # it is above, but beside
    tower = verdict_of(names_of(tables), [("cat", 7, 6), ("car", 7, 11)])
    assert tower.related(0, "cat", "on", "car") and not tower.related(0, "car", "on", "cat")


def test_the_judge_learns_what_scenes_show(tables, sprites, tmp_path):
    from device_draw import Dice, SceneDrawer
    from device_parameters import scenes_of
    from device_scenes import DeviceScenes
    from editor_core.evaluation.judge import CELLS, Judge
    from judge import RENDERED, Truth, heat_loss, load_judge, names_of, save_judge, train_judge
    from tokenizer import write_tokenizer

    parameters = SceneDrawer(tables, CPU).draw(Dice(80, torch.Generator().manual_seed(0)), 1.0)
    judge = Judge(names_of(tables))
    truth = Truth(tables, judge.names, CPU)
    objects, places, coloured = truth.labels(parameters)
    middles = torch.stack([parameters.x, parameters.foot - 0.1], -1)
    heat = truth.heat(parameters, middles)
    for index, scene in enumerate(scenes_of(parameters, tables)):
        words = [item.word for item in scene.items]
        assert {judge.names.words[n] for n in objects[index].nonzero()} == set(words)
        assert judge.names.places[places[index]] == scene.place
        expected = {(item.word, item.colour or "red") for item in scene.items}
        assert {judge.names.coloured[n] for n in coloured[index].nonzero()} == expected & set(
            judge.names.coloured
        )
        for number, item in enumerate(scene.items):
            column, row = (middles[index, number] * CELLS).long().tolist()
            assert heat[index, judge.names.words.index(item.word), row, column] == 1
        assert (heat[index] == 1).sum() == len(scene.items)
    certain = torch.where(heat == 1, 9.0, -9.0)
    assert heat_loss(certain, heat) < 0.05 < heat_loss(-certain, heat)

    tokenizer = write_tokenizer(tmp_path, tables)
    scenes = DeviceScenes(tables, tokenizer, CPU, 0, 1, [RENDERED], workers=2, sprites=sprites)
    save_judge(judge, tmp_path / "before.safetensors")
    trained = train_judge(scenes, 5, batch=4, steps=2, begin=tmp_path / "before.safetensors")
    scenes.close()
    change = (trained.heads.weight - judge.heads.weight).abs().max()
    assert 0 < change < 0.01  # two steps from where it began
    assert all(value.isfinite().all() for value in trained.state_dict().values())
    save_judge(trained, tmp_path / "judge.safetensors")
    save_judge(trained, packed := tmp_path / "judge.safetensors.xz")
    assert packed.stat().st_size < (tmp_path / "judge.safetensors").stat().st_size
    again = load_judge(tables, packed)
    pictures = torch.rand(2, 3, 96, 96) * 2 - 1
    with torch.no_grad():
        assert torch.allclose(again(pictures).heat, trained(pictures).heat, atol=0.01)
    from tables import TABLES

    with pytest.raises(RuntimeError, match="size mismatch"):
        load_judge(TABLES["full"], tmp_path / "judge.safetensors")


def test_an_answer_compares_what_is_seen_with_a_scene(tables):
    from evaluate import answer_to
    from judge import names_of
    from scenes import Item, Scene

    names = names_of(tables)
    place = names.places[0]

    def scene(*words, relation=""):
        return Scene(place, "day", tuple(Item(word, 0, 0, 0, False) for word in words), 0, relation=relation)

    two = verdict_of(names, [("cat", 2, 10), ("cat", 9, 10)])
    answer = answer_to(two, 0, scene("cat", "cat"), 0.0)
    assert answer.objects and answer.count and answer.number and answer.place
    assert not answer_to(two, 0, scene("cat"), 0.0).number
    three = answer_to(two, 0, scene("cat", "cat", "cat"), 0.0)
    assert three.objects and not three.count
    beside = verdict_of(names, [("cat", 2, 10), ("dog", 9, 10)])
    assert answer_to(beside, 0, scene("cat", "dog", relation="left of"), 0.0).related
    assert not answer_to(beside, 0, scene("cat", "dog", relation="right of"), 0.0).related
    assert not answer_to(beside, 0, scene("cat", "fox", relation="left of"), 0.0).related


def test_measured_scenes_are_held_out_and_say_what_is_asked_for():
    from evaluate import numbered_scenes, related_scenes, said_scenes
    from tables import TABLES

    for preset, relations in (("cpu", {"left of", "right of"}), ("full", {"left of", "right of", "on"})):
        tables = TABLES[preset]
        numbered, related = numbered_scenes(tables, 12), related_scenes(tables, 24)
        assert all(scene.held_out for scene in [*numbered, *related, *said_scenes(tables, 5, 3)])
        assert {len(scene.items) for scene in numbered} == {2, 3}
        assert all(len(scene.groups) == 1 for scene in numbered)
        assert {scene.relation for scene in related} == relations


def test_sharpness_is_the_energy_of_gradients():
    from evaluate import gradient_energy

    stripes = np.zeros((8, 8, 3), np.uint8)
    stripes[:, ::2] = 255
    assert gradient_energy(stripes) == pytest.approx(1.0)
    assert gradient_energy(stripes // 2) == pytest.approx(0.25, rel=0.02)
    assert gradient_energy(np.full((8, 8, 3), 90, np.uint8)) == 0


def test_a_row_may_lie_between_two_bars():
    from rows import Row, said

    assert [Row("sharpness", value, "", (0.8, 1.2)).holds for value in (0.7, 0.8, 1.2, 1.3)] == [
        False,
        True,
        True,
        False,
    ]
    assert Row("sharpness", None, "", (0.8, 1.2)).holds is None
    assert said((0.8, 1.2)) == "0.8–1.2" and said(30) == "30" and said(None) == ""
    assert math.isclose(Row("x", 1.0, "", 2, at_most=True).as_json()["value"], 1.0)
