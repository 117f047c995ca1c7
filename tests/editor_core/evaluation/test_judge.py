"""The judge that a set brings along, and what its verdict counts as."""

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from editor_core.base.errors import EditorError
from editor_core.evaluation import judge as judging
from editor_core.evaluation.example import Expected
from editor_core.evaluation.judge import CELLS, Judge, Names, Verdict, judge_of, verdict_on
from editor_core.evaluation.sets.registry import reader

NAMES = Names(["fox", "cat", "car"], ["snow", "beach"], [("car", "red"), ("car", "blue")])
PICTURE = np.full((64, 64, 3), 100, np.uint8)
MASK = np.zeros((64, 64), np.uint8)
MASK[:32] = 255


class Seeing:
    """A judge that always sees the same."""

    def __init__(self, *words, place="snow", colour="red", left=()):
        scores = torch.tensor([[1.0 if word in words else -1.0 for word in NAMES.words]])
        heat = torch.zeros(1, 3, CELLS, CELLS)
        for number, word in enumerate(left):
            heat[0, NAMES.words.index(word), 8, 3 + 8 * number] = 0.9
        places = torch.tensor([[float(each == place) for each in NAMES.places]])
        coloured = torch.tensor([[float(name == colour) for _, name in NAMES.coloured]])
        self.verdict = Verdict(NAMES, scores, places, coloured, heat)

    def look(self, picture):
        return self.verdict


def verdict(judge, expected, result=PICTURE):
    return verdict_on(judge, expected, PICTURE, result, MASK)


def test_what_was_asked_for_what_went_and_what_stays():
    swap = Expected(shown=("cat",), asked=("cat",), gone=("fox",))
    assert verdict(Seeing("cat"), swap) == {"asked": 1, "gone": 1, "kept": 1}
    assert verdict(Seeing("fox"), swap)["asked"] == 0 == verdict(Seeing("cat", "fox"), swap)["gone"]
    beside = Expected(shown=("cat", "car"), asked=("cat",), kept=("car",))
    assert verdict(Seeing("cat", "car"), beside)["kept"] == 1 > verdict(Seeing("cat", "fox"), beside)["kept"]
    assert "gone" not in verdict(Seeing("cat"), beside)


def test_kept_needs_the_pixels_outside_the_mask_too():
    result = PICTURE.copy()
    result[:32] = 255
    assert verdict(Seeing("cat"), Expected(), result) == {"kept": 1}
    result[40:] = 200
    assert verdict(Seeing("cat"), Expected(), result) == {"kept": 0}


def test_places_colours_sides_and_light():
    there = Expected(place="beach", place_gone="snow")
    assert (
        verdict(Seeing(place="beach"), there)["asked"] == 1 == verdict(Seeing(place="beach"), there)["gone"]
    )
    assert verdict(Seeing(place="snow"), there) == {"asked": 0, "gone": 0, "kept": 1}
    blue = Expected(colours=(("car", "blue"),))
    assert verdict(Seeing(colour="blue"), blue)["asked"] == 1 > verdict(Seeing(), blue)["asked"]
    side = Expected(related=("cat", "left of", "fox"))
    assert verdict(Seeing(left=("cat", "fox")), side)["asked"] == 1
    assert verdict(Seeing(left=("fox", "cat")), side)["asked"] == 0
    night = Expected(light=(-60.0, -60.0, -40.0))
    assert verdict(Seeing(), night, PICTURE - np.uint8(40))["asked"] == 1
    assert verdict(Seeing(), night, PICTURE - np.uint8(20))["asked"] == 0


@pytest.fixture
def set_with_judge(pairs):
    """A set in the public format with a judge that has learned nothing, and what it should find."""
    from safetensors.torch import save_file

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        weights = Judge(NAMES).state_dict()
    save_file(
        {name: value for name, value in weights.items() if value.is_floating_point()},
        pairs / "judge.safetensors",
    )
    (pairs / "judge.json").write_text(json.dumps(vars(NAMES)))
    lines = [json.loads(line) for line in (pairs / "pairs.jsonl").read_text().splitlines()]
    told = {"shown": ["cat"], "asked": ["cat"], "gone": ["fox"], "related": ["cat", "left of", "car"]}
    for line in lines:
        line["expected"] = told
    lines[1]["follows"] = "0"
    (pairs / "pairs.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return pairs


def test_a_set_brings_its_judge_and_says_what_to_find(set_with_judge, tmp_path):
    judge = judge_of(set_with_judge)
    assert judge.names == replace(NAMES, coloured=[("car", "red"), ("car", "blue")])
    first, second, *_ = reader("picture-book")(set_with_judge)
    assert first.expected == Expected(("cat",), ("cat",), ("fox",), related=("cat", "left of", "car"))
    assert second.follows == "0" and first.follows == ""
    found = verdict_on(judge, first.expected, PICTURE, PICTURE, MASK)
    assert set(found) == set(judging.FIGURES) and set(found.values()) <= {0.0, 1.0}
    assert judge_of(tmp_path) is None


def test_a_damaged_judge_is_refused_in_a_sentence(set_with_judge):
    (set_with_judge / "judge.json").write_text('{"words": []}')
    with pytest.raises(EditorError, match="judge is damaged"):
        judge_of(set_with_judge)
    shutil.copy(__file__, set_with_judge / "judge.safetensors")
    (set_with_judge / "judge.json").write_text(json.dumps(vars(NAMES)))
    with pytest.raises(EditorError, match="judge is damaged"):
        judge_of(set_with_judge)


def test_the_picture_book_is_written_as_it_is_read(tmp_path):
    import picture_book

    found = {}
    for part in ("pairs", "chains", "confusable"):
        picture_book.main([str(tmp_path / part), "--part", part, "--count", "2", "--size", "64"])
        found[part] = list(reader("picture-book")(tmp_path / part))
    assert [each.kind for each in found["pairs"]] == ["add", "remove"]
    chain = found["chains"][:5]
    assert [each.follows for each in chain] == ["", *(each.id for each in chain[:4])]
    assert all(a.words_after == b.words_before for a, b in pairwise(chain))
    assert all(a.kind != b.kind for a, b in pairwise(chain))
    sides, colours = found["confusable"]
    assert sides.expected.related[1] in ("left of", "right of") and sides.words_before.startswith("two ")
    assert len(set(colours.words_before.split()) & {"red", "blue", "green", "yellow"}) == 2
    judge = judge_of(Path(tmp_path / "pairs"))
    pixels = np.asarray(picture_book.held_out_pairs(1, 64, ("object",), 0).__next__().after.pixels)
    assert judge.look(pixels).place(0) in judge.names.places
