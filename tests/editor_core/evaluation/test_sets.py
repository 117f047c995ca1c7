"""Every reader on five pictures in its set's own format."""

import numpy as np
import pytest

from editor_core.base.errors import EditorError
from editor_core.commands.bench import SETS as NAMED
from editor_core.evaluation.sets import pie_bench as pie
from editor_core.evaluation.sets.registry import SETS, reader
from editor_core.project.image_io import read_image, read_mask


def test_magicbrush(magicbrush):
    found = list(reader("magicbrush")(magicbrush))
    assert [each.id for each in found] == ["101-1", "101-2", "101-3", "202-1", "202-2"]
    assert [each.follows for each in found] == ["", "101-1", "101-2", "", "202-1"]
    first, second = found[:2]
    assert (first.words_before, first.words_after, first.instruction) == ("a red fox", "a red fox 1", "do 1")
    assert second.before == first.after and read_image(first.after).shape == (64, 64, 3)
    for each in found:  # the last one's mask is white, the others' transparent
        assert each.mask.sum() == 255 * 16 * 16 and each.mask[20, 20] == 255


def test_pie_bench(pie_bench):
    found = list(reader("pie-bench")(pie_bench))
    assert len(found) == 5 and [each.kind for each in found] == list("01234")
    first = found[0]
    assert (first.words_before, first.words_after, first.instruction) == (
        "a red fox",
        "a blue fox",
        "make it blue",
    )
    assert first.mask[100, 7:10].all() and first.mask[101, 7:9].all()
    assert not first.mask[100, 6] and not first.mask[101, 9]
    assert first.mask[0].all() and first.mask[:, -1].all()  # the border, as in the authors' evaluation
    assert (first.mask[1:-1, 1:-1] > 0).sum() == 5


def test_pie_benchs_later_names_are_read_too(pie_bench):
    file = pie_bench / "mapping_file.json"
    file.write_text(
        file.read_text()
        .replace("original_prompt", "source_prompt")
        .replace("editing_prompt", "target_prompt")
    )
    assert next(reader("pie-bench")(pie_bench)).words_after == "a blue fox"
    assert pie.plain("a [b c]  d") == "a b c d"


def test_editing_mask(editing_mask):
    found = list(reader("editing-mask")(editing_mask))
    assert [each.kind for each in found] == ["imagen", "imagenet"] * 2 + ["imagen"]
    assert (found[0].words_before, found[0].words_after, found[0].instruction) == (
        "a fox on snow",
        "a cat on snow",
        "a cat",
    )
    assert (found[1].words_before, found[1].words_after) == ("a cat", "a dog")
    for each in found:
        assert "mask" not in each.before.parent.name and (read_mask(each.mask) > 0).sum() == 16 * 16


def test_fisedits_prompts(fisedit_set):
    found = list(reader("fisedit")(fisedit_set))
    assert [each.seed for each in found] == [0, 77, 2, 3, 4] and all(each.before is None for each in found)
    assert found[0].mask is not None and found[1].mask is None
    assert (found[2].words_before, found[2].words_after) == ("a fox 2", "a cat 2")


def test_pairs_with_their_truth(pairs):
    found = list(reader("picture-book")(pairs))
    assert len(found) == 5 and not np.array_equal(read_image(found[0].before), read_image(found[0].after))


@pytest.mark.parametrize("name", SETS)
def test_a_folder_of_another_kind_is_refused_in_a_sentence(name, tmp_path):
    with pytest.raises(EditorError, match="it has no"):
        list(reader(name)(tmp_path))


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "1"}'])
@pytest.mark.parametrize(("name", "file"), [("fisedit", "p.jsonl"), ("picture-book", "pairs.jsonl")])
def test_a_damaged_line_is_named(name, file, line, tmp_path):
    (tmp_path / file).write_text(line)
    with pytest.raises(EditorError, match="Line 1 of"):
        list(reader(name)(tmp_path))


def test_the_commands_names_are_the_sets():
    assert tuple(SETS) == NAMED
    with pytest.raises(EditorError, match="pie-bench"):
        reader("magic")
