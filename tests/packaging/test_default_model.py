"""The recipe of the default model, from scenes to a folder that loads, at the smallest size."""

import numpy as np
import pytest
import torch


def test_a_seed_always_gives_the_same_scene_and_the_splits_share_no_composition(tables, sprites):
    from scenes import render, scene_of

    assert scene_of(5, tables) == scene_of(5, tables)
    first, second = (render(scene_of(5, tables), sprites, 48, 64) for _ in range(2))
    assert first.pixels.shape == (48, 64, 3)
    assert np.array_equal(first.pixels, second.pixels)
    compositions = [
        {
            (frozenset(i.word for i in s.items), s.place)
            for s in (scene_of(n, tables, held) for n in range(200))
            if s.items
        }
        for held in (False, True)
    ]
    assert compositions[0].isdisjoint(compositions[1])


def test_masks_show_what_is_visible_of_each_object(tables, sprites):
    from scenes import render, scene_of

    for seed in range(10):
        picture = render(scene_of(seed, tables, count=2), sprites, 96, 96)
        assert picture.masks.shape == (2, 96, 96)
        assert picture.masks.any((1, 2)).all()
        assert not (picture.masks[0] & picture.masks[1]).any()


def test_the_full_tables_show_three_objects_weather_and_what_is_worn(sprites):
    from captions import describe
    from scenes import render, scene_of
    from tables import TABLES

    tables = TABLES["full"]
    assert len(tables.objects) >= 80 and len(tables.places) >= 10
    assert sum(kind.colours for kind in tables.objects) >= 8
    seen = set()
    for seed in range(150):
        scene = scene_of(seed, tables)
        caption = describe(scene, np.random.default_rng(seed))
        count = len(scene.items)
        seen |= {count, scene.weather}
        named = {owner: caption.text[begin:end] for begin, end, owner in caption.spans}
        for index, item in enumerate(scene.items):
            assert named[index].rstrip(",") == item.word
            assert named.get(count + index, "").rstrip(",") == item.worn
        if any(item.worn for item in scene.items) or scene.weather:
            picture = render(scene, sprites, 64, 96)
            for index, item in enumerate(scene.items):
                seen.add(item.worn)
                assert not (picture.worn[index] & ~picture.masks[index]).any()
                assert picture.worn[index].any() == bool(item.worn)
    assert seen == {0, 1, 2, 3, "", *tables.weathers, *(worn.word for worn in tables.worn)}


def test_every_place_is_painted_at_every_time_and_differs_from_the_others():
    from places import paint
    from tables import TABLES, TIMES

    pictures = [paint(place.word, time, 48, 64, seed=1) for place in TABLES["full"].places for time in TIMES]
    assert all(picture.shape == (48, 64, 3) for picture in pictures)
    different = [np.abs(a - b).mean() for i, a in enumerate(pictures) for b in pictures[:i]]
    assert min(different) > 0.01


def test_every_word_that_the_shipped_model_knows_stays_known(tables):
    from transformers import CLIPTokenizer

    from captions import vocabulary
    from export import MODEL_FOLDER

    shipped = CLIPTokenizer.from_pretrained(MODEL_FOLDER / "tokenizer", local_files_only=True)
    known = {word for word in vocabulary(tables) if len(shipped.tokenize(word)) == 1}
    assert {kind.word for kind in tables.objects} <= known
    assert len(known) >= 97


def test_a_drawing_lies_on_the_outlines_of_what_is_drawn(tables, sprites):
    from scenes import render, scene_of
    from sketches import Hand, draw, random_hand

    picture = render(scene_of(3, tables, count=2), sprites, 128, 128)
    drawn = draw(picture, [0], Hand(details=False))
    y, x = np.nonzero(picture.masks[0])
    near = np.zeros((128, 128), bool)
    near[max(y.min() - 4, 0) : y.max() + 5, max(x.min() - 4, 0) : x.max() + 5] = True
    assert drawn.dtype == np.uint8 and drawn[near].max() == 255 and not drawn[~near].any()
    assert not draw(picture, []).any()
    hands = [draw(picture, [0, 1], random_hand(rng), rng) for rng in map(np.random.default_rng, range(8))]
    assert all(0 < (hand > 128).mean() < 0.4 for hand in hands)
    assert len({hand.tobytes() for hand in hands}) == 8


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    "kind", ["object", "second", "colour", "place", "time", "add", "remove", "move", "resize"]
)
def test_a_pair_differs_only_under_its_mask_and_in_one_phrase(tables, sprites, kind, count):
    from pairs import VISIBLE_CHANGE, pair

    for seed in range(4):
        found = pair(seed, tables, sprites, (64, 64), kind, count)
        difference = np.abs(found.before.pixels.astype(int) - found.after.pixels).max(-1)
        assert found.mask.any()
        assert difference[~found.mask].max(initial=0) <= VISIBLE_CHANGE
        assert all(scene.held_out for scene in found.scenes)
        texts = [caption.text for caption in found.captions]
        assert all(said in text for said, text in zip(found.phrases, texts, strict=True))
        assert (texts[0] == texts[1]) == (kind in ("move", "resize"))
        rest = [text.replace(said, "", 1) for said, text in zip(found.phrases, texts, strict=True)]
        assert [word for word in rest[0].split() if word != "and"] == [
            word for word in rest[1].split() if word != "and"
        ]
        named = [
            picture.masks[index].any()
            for picture, index in zip((found.before, found.after), found.objects, strict=True)
            if index is not None
        ]
        assert all(named) and len(named) == {"place": 0, "time": 0, "add": 1, "remove": 1}.get(kind, 2)


def test_sprites_and_judge_come_with_the_repository():
    from scene_pairs import held_out_pairs, look, true_sketch

    pairs = list(held_out_pairs(9, 128))
    again = next(held_out_pairs(1, 128, first=0))
    assert np.array_equal(pairs[0].after.pixels, again.after.pixels)
    verdict = look([found.before.pixels for found in pairs])
    words = [{item.word for item in found.scenes[0].items} for found in pairs]
    right = [verdict.best_objects(i, len(expected)) == expected for i, expected in enumerate(words)]
    assert sum(right) >= 8
    assert [verdict.place(i) for i in range(9)] == [found.scenes[0].place for found in pairs]
    sketch = true_sketch(pairs[0])
    assert sketch.shape == (128, 128) and 0 < (sketch > 128).mean() < 0.2


def test_captions_name_every_object_and_the_place(tables, sprites):
    from captions import PLACE, describe
    from scenes import scene_of

    for seed in range(200):
        scene = scene_of(seed, tables)
        caption = describe(scene, np.random.default_rng(seed))
        named = {owner: caption.text[begin:end] for begin, end, owner in caption.spans}
        assert all(named[index] == item.word for index, item in enumerate(scene.items))
        assert PLACE in named or len(scene.items) == 1
        assert named.get(PLACE, scene.place) == scene.place


def test_known_words_are_one_token_and_unknown_words_are_spelled(tables, tmp_path):
    from captions import vocabulary
    from tokenizer import write_tokenizer

    tokenizer = write_tokenizer(tmp_path, tables)
    assert all(len(tokenizer.tokenize(word)) == 1 for word in vocabulary(tables))
    assert "".join(tokenizer.tokenize("Dragon")) == "dragon</w>"
    offsets = tokenizer("a fox", return_offsets_mapping=True)["offset_mapping"]
    assert [tuple(pair) for pair in offsets] == [(0, 0), (0, 1), (2, 5), (0, 0)]


def test_grounding_is_zero_where_attention_lies_on_the_mask_and_large_elsewhere():
    from grounding import grounding_loss

    mask = torch.zeros(8, 8)
    mask[:4] = 1
    masks = torch.stack([mask, torch.zeros(8, 8)])[None]
    owners, kept = torch.tensor([[-1, 0]]), torch.tensor([True])
    on_mask = torch.stack([torch.ones(64), mask.flatten() + 1e-9], -1)[None]
    off_mask = torch.stack([torch.ones(64), 1 - mask.flatten() + 1e-9], -1)[None]
    assert grounding_loss({2: on_mask}, owners, masks, kept).item() == pytest.approx(0, abs=1e-4)
    assert grounding_loss({2: off_mask}, owners, masks, kept).item() > 5
    assert grounding_loss({2: off_mask}, owners, masks, ~kept) == 0
    assert (
        grounding_loss({2: off_mask}, torch.tensor([[-1, 1]]), masks, kept) == 0
    )  # a mask that shows nothing
    coarse = torch.stack([torch.ones(16), mask[::2, ::2].flatten() + 1e-9], -1)[None]
    assert grounding_loss({4: coarse}, owners, masks, kept).item() == pytest.approx(0, abs=1e-4)


def test_a_fuller_vocabulary_keeps_the_rows_of_known_tokens():
    from begin import carried_over

    rows = carried_over(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), {"fox": 0, "cat": 1}, {"cat": 0, "zebra": 1})
    assert rows[0].tolist() == [3.0, 4.0]
    assert rows[1].tolist() not in ([1.0, 2.0], [3.0, 4.0])
