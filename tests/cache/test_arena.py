import hypothesis.strategies as st
import torch
from hypothesis import given

from cache import arena
from cache.arena import ALIGNMENT, Arena

LIMIT = 64 * ALIGNMENT


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40 * ALIGNMENT)), max_size=60))
def test_blocks_never_overlap_and_the_limit_holds(moves):
    memory = Arena(LIMIT)
    held = []
    for number, (takes, size) in enumerate(moves):
        if takes and (block := memory.take(size)) is not None:
            assert len(block.data) >= size
            block.data.fill_(number)
            held.append((block, number))
        elif held and not takes:
            memory.give(held.pop(size % len(held))[0])
        assert memory.held_bytes <= LIMIT
        assert all(bool((block.data == number).all()) for block, number in held)
    for block, _ in held:
        memory.give(block)
    assert memory.take(LIMIT) is not None, "what came back has grown together again"


def test_memory_given_back_is_handed_out_again():
    memory = Arena(LIMIT)
    first = memory.take(ALIGNMENT)
    address = first.data.data_ptr()
    memory.give(first)
    assert memory.take(ALIGNMENT).data.data_ptr() == address


def test_no_room_is_none():
    memory = Arena(LIMIT)
    assert memory.take(LIMIT + 1) is None
    assert memory.take(LIMIT) is not None
    assert memory.take(1) is None


def test_empty_chunks_make_way_for_a_larger_block(monkeypatch):
    monkeypatch.setattr(arena, "CHUNK_BYTES", LIMIT // 4)
    memory = Arena(LIMIT)
    for block in [memory.take(LIMIT // 4) for _ in range(4)]:
        memory.give(block)
    assert memory.take(LIMIT) is not None


def test_shrinking_releases_empty_chunks(monkeypatch):
    monkeypatch.setattr(arena, "CHUNK_BYTES", LIMIT // 4)
    memory = Arena(LIMIT)
    blocks = [memory.take(LIMIT // 4) for _ in range(4)]
    memory.give(blocks[2])
    memory.shrink(LIMIT // 4)
    assert memory.held_bytes == LIMIT * 3 // 4


def test_memory_first_taken_in_inference_mode_can_be_written_outside_of_it():
    with torch.inference_mode():
        block = Arena(LIMIT).take(ALIGNMENT)
    block.data.fill_(1)
    assert not block.data.is_inference()


@given(st.integers(1, 2**20), st.integers(1, 2**20))
def test_page_locked_chunks_are_powers_of_two_within_the_room(nbytes, room):
    chunk = arena._power_of_two(nbytes, max(room, nbytes))
    assert chunk.bit_count() == 1
    assert chunk <= max(room, nbytes)
    assert chunk * 2 > nbytes


def test_memory_is_asked_for_in_large_pieces():
    memory = Arena(2**28)
    blocks = [memory.take(1000) for _ in range(1000)]
    assert memory.held_bytes == arena.CHUNK_BYTES and arena.CHUNK_BYTES >= 2**20
    assert len({block.data.untyped_storage().data_ptr() for block in blocks}) == 1
