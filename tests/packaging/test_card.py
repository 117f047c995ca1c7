"""The command for a machine with a card: rehearsed as a whole, on the processor, and its own promises one by one."""

import json
import os
import re
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARD = ROOT / "packaging" / "card"
OWN = ("run", "returns", "prepare", "recorder", "cuda_tests", "training")
MB = 2**20


@pytest.fixture(scope="module")
def scripts():
    """The scripts by name; they find each other as when they are run by path, and leave no trace of that."""
    before, path = set(sys.modules), list(sys.path)
    sys.path.insert(0, str(CARD))
    try:
        yield {name: __import__(name) for name in OWN}
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - before:
            if str(CARD) in str(getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]


# -- the rehearsal -------------------------------------------------------------------------------------------------


def rehearse(kept: Path, out: Path, *options: str, tests: str = "") -> tuple[int, dict]:
    """The command's exit code and summary."""
    given = {"PYTHON": sys.executable, "KEPT": str(kept), "OUT": str(out), "CARD_TESTS": tests}
    done = subprocess.run(
        [str(CARD / "run.sh"), "--rehearse", "--seconds", "3000", *options],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
    )
    logs = "".join(path.read_text()[-3000:] for path in kept.glob("rehearsal/*.log"))
    assert (out / "summary.json").exists(), done.stderr
    return done.returncode, json.loads((out / "summary.json").read_text()) | {"logs": logs + done.stdout}


def test_all_parts_but_training_are_rehearsed_and_not_done_twice(tmp_path, scripts):
    kept, out = tmp_path / "kept", tmp_path / "out"
    long = [f"--limit={name}=900" for name in ("facts", "tests", "bench")]
    parts = "--parts=facts,tests,bench"
    code, found = rehearse(
        kept, out, parts, *long, tests="what_a_replay_gave_stays or rows_come_from_every_tier"
    )
    states = {name: told["state"] for name, told in found["parts"].items()}
    assert states == {"facts": "done", "tests": "done", "train": "missing", "bench": "done"}, found["logs"]
    assert code == 0 and found["rehearsal"] and found["device"] == "cpu"
    results = {name: told.get("result") for name, told in found["parts"].items()}
    assert results["facts"]["versions"]["torch"] and results["facts"]["memory_gb_s"] > 0
    assert (results["tests"]["passed"], results["tests"]["failed"]) == (2, 0)
    rows = {row["id"]: row for row in results["bench"]["rows"]}
    assert {"turn_128", "first_overlay_s", "step_speedup_cpu"} <= set(rows)
    step = rows["step_sd2164_5"]["details"]
    assert step["over_captured"] > 0 and step["launches"] > 0 and 0 < step["share_of_floor"] < 1
    assert not scripts["returns"].over_the_limits(out)
    with zipfile.ZipFile(out / "results.zip") as archive:
        assert {"facts.json", "tests.json", "tests.jsonl", "bench.json", "bench.log"} <= set(
            archive.namelist()
        )
    again, once_more = rehearse(kept, out, parts)
    assert again == 0 and once_more["parts"] == found["parts"]


@pytest.mark.skipif(
    not (ROOT / "packaging" / "default_model" / "train_on_card.py").exists(),
    reason="nothing trains on a card yet",
)
def test_training_is_rehearsed_and_its_model_comes_back(tmp_path, scripts):
    code, found = rehearse(tmp_path / "kept", tmp_path / "out", "--parts=train", "--limit=train=900")
    assert code == 0 and found["parts"]["train"]["state"] == "done", found["logs"]
    assert not scripts["returns"].over_the_limits(tmp_path / "out") and not found["left_out"]
    scripts["returns"].take_back(tmp_path / "out", tmp_path / "back")
    assert {"unet", "vae", "text_encoder", "palimpsest.json"} <= {
        path.name for path in (tmp_path / "back" / scripts["returns"].MODEL).iterdir()
    }
    assert (tmp_path / "back/contact_sheet.png").exists() and (tmp_path / "back/evaluation.json").exists()


# -- parts and their time ------------------------------------------------------------------------------------------


def parts_of(scripts, tmp_path, **commands: str):
    """Parts that run some Python each, half a minute at most."""
    found = []
    for name, code in commands.items():
        path = tmp_path / f"{name}_part.py"
        path.write_text(code)
        found.append(scripts["run"].Part(name, 30, 30, lambda where, seconds, path=path: [str(path)]))
    return found


def run_parts(scripts, monkeypatch, tmp_path, parts, **limits: float):
    monkeypatch.setattr(scripts["run"], "PARTS", parts)
    monkeypatch.setattr(scripts["run"], "GRACE", 0.5)
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    where = scripts["run"].Surroundings(work, "cpu", True)
    run = scripts["run"].Run(where, tmp_path / "out", scripts["run"].time.time(), 120)
    for part in parts:
        run.do(part, [part.name for part in parts], limits.get(part.name, 30))
    return {name: told["state"] for name, told in run.parts.items()}


ENDLESS = """
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path({result!r}).write_text('{{"rows": 1}}')
time.sleep(600)
"""


def test_a_part_that_overruns_is_ended_its_results_are_kept_and_the_next_one_runs(
    scripts, monkeypatch, tmp_path
):
    monkeypatch.setattr(scripts["run"], "SHORTEST", 0)
    endless = ENDLESS.format(result=str(tmp_path / "work" / "slow.json"))
    parts = parts_of(scripts, tmp_path, slow=endless, next="print('here')")
    assert run_parts(scripts, monkeypatch, tmp_path, parts, slow=2) == {"slow": "cut", "next": "done"}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["parts"]["slow"]["result"] == {"rows": 1}


def test_a_later_call_tries_what_failed_and_leaves_what_is_done(scripts, monkeypatch, tmp_path):
    count = "open({0!r}, 'a').write('x')"
    done, failing = (count.format(str(tmp_path / name)) for name in ("done", "failing"))
    parts = parts_of(
        scripts, tmp_path, good=done, bad=f"{failing}; raise SystemExit(3)", gone="raise SystemExit(5)"
    )
    expected = {"good": "done", "bad": "failed", "gone": "absent"}
    for _ in range(2):
        assert run_parts(scripts, monkeypatch, tmp_path, parts) == expected
    assert (tmp_path / "done").read_text() == "x" and (tmp_path / "failing").read_text() == "xx"


def test_the_parts_and_their_surroundings_fit_one_command(scripts):
    assert [part.name for part in scripts["run"].PARTS] == ["facts", "tests", "train", "bench"]
    assert sum(part.seconds for part in scripts["run"].PARTS) <= 600
    readme = (CARD / "README.md").read_text()
    commands = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    assert commands and all(len(command) <= 2000 for command in commands)


# -- tests that are not repeated -----------------------------------------------------------------------------------


def test_what_has_passed_is_not_run_again_and_what_failed_is(scripts, tmp_path):
    test = tmp_path / "test_some.py"
    test.write_text("def test_good(): pass\n\ndef test_bad(): assert not 'so'\n")
    results = tmp_path / "tests.jsonl"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "recorder",
        "-p",
        "no:pytestqt",
        "-p",
        "no:cacheprovider",
    ]
    command.append(str(test))
    environment = {**os.environ, "PYTHONPATH": str(CARD), scripts["recorder"].RESULTS: str(results)}
    for passed in (1, 0):
        if results.exists():
            scripts["cuda_tests"].forget_failures(results)
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert "1 failed" in done.stdout and ("1 passed" in done.stdout) == bool(passed)
    known = scripts["recorder"].known(results)
    assert sorted(result["outcome"] for result in known.values()) == ["failed", "passed"]
    assert "so" in scripts["cuda_tests"].summary(tmp_path)["failures"][0]["text"]


def test_a_line_cut_in_half_is_no_result(scripts, tmp_path):
    path = tmp_path / "tests.jsonl"
    path.write_text('{"id": "a", "outcome": "passed", "seconds": 1}\n{"id": "b", "outc')
    assert set(scripts["recorder"].known(path)) == {"a"}


# -- what comes back -----------------------------------------------------------------------------------------------


def write_model(folder: Path, **sizes: int) -> None:
    for name, size in sizes.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))


def test_backgrounds_are_painted_from_the_start_where_training_is_to_come(scripts, tmp_path, monkeypatch):
    runs = scripts["run"]
    monkeypatch.setattr(runs, "PAINTING", tmp_path / "paint.py")
    runs.PAINTING.write_text("import pathlib, sys; (pathlib.Path(sys.argv[2]) / 'bank.npy').touch()")
    work = tmp_path / "work"
    work.mkdir()
    run = runs.Run(runs.Surroundings(work, "cuda", False), tmp_path / "out", time.time(), 100)
    assert runs.paint_ahead(run, ["facts", "tests"]) is None
    assert runs.paint_ahead(run, ["tests", "train"]).wait() == 0 and (work / "banks" / "bank.npy").exists()
    run.parts["train"]["state"] = "done"
    assert runs.paint_ahead(run, ["tests", "train"]) is None


def test_a_model_comes_back_in_few_files_and_is_put_together_again(scripts, tmp_path):
    returns, work, out = scripts["returns"], tmp_path / "work", tmp_path / "out"
    write_model(
        work / returns.MODEL,
        unet__a=15_000_000,
        unet__b=15_000_000,
        vae__w=6_000_000,
        palimpsest_dot_json=300,
    )
    (work / "facts.json").write_text("{}")
    (work / "train.log").write_bytes(b"x" * 3 * MB)
    for name in returns.BESIDE:
        (work / name).write_bytes(b"picture")
    returns.give_results(work, out, {"parts": {}})
    assert returns.give_model(work, out) == []
    assert not returns.over_the_limits(out)
    with tarfile.open(out / "model-1.tar") as first:
        assert f"{returns.MODEL}/palimpsest.json" in first.getnames(), (
            "without the small files the weights are nothing"
        )
    with zipfile.ZipFile(out / returns.ARCHIVE) as archive:
        assert archive.getinfo("train.log").file_size == returns.LOG_BYTES
    returns.take_back(out, tmp_path / "back")
    assert all((tmp_path / "back" / name).read_bytes() == b"picture" for name in returns.BESIDE)
    for path in (work / returns.MODEL).rglob("*"):
        if path.is_file():
            assert (tmp_path / "back" / path.relative_to(work)).read_bytes() == path.read_bytes()


def test_what_does_not_fit_is_named_and_the_most_valuable_comes(scripts, tmp_path):
    returns, work, out = scripts["returns"], tmp_path / "work", tmp_path / "out"
    out.mkdir()
    sizes = {f"unet__{n}": 15_000_000 for n in range(3)} | {"adapter__w": 15_000_000, "unet__whole": 17 * MB}
    write_model(work / returns.MODEL, **sizes)
    assert returns.give_model(work, out) == ["unet/whole", "adapter/w"]
    returns.give_results(work, out, {})
    assert not returns.over_the_limits(out)


def test_what_travels_is_pinned(scripts):
    for name in scripts["prepare"].WHEELS:
        assert re.fullmatch(rf"{name}==[\d.]+", scripts["prepare"].pinned(name))


ABSENT = """
import sys
from importlib.abc import MetaPathFinder
class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        frame = sys._getframe(1)
        while frame.f_back and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        ours = frame.f_code.co_filename.startswith({root!r}) and "site-packages" not in frame.f_code.co_filename
        if ours and name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
"""
"""A machine without some of the packages that are here; other packages have what they need themselves."""


def test_nothing_else_than_what_travels_or_is_there_is_imported(scripts, tmp_path):
    """Seen on the first machine with a card: two new dependencies were not there, and no part began."""
    known = {_plain(name) for name in (*scripts["prepare"].WHEELS, *scripts["prepare"].INSTALLED)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    unknown = {_plain(re.match(r"[\w.-]+", requirement)[0]) for requirement in asked} - known
    absent = {
        module
        for module, distributions in packages_distributions().items()
        if unknown >= {_plain(name) for name in distributions}
    }
    assert {"PySide6", "hypothesis", "msgspec"} & absent == {"PySide6"}
    (tmp_path / "sitecustomize.py").write_text(ABSENT.format(names=repr(absent), root=f"{ROOT}{os.sep}"))
    paths = [tmp_path, CARD, ROOT / "packaging" / "default_model", ROOT]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    parts = "import facts, cuda_tests, train_on_card, paint_ahead, evaluate, finishing, card_bench"
    tests = [
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-c",
        str(CARD / "pytest.ini"),
        "--rootdir",
        str(ROOT),
        "tests/cuda",
    ]
    for command in (["-c", parts], tests):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=surroundings, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# -- tests for a card ----------------------------------------------------------------------------------------------


def test_the_marker_is_known_to_both_configurations():
    for path in (ROOT / "pyproject.toml", CARD / "pytest.ini"):
        assert "cuda: needs an NVIDIA graphics card" in path.read_text()


def test_the_folder_of_tests_for_a_card_needs_no_window(scripts):
    for folder in scripts["cuda_tests"].files("cuda"):
        for path in [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).glob("*.py"):
            assert not re.search(r"qtbot|PySide6|import gui|from gui", path.read_text()), path
