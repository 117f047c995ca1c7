"""Where memory is short the session gives things up one by one and says so; and how full the cache is."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.base.errors import OutOfMemoryError
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Configure, Edit, Generate, ReadCache, Sampling
from editor_core.models.latents import decode
from editor_core.models.load import load
from editor_core.models.offload import offload, waiting_parts
from editor_core.models.prompts import embed_prompt
from editor_core.session import memory
from editor_core.session import session as session_module
from editor_core.session.memory import MemoryFallback, is_out_of_memory
from editor_core.session.session import Session
from support.engine_runs import as_base
from support.tiny_models import tiny_folder

REQUEST = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=4))


@pytest.fixture
def settings(tmp_path):
    return Settings(
        model=str(tiny_folder("default")),
        device="cpu",
        ram_cache_mb=64,
        disk_cache_mb=256,
        cache_folder=str(tmp_path / "cache"),
    )


@pytest.fixture
def session(settings):
    with Session(settings) as session:
        yield session


@pytest.fixture
def heard():
    return []


def fails(times, monkeypatch):
    """Lets painting run out of memory so many times."""
    left, paint = [times], session_module.generate

    def generate(*arguments):
        if left[0]:
            left[0] -= 1
            raise torch.OutOfMemoryError("CUDA out of memory")
        return paint(*arguments)

    monkeypatch.setattr(session_module, "generate", generate)


@pytest.mark.parametrize("times", [1, 2])
def test_the_session_steps_down_by_itself_and_says_so(session, heard, monkeypatch, times):
    reference = session.run(1, REQUEST, heard.append)
    fails(times, monkeypatch)
    heard.clear()
    result = session.run(2, REQUEST, heard.append)
    notices = [str(event.message) for event in heard if isinstance(event, events.Notice)]
    assert len(notices) == times and all("Memory is low" in sentence for sentence in notices)
    assert np.array_equal(result.image, reference.image)


def test_on_a_processor_tiles_come_before_memory_runs_out(settings, heard, monkeypatch):
    with Session(replace(settings, model=str(tiny_folder("sd1")))) as session:
        session.run(1, REQUEST, heard.append)
        vae = session._bundle.vae
        widest = vae.config.block_out_channels[1]
        needed = memory._MAPS * widest * 64 * 64 * 4
        for free, tiled in ((needed, False), (needed - 1, True)):
            monkeypatch.setattr(memory, "_free", lambda bundle, free=free: free)
            heard.clear()
            session.run(2, REQUEST, heard.append)
            said = [str(event.message) for event in heard if isinstance(event, events.Notice)]
            assert vae.use_tiling is tiled and any("in tiles" in sentence for sentence in said) is tiled
        heard.clear()
        session.run(3, REQUEST, heard.append)
        assert not any(isinstance(event, events.Notice) for event in heard)  # said once


def test_variants_are_made_one_after_another_where_a_batch_is_too_large(session, heard):
    base = as_base(session.run(1, REQUEST, heard.append))
    own = {"variants": 3, "batched": True, "incremental": False}
    request = Edit((base,), "a dog", np.full((64, 64), 255, np.uint8), "instdiffedit", own)
    reference = session.run(2, request, heard.append)
    unet = session._bundle.unet

    def small_batches_only(module, args):
        if len(args[0]) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")

    hook = unet.register_forward_pre_hook(small_batches_only)
    heard.clear()
    result = session.run(3, request, heard.append)
    hook.remove()
    (notice,) = [str(event.message) for event in heard if isinstance(event, events.Notice)]
    assert "one after another" in notice and session._fallbacks.batched is False
    assert sum(isinstance(event, events.Variant) for event in heard) == 2
    assert np.abs(result.image.astype(int) - reference.image).max() <= 1


def test_a_job_without_rounds_gives_up_something_else(session, heard):
    session.run(1, REQUEST, heard.append)
    assert "cache" in session._fallbacks.next(session._bundle, session._cache).message.template
    assert session._fallbacks.batched


def test_when_nothing_is_left_to_give_up_it_says_what_to_do(session, heard, monkeypatch):
    fails(9, monkeypatch)
    with pytest.raises(OutOfMemoryError, match="smaller picture"):
        session.run(1, REQUEST, heard.append)
    monkeypatch.undo()
    assert session.run(2, REQUEST, heard.append).image.shape == (64, 64, 3)


def test_a_graphics_card_that_is_too_small_is_left(session, heard):
    session.run(1, REQUEST, heard.append)
    on_card = replace(session._bundle, device=torch.device("cuda"), vae=object())
    left = MemoryFallback()
    assert "wait in main memory" in str(left.next(on_card, None).message)
    fallback = left.next(on_card, None)
    assert fallback.reload_on == "cpu" and "slower" in str(fallback.message)
    session._fall_back(fallback)
    assert session._wanted.device == "cpu" and session._bundle is None
    assert session.run(2, REQUEST, heard.append).image.shape == (64, 64, 3)


def test_text_encoder_and_autoencoder_come_to_the_card_for_their_calls_only():
    bundle, moves = load(str(tiny_folder("sdxl")), device="cpu"), []
    expected = embed_prompt(bundle, "a red cat").cond
    latents = torch.randn(bundle.latent_shape(64, 64), generator=torch.Generator().manual_seed(0))
    picture = decode(bundle, latents)
    for part in waiting_parts(bundle):
        part.to = lambda place, part=part: moves.append((type(part).__name__, str(place))) or part
    offload(bundle)
    offload(bundle)  # once is enough
    assert len(moves) == len(waiting_parts(bundle)) == 6
    moves.clear()
    told = embed_prompt(bundle, "a red cat").cond
    assert torch.equal(told.hidden, expected.hidden) and torch.equal(told.pooled, expected.pooled)
    names = ("CLIPTextModel", "CLIPTextModelWithProjection")
    assert {name for name, _ in moves} == set(names)
    assert [place for _, place in moves] == ["cpu", "cpu"] * (len(moves) // 2)
    moves.clear()
    assert np.array_equal(decode(bundle, latents), picture)
    assert [name for name, _ in moves] == ["Conv2d", "Conv2d", "Decoder", "Decoder"]


def test_what_is_given_up_before_a_picture_depends_on_the_device(monkeypatch):
    """A card that has less left than the waiting parts take; a device whose attention makes whole maps."""
    bundle = load(str(tiny_folder("sd1")), device="cpu")
    monkeypatch.setattr(memory, "_free", lambda bundle: 40_000_000)
    monkeypatch.setattr(memory, "bytes_of", lambda parts: 50_000_000)
    monkeypatch.setattr(memory, "offload", lambda bundle: None)
    said = {}
    for device in ("cpu", "cuda", "mps"):
        found = MemoryFallback().before(replace(bundle, device=torch.device(device)), 512, 512)
        said[device] = [str(each.message) for each in found]
    assert "in tiles" in said["cpu"][0] and len(said["cpu"]) == 1
    assert "wait in main memory" in said["cuda"][0] and "in tiles" in said["cuda"][1]
    assert "attention is now computed in parts" in said["mps"][0] and "in tiles" in said["mps"][1]


def test_only_lack_of_memory_counts_as_such():
    assert is_out_of_memory(MemoryError()) and is_out_of_memory(torch.OutOfMemoryError())
    assert is_out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"))
    assert is_out_of_memory(
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`")
    )
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))


def test_edits_after_the_cache_was_emptied_are_the_same(session, heard, monkeypatch):
    base = as_base(session.run(1, REQUEST, heard.append))
    reference = session.run(2, Edit((base,), "a dog on the sofa"), heard.append)
    fallback = session._fallbacks.next(session._bundle, session._cache)
    assert "cache in memory was emptied" in str(fallback.message)
    again = session.run(3, Edit((base,), "a dog on the sofa"), heard.append)
    assert np.array_equal(again.mask, reference.mask)
    assert np.abs(again.image.astype(int) - reference.image).max() <= 2


def test_how_full_the_cache_is_comes_after_each_job(session, heard):
    session.run(1, REQUEST, heard.append)
    used = [event.info for event in heard if isinstance(event, events.CacheUsed)]
    assert len(used) == 1 and used[0].memory_bytes > 0
    assert used[0].memory_limit <= 65 << 20 and used[0].disk_limit <= 256 << 20


def test_what_a_turn_left_can_be_dropped(session, heard):
    result = session.run(1, REQUEST, heard.append)
    session._cache.flush()
    info = session.run(2, ReadCache(), heard.append)
    assert result.cache_space in {space.name for space in info.spaces if space.memory_bytes}
    info = session.run(3, ReadCache((result.cache_space,)), heard.append)
    assert result.cache_space not in {space.name for space in info.spaces}


def test_the_cache_is_read_before_a_model_is_loaded(settings, heard):
    with Session(settings) as session:
        space = session.run(1, REQUEST, heard.append).cache_space
    with Session(settings) as session:
        info = session.run(1, ReadCache(), heard.append)
        assert space in {space.name for space in info.spaces if space.disk_bytes}
        assert session._bundle is None
        info = session.run(2, ReadCache((space,)), heard.append)
        assert not info.spaces


def test_other_budgets_and_previews_hold_from_the_next_job(session, settings, heard, tmp_path):
    session.run(1, REQUEST, heard.append)
    info = session.run(2, Configure(replace(settings, ram_cache_mb=8, live_preview=False)), heard.append)
    assert info.memory_limit == 8 << 20 and info.memory_bytes <= 8 << 20
    heard.clear()
    session.run(3, REQUEST, heard.append)
    assert not [event for event in heard if isinstance(event, events.Preview)]
    other = replace(settings, cache_folder=str(tmp_path / "other"))
    assert session.run(4, Configure(other), heard.append).folder == str(tmp_path / "other")
    session.run(5, REQUEST, heard.append)
    assert (tmp_path / "other").is_dir()
