"""The recipe of the default model, from scenes to a folder that loads, at the smallest size."""

import json

import numpy as np
import pytest
import torch

from editor_core.models.load import load

AUTOENCODER = {
    "latent_channels": 4,
    "channels": [4, 8, 8, 16],
    "batch": 4,
    "crop": 32,
    "learning_rate": 1e-3,
    "pool": 4,
}
MODEL = {
    "text_width": 16,
    "text_layers": 1,
    "text_heads": 2,
    "channels": [8, 8, 16, 16],
    "heads": [1, 1, 2, 2],
    "norm_groups": 4,
    "sample_size": 16,
    "caption_dropout": 0.1,
    "grounding": 0.03,
}
ADAPTER = {"res_blocks": 1, "caption_dropout": 0.1, "grounding": 0.1}
STAGE = {
    "sizes": [[128, 128]],
    "shares": [1.0],
    "scale": 1.0,
    "batch": 4,
    "pool": 32,
    "start": 16,
    "fresh": 1,
    "learning_rate": 1e-3,
    "average": 0.9,
    "warm_up": 1,
    "fall": 0.5,
    "steps": 2,
}


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
    from grounding import Targets, grounding_loss

    mask = torch.zeros(1, 8, 8)
    mask[:, :4] = 1
    targets = Targets(torch.tensor([0]), torch.tensor([1]), mask)
    on_mask = torch.stack([torch.ones(64), mask.flatten() + 1e-9], -1)[None]
    off_mask = torch.stack([torch.ones(64), 1 - mask.flatten() + 1e-9], -1)[None]
    assert grounding_loss({2: on_mask}, targets).item() == pytest.approx(0, abs=1e-4)
    assert grounding_loss({2: off_mask}, targets).item() > 5


def test_two_steps_train_export_and_load(tables, sprites, tmp_path):
    from begin import begin
    from export import export
    from networks import build_autoencoder
    from pack import pack, unpack
    from pool import ExampleMaker, stage_pools
    from runs import Deadline, save_checkpoint
    from sampling import load_model, sample
    from tables import TABLES
    from tokenizer import write_tokenizer
    from train import Trainer, train
    from train_autoencoder import crops, reconstruction_loss, standardise

    torch.manual_seed(0)
    vae = build_autoencoder(AUTOENCODER)
    batch = next(crops(tables, sprites, 4, 32, pool_size=4, seed=0))
    reconstruction_loss(vae.decode(vae.encode(batch).latent).sample, batch).backward()
    standardise(vae.requires_grad_(False), tables, sprites, size=64)
    tokenizer = write_tokenizer(tmp_path / "tokenizer", tables)
    trainer = Trainer(MODEL, tokenizer, 4, torch.device("cpu"))
    before = trainer.unet.conv_in.weight.clone()
    pools = stage_pools(STAGE, tables, ExampleMaker(vae, tokenizer), None, seed=1)
    train(trainer, pools, STAGE, Deadline(1), tmp_path / "model.pt")
    assert not torch.equal(trainer.unet.conv_in.weight, before)

    save_checkpoint(tmp_path / "autoencoder.pt", {"model": vae.state_dict(), "config": dict(vae.config)})
    pack(tmp_path, tmp_path / "parts")
    unpack(tmp_path / "unpacked", tmp_path / "parts")
    for checkpoint in (tmp_path / "model.pt", tmp_path / "unpacked" / "model.pt"):
        again = Trainer(MODEL, tokenizer, 4, torch.device("cpu"))
        again.resume(checkpoint)
        assert again.samples == 8
    folder = tmp_path / "model"
    export(MODEL, tables, vae, again.state()["average"], folder)
    pictures = sample(load_model(folder, torch.device("cpu")), ["a fox"], [0], (64, 64), steps=2)
    assert pictures.shape == (1, 64, 64, 3)
    assert load(str(folder), "cpu").latent_channels == 4

    adapter_trains_and_follows_a_sketch(tables, tokenizer, vae, again.state(), tmp_path)

    (folder / "training.json").write_text(json.dumps({"samples": 8, "settings": MODEL}))
    begin(folder, tmp_path / "fuller", "full")
    fuller_tokenizer = write_tokenizer(tmp_path / "fuller" / "tokenizer", TABLES["full"])
    fuller = Trainer(MODEL, fuller_tokenizer, 4, torch.device("cpu"))
    fuller.resume(tmp_path / "fuller" / "model.pt")
    begin(folder, tmp_path / "begun")
    begun = Trainer(MODEL, tokenizer, 4, torch.device("cpu"))
    begun.resume(tmp_path / "begun" / "model.pt")
    shipped = again.average["unet"].conv_in.weight
    assert begun.samples == 8 and torch.allclose(begun.unet.conv_in.weight, shipped, atol=1e-3)


def adapter_trains_and_follows_a_sketch(tables, tokenizer, vae, state, run):
    """Two steps of the adapter, exported into the folder `model` of the run, where it changes what is painted."""
    import train_adapter
    from export import export, load_adapter
    from pool import stage_pools
    from runs import Deadline
    from sampling import load_model, sample

    trainer = train_adapter.AdapterTrainer(ADAPTER, tokenizer, state, torch.device("cpu"))
    pools = stage_pools(STAGE, tables, train_adapter.DrawnMaker(vae, tokenizer), None, seed=2)
    train_adapter.train(trainer, pools, STAGE, Deadline(1), run / "adapter.pt")
    export(MODEL, tables, vae, state["average"], run / "model", load_adapter(run / "adapter.pt"))
    model = load_model(run / "model", torch.device("cpu"))
    blank, line = np.zeros((2, 1, 64, 128), np.uint8)
    line[:, 30:33] = 255
    pictures = [sample(model, ["a fox"], [0], (64, 128), 2, sketches=each) for each in (blank, line)]
    assert pictures[0].shape == (1, 64, 128, 3) and not np.array_equal(*pictures)


def test_a_fuller_vocabulary_keeps_the_rows_of_known_tokens():
    from begin import carried_over

    rows = carried_over(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), {"fox": 0, "cat": 1}, {"cat": 0, "zebra": 1})
    assert rows[0].tolist() == [3.0, 4.0]
    assert rows[1].tolist() not in ([1.0, 2.0], [3.0, 4.0])


def test_workers_render_ahead_what_would_be_rendered_here(tables):
    from rendering import Renderer, Shot, start_workers
    from sprites import Sprites

    shot = Shot(tables, Sprites.load(), (64, 64))
    workers = start_workers(1)
    try:
        ahead = Renderer(shot, workers, ahead=1)
        assert ahead.take([1, 2]) == []
        (caption, picture), _ = ahead.take([3])
    finally:
        workers.shutdown()
    (expected, truth) = Renderer(shot).take([1])[0]
    assert caption == expected and np.array_equal(picture.pixels, truth.pixels)


def test_the_whole_way_is_shared_out_among_the_parts(tmp_path):
    from make import commands

    listed = commands("full", 28, tmp_path, tmp_path / "model", None, None)
    assert [command[0] for command in listed] == [
        "train_autoencoder.py",
        *["train.py"] * 3,
        "train_autoencoder.py",
        *["train_adapter.py"] * 2,
        "export.py",
    ]
    minutes = [float(command[command.index("--minutes") + 1]) for command in listed[:-1]]
    assert sum(minutes) == pytest.approx(28, abs=0.1)
    begun = commands("full", 28, tmp_path, tmp_path / "model", tmp_path, None)
    assert begun[0][0] == "begin.py" and begun[1][0] == "train.py"
    assert commands("full", 28, tmp_path, tmp_path, None, "decoder")[0][1] == "--decoder"
