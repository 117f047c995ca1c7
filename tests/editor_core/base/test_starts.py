import pytest

from editor_core.base.starts import Start


def test_two_starts_that_were_never_done_make_the_next_a_safe_one(tmp_path):
    file = tmp_path / "state" / "starts"
    assert [Start(file).should_be_safe for _ in range(4)] == [False, False, True, True]
    Start(file).done()
    assert not Start(file).should_be_safe


def test_a_start_that_is_done_forgets_those_before(tmp_path):
    file = tmp_path / "starts"
    for _ in range(5):
        Start(file).done()
    assert not Start(file).should_be_safe and Start(file).failed_before == 1


@pytest.mark.parametrize("content", [b"", b"x", b"-5", b"9" * 1000, b"\xff"])
def test_a_damaged_count_stops_no_start(tmp_path, content):
    file = tmp_path / "starts"
    file.write_bytes(content)
    assert Start(file).failed_before in (0, 99)


def test_where_nothing_can_be_written_nothing_is_counted(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for _ in range(3):
        assert not Start(tmp_path / "file" / "starts").should_be_safe
