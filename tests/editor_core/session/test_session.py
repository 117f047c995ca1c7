"""The session on a tiny model: one door, requests in, events and results out."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from cache import disk
from cache.disk import FOLDER_FAILED
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.sparse import Choice
from editor_core.base.errors import EditorError, JobCancelled, ModelError
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Edit, FindMask, Generate, LoadModel, Sampling
from editor_core.session.cache_warnings import CACHE_WARNINGS
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from support.engine_runs import as_base
from support.loras import ATTENTION, factors_for, write_kohya
from support.tiny_models import tiny_bundle, tiny_folder

REQUEST = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=4))


@pytest.fixture
def session():
    with Session(Settings(model=str(tiny_folder("default")), device="cpu")) as session:
        yield session


@pytest.fixture
def heard():
    return []


def test_model_is_loaded_once_and_reported_apart_from_painting(session, heard):
    session.run(1, REQUEST, heard.append)
    stages = [event.stage for event in heard if isinstance(event, events.Progress)]
    assert stages[0] == "loading" and stages[-1] == "decoding" and all(event.job == 1 for event in heard)
    heard.clear()
    session.run(2, REQUEST, heard.append)
    assert "loading" not in [event.stage for event in heard if isinstance(event, events.Progress)]
    assert any(isinstance(event, events.Preview) for event in heard)


def test_load_model_answers_with_its_facts_and_switches(session, heard):
    info = session.run(1, LoadModel(str(tiny_folder("sd1")), "cpu"), heard.append)
    assert isinstance(info, events.ModelInfo) and info.device == "cpu" and info.grid >= 8
    assert session.run(2, REQUEST, heard.append).fingerprint == info.fingerprint


def test_model_that_is_missing_leaves_the_session_usable(session, heard):
    with pytest.raises(ModelError):
        session.run(1, LoadModel("/no/such/model"), heard.append)
    assert session.run(2, LoadModel(str(tiny_folder("sd1")), "cpu"), heard.append)


def test_mask_job_tells_every_step_and_changes_nothing(session, heard):
    first = session.run(1, REQUEST, heard.append)
    request = FindMask(first.image, "a dog", parameters={"preset": "paper"})
    found = session.run(2, request, heard.append)
    told = [event.found for event in heard if isinstance(event, events.MaskFound)]
    assert len(told) == found.steps == 2 and told[-1] is found
    assert np.array_equal(session.run(3, request, heard.append).heat, found.heat)
    assert np.array_equal(session.run(4, REQUEST, heard.append).image, first.image)


def test_reword_tells_its_region_beforehand_where_the_model_can_see_it(session, heard):
    first = session.run(1, REQUEST, heard.append)
    words = f"{first.prompt} dog"
    request = FindMask(
        first.image, "a dog", words, first.prompt, parameters={"preset": "paper"}, base=as_base(first)
    )
    found = session.run(2, request, heard.append)
    edited = session.run(3, Edit((request.base,), words), heard.append)
    assert found.steps == 1 and np.array_equal(found.mask > 0, edited.mask > 0)
    foreign = replace(request, base=replace(request.base, fingerprint="another"))
    assert session.run(4, foreign, heard.append).steps == 2


def test_variants_are_told_before_the_last_result(session, heard):
    base = as_base(session.run(1, REQUEST, heard.append))
    mask = np.full((64, 64), 255, np.uint8)
    request = Edit((base,), "a dog", mask, "instdiffedit", {"variants": 2})
    last = session.run(2, request, heard.append)
    told = [event.result for event in heard if isinstance(event, events.Variant)]
    assert len(told) == 1 and not np.array_equal(told[0].image, last.image)


def test_random_seed_is_recorded_and_repeats_the_picture(session, heard):
    first = session.run(1, Generate("a cat", 64, 64, Sampling(steps=3)), heard.append)
    again = session.run(2, Generate("a cat", 64, 64, Sampling(seed=first.seed, steps=3)), heard.append)
    assert np.array_equal(first.image, again.image)


@pytest.mark.parametrize("stop_after", [0, 1, 3])
def test_cancel_stops_at_the_next_step_and_leaves_no_trace(session, heard, stop_after):
    base = as_base(session.run(1, REQUEST, heard.append))
    reference = session.run(2, Edit((base,), "a dog on the sofa"), heard.append)
    token, painted = CancelToken(), []

    def emit(event):
        if isinstance(event, events.Progress) and event.stage in ("looking", "painting"):
            painted.append(event)
            if len(painted) > stop_after:
                token.cancel()

    with pytest.raises(JobCancelled):
        session.run(3, Edit((base,), "a dog on the sofa"), emit, token)
    assert len(painted) <= stop_after + 2
    again = session.run(4, Edit((base,), "a dog on the sofa"), heard.append)
    assert np.array_equal(again.image, reference.image)


def test_a_turn_of_many_steps_is_read_anew_in_the_few_of_a_distilled_lora(session, heard, tmp_path):
    base = as_base(session.run(1, REQUEST, heard.append))
    file = write_kohya(tmp_path / "quick.safetensors", factors_for(tiny_bundle("default").unet, ATTENTION))
    said = {"steps": "3", "guidance": "1", "timestep_spacing": "trailing"}
    save_file(load_file(file), file, {f"palimpsest.{name}": value for name, value in said.items()})
    session.run(
        2, LoadModel(str(tiny_folder("default")), "cpu", loras=(LoraChoice(str(file)),)), heard.append
    )
    result = session.run(3, Edit((base,), "a dog on the sofa"), heard.append)
    assert base.steps == 4 and result.steps == 3
    assert np.array_equal(result.image[result.mask == 0], base.image[result.mask == 0])


def test_turn_of_another_model_is_read_anew(session, heard):
    base = as_base(session.run(1, REQUEST, heard.append))
    session.run(2, LoadModel(str(tiny_folder("sd1")), "cpu"), heard.append)
    result = session.run(3, Edit((base,), "a dog on the sofa"), heard.append)
    assert np.array_equal(result.image[result.mask == 0], base.image[result.mask == 0])
    assert any(isinstance(event, events.Notice) and "another model" in str(event.message) for event in heard)


@pytest.mark.parametrize("other", ["sd2", "default"])
@pytest.mark.parametrize("given", [True, False])
def test_edits_after_another_model_was_chosen_follow_one_another(heard, tmp_path, other, given, monkeypatch):
    """The second reads nothing that the first model left, with the cache or without."""
    monkeypatch.setattr(row_step, "choose", lambda unet, region, *_: rows_on(len(region.levels)))
    settings = Settings(model=str(tiny_folder("sd1")), device="cpu", cache_folder=str(tmp_path / "cache"))
    with Session(settings) as session:
        base = as_base(session.run(1, REQUEST, heard.append))
        session.run(2, LoadModel(str(tiny_folder(other)), "cpu"), heard.append)
        first = as_base(session.run(3, Edit((base,), "a dog on the sofa", small_mask(base)), heard.append))
        request = Edit((base, first), "a fox on the sofa", small_mask(base) if given else None)
        second = session.run(4, request, heard.append)
    with Session(Settings(model=str(tiny_folder(other)), device="cpu")) as elsewhere:
        anew = elsewhere.run(5, request, heard.append)
    assert second.log["executor"] == anew.log["executor"] == "incremental"
    assert np.abs(second.latents["trajectory"] - anew.latents["trajectory"]).max() < 2e-3
    assert np.array_equal(second.image[second.mask == 0], first.image[second.mask == 0])
    assert not any(
        "cache is full" in str(event.message) for event in heard if isinstance(event, events.Notice)
    )


def rows_on(levels):
    return Choice(levels, (False,) * levels)


def test_unknown_method_is_refused(session, heard):
    base = as_base(session.run(1, REQUEST, heard.append))
    with pytest.raises(EditorError, match="nonesuch"):
        session.run(2, Edit((base,), "a dog", method="nonesuch"), heard.append)


def test_edit_in_a_new_session_reads_the_cache_of_the_old_one(heard):
    settings = Settings(model=str(tiny_folder("default")), device="cpu")
    with Session(settings) as first:
        base = as_base(first.run(1, REQUEST, heard.append))
    with Session(settings) as second:
        result = second.run(2, Edit((base,), "a dog on the sofa"), heard.append)
    assert result.log["steps_recomputed"] == 0


def test_a_cache_folder_that_cannot_be_used_is_said_and_the_edit_is_done(tmp_path, heard):
    (tmp_path / "file").write_text("not a folder")
    settings = Settings(
        model=str(tiny_folder("default")), device="cpu", cache_folder=str(tmp_path / "file" / "cache")
    )
    with Session(settings) as session:
        base = as_base(session.run(1, REQUEST, heard.append))
        edited = session.run(2, Edit((base,), "a dog on the sofa", small_mask(base)), heard.append)
    told = [event for event in heard if isinstance(event, events.Notice)]
    assert [event.message for event in told if "cache folder" in str(event.message)] == [
        CACHE_WARNINGS[FOLDER_FAILED]
    ]
    assert told[0].job == 1 and edited.image.shape == base.image.shape


def test_a_full_disk_is_said_once_at_the_latest_with_the_next_job(tmp_path, heard, monkeypatch):
    monkeypatch.setattr(disk, "free_disk_bytes", lambda folder: 0)
    settings = Settings(
        model=str(tiny_folder("default")), device="cpu", cache_folder=str(tmp_path), disk_cache_mb=64
    )
    with Session(settings) as session:
        base = as_base(session.run(1, REQUEST, heard.append))
        session._cache.flush()
        session.run(2, Edit((base,), "a dog on the sofa", small_mask(base)), heard.append)
    told = [event.message for event in heard if isinstance(event, events.Notice)]
    assert told.count(CACHE_WARNINGS[disk.DISK_FULL]) == 1


def small_mask(base):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[16:40, 16:40] = 255
    return mask


def test_loras_are_switched_without_loading_and_leave_nothing_stale(heard, tmp_path, monkeypatch):
    """Edits after a change of LoRAs are those of a session that never had others, and the base is read once."""
    monkeypatch.setattr(row_step, "choose", lambda unet, region, *_: rows_on(len(region.levels)))
    model = str(tiny_folder("sd1"))
    file = write_kohya(tmp_path / "style.safetensors", factors_for(tiny_bundle("sd1").unet, ATTENTION))
    strong, weak = (LoadModel(model, "cpu", (LoraChoice(str(file), weight),)) for weight in (1.0, 0.5))
    made = {}
    with Session(Settings(model=model, device="cpu", cache_folder=str(tmp_path / "cache"))) as session:
        for number, wanted in enumerate((LoadModel(model, "cpu"), strong, weak, strong)):
            heard.clear()
            info = session.run(1, wanted, heard.append)
            assert bool(progress_of(heard, "loading")) == (number == 0)
            base = session.run(2, REQUEST, heard.append)
            assert base.loras == info.loras == wanted.loras and base.model_source == model
            edit = session.run(
                3, Edit((as_base(base),), "a dog on the sofa", small_mask(as_base(base))), heard.append
            )
            if wanted in made:
                assert np.array_equal(edit.image, made[wanted].image)
            made[wanted] = edit
    assert len({result.image.tobytes() for result in made.values()}) == 3
    assert len({result.cache_space for result in made.values()}) == 3
    with Session(Settings(model=model, device="cpu", loras=weak.loras)) as fresh:
        base = as_base(fresh.run(4, REQUEST, heard.append))
        anew = fresh.run(5, Edit((base,), "a dog on the sofa", small_mask(base)), heard.append)
    assert np.array_equal(anew.latents["trajectory"], made[weak].latents["trajectory"])


def test_a_lora_that_does_not_fit_leaves_the_session_usable(session, heard, tmp_path):
    wide = {"conv_in": {"down": torch.zeros(3, 9, 3, 3), "up": torch.zeros(32, 3, 1, 1)}}
    wrong = LoraChoice(str(write_kohya(tmp_path / "wide.safetensors", wide)))
    model = str(tiny_folder("default"))
    with pytest.raises(ModelError, match="another kind of model"):
        session.run(1, LoadModel(model, "cpu", (wrong,)), heard.append)
    assert session.run(2, LoadModel(model, "cpu"), heard.append).loras == ()


def progress_of(heard, stage):
    return [event for event in heard if isinstance(event, events.Progress) and event.stage == stage]
