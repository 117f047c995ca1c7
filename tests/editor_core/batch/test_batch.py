"""Many pictures: every one has its row, whatever happens in between, and none is done twice."""

import csv
import json
import threading

import numpy as np
import pytest

from editor_core.base.errors import EditorError, JobCancelled, RemoteError
from editor_core.batch.jobs import BatchJob, read_jobs
from editor_core.batch.rows import ROWS, Row, Rows
from editor_core.batch.run import Place, run_batch
from editor_core.project.image_io import read_image, write_png
from editor_core.session.jobs import CancelToken
from support.fake_session import FakeSession

GIVEN = {"prompt": "a red cat", "was": "a cat"}


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(6):
        write_png(folder / f"cat {number}.png", np.full((64, 64, 3), 40 * number, np.uint8))
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


class Session(FakeSession):
    """Counts the edits; ``lost`` after so many requests, as when all workers are gone."""

    def __init__(self, lost_after=None, cancel_after=None):
        super().__init__()
        self.asked = 0
        self._lost_after, self._cancel_after = lost_after, cancel_after

    def run(self, job, request, emit, cancel):
        self.asked += 1
        if self.asked == self._cancel_after:
            cancel.cancel()
        if self._lost_after is not None and self.asked > self._lost_after:
            raise RemoteError("{name} stopped.", name="one")
        return super().run(job, request, emit, cancel)


def _run(pictures, out, *sessions, resume=False, given=GIVEN):
    jobs = read_jobs(pictures, given)
    told = []
    places = [Place(session, f"worker {number}") for number, session in enumerate(sessions)]

    def tell(row, done, total):
        told.append((row.id, done, total))

    return run_batch(jobs, places, out, "png", resume, tell, CancelToken()), told


def _rows(out):
    with (out / ROWS).open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_picture_has_a_result_and_a_row(pictures, out):
    made, told = _run(pictures, out, Session())
    assert [row["id"] for row in _rows(out)] == [f"cat {number}" for number in range(6)]
    assert all(read_image(out / row["result"]).shape[:2] == (64, 64) for row in _rows(out))
    assert told[-1] == ("cat 5", 6, 6) and len(made) == 6


def test_several_workers_share_the_pictures(pictures, out):
    """Neither goes on before both have begun, so that both must have some."""
    both = threading.Barrier(2, timeout=60)

    class Meeting(Session):
        def run(self, job, request, emit, cancel):
            if self.asked == 0:
                both.wait()
            return super().run(job, request, emit, cancel)

    _run(pictures, out, Meeting(), Meeting())
    rows = _rows(out)
    assert {row["worker"] for row in rows} == {"worker 0", "worker 1"}
    assert sorted(row["id"] for row in rows) == [f"cat {number}" for number in range(6)]


def test_picture_that_cannot_be_edited_costs_its_row_alone(pictures, out):
    (pictures / "cat 2.png").write_bytes(b"no picture")
    made, _ = _run(pictures, out, Session())
    [failed] = [row for row in made if row.problem]
    assert failed.id == "cat 2" and len(made) == 6 and not (out / "cat 2.png").exists()


def test_what_failed_is_tried_again_and_what_is_done_is_not(pictures, out):
    (pictures / "cat 2.png").write_bytes(b"no picture")
    _run(pictures, out, Session())
    write_png(pictures / "cat 2.png", np.zeros((64, 64, 3), np.uint8))
    again = Session()
    made, told = _run(pictures, out, again, resume=True)
    assert [row.id for row in made] == ["cat 2"] and told == [("cat 2", 6, 6)] and again.asked == 2
    assert sorted(row["id"] for row in _rows(out)) == [f"cat {number}" for number in range(6)]


def test_batch_is_not_begun_over_another_by_accident(pictures, out):
    _run(pictures, out, Session())
    with pytest.raises(EditorError, match="--resume"):
        _run(pictures, out, Session())


def test_stopped_batch_goes_on_without_a_duplicate(pictures, out):
    with pytest.raises(JobCancelled):
        _run(pictures, out, Session(cancel_after=5))
    assert len(_rows(out)) == 2
    _run(pictures, out, Session(), resume=True)
    assert [row["id"] for row in _rows(out)] == [f"cat {number}" for number in range(6)]


def test_row_that_was_cut_off_is_done_again(pictures, out):
    _run(pictures, out, Session())
    text = (out / ROWS).read_bytes()
    (out / ROWS).write_bytes(text[:-10])
    made, _ = _run(pictures, out, Session(), resume=True)
    assert [row.id for row in made] == ["cat 5"] and len(_rows(out)) == 6


def test_result_that_was_deleted_is_made_again(pictures, out):
    _run(pictures, out, Session())
    (out / "cat 3.png").unlink()
    made, _ = _run(pictures, out, Session(), resume=True)
    assert [row.id for row in made] == ["cat 3"]


def test_place_whose_workers_are_gone_leaves_the_rest_to_the_others(pictures, out):
    _run(pictures, out, Session(lost_after=0), Session())
    assert len(_rows(out)) == 6


def test_batch_without_any_worker_left_says_so_and_keeps_its_rows(pictures, out):
    with pytest.raises(RemoteError):
        _run(pictures, out, Session(lost_after=4))
    assert len(_rows(out)) == 2


def test_programs_own_fault_is_not_hidden_in_a_row(pictures, out):
    class Broken(Session):
        def run(self, job, request, emit, cancel):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _run(pictures, out, Broken())


# -- what is asked ------------------------------------------------------------------------------------------------


def test_line_says_what_the_command_does_not(tmp_path):
    lines = [
        {"picture": "a.png", "prompt": "a fox", "parameters": {"x": 1}, "seed": 4},
        {"picture": "b.png", "mask": "m.png"},
    ]
    file = tmp_path / "jobs.jsonl"
    file.write_text("\n\n".join(map(json.dumps, lines)))
    first, second = read_jobs(file, GIVEN)
    assert first == BatchJob(str(tmp_path / "a.png"), "a fox", "a cat", parameters={"x": 1}, seed=4, id="a")
    assert second == BatchJob(
        str(tmp_path / "b.png"), "a red cat", "a cat", mask=str(tmp_path / "m.png"), id="b"
    )


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"picture": 3}',
        '{"prompt": "no picture"}',
        '{"picture": "a.png", "colour": "red"}',
        "[" * 5000,
    ],
)
def test_line_that_is_no_job_is_named(tmp_path, line):
    file = tmp_path / "jobs.jsonl"
    file.write_text('{"picture": "a.png"}\n' + line)
    with pytest.raises(EditorError, match=r"[Ll]ine 2"):
        read_jobs(file, GIVEN)


@pytest.mark.parametrize("source", ["no such file", "."])
def test_source_without_pictures_is_a_sentence(tmp_path, source):
    with pytest.raises(EditorError):
        read_jobs(tmp_path / source, GIVEN)


def test_equal_names_and_paths_do_not_collide(tmp_path):
    file = tmp_path / "jobs.jsonl"
    names = ["x/a.png", "y/A.jpg", "z/a.png"]
    file.write_text(
        "\n".join(json.dumps({"picture": name}) for name in names) + '\n{"picture": "b", "id": "../up"}'
    )
    assert [job.id for job in read_jobs(file, GIVEN)] == ["a", "A-2", "a-3", "_up"]


def test_row_is_one_line_whatever_it_says(tmp_path):
    rows = Rows(tmp_path)
    rows.begin(resume=False)
    rows.add(Row("a", "p", "a.png", 'words, "quoted"\nand\r\nbroken', "fisedit", 1, None, 0.5, "here"))
    assert (tmp_path / ROWS).read_text().count("\n") == 2
    [row] = _rows(tmp_path)
    assert row["changed"] == "" and row["prompt"].startswith('words, "quoted"')
