"""From arguments to exit codes: help, completion, one sentence for any fault, and Ctrl+C at any moment."""

import logging
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

import main
from editor_core.base import logs
from editor_core.base.errors import JobCancelled
from editor_core.base.sampler_table import SAMPLER_LABELS
from editor_core.commands import app, entry, interrupts, options, running
from editor_core.engines import open_picture, registry
from editor_core.engines.common.parameters import described
from editor_core.engines.regions import mask_recipes
from editor_core.project import project_file
from editor_core.project.layer_formats import LAYER_FORMATS
from editor_core.project.picture_formats import FORMATS
from editor_core.remote import places
from editor_core.sampling import samplers
from editor_core.session.session import Session

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("name", ["", *app.COMMANDS])
def test_every_command_helps(run, name, flag):
    code, out, err = run(*([name] if name else []), flag)
    assert code == 0 and not err and "Usage: palimpsest" in out
    assert all(option in out for option in ("--json", "--quiet", "-q", "--verbose", "-v", "--help", "-h"))


def test_the_version_is_told(run):
    assert run("--version")[:2] == (0, f"palimpsest {logs.__version__}\n")


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Without a window")[1].split("\n## ")[0]
    for name in app.COMMANDS:
        assert f"main.py {name}" in section, name
    for said in (
        "--json",
        "-q",
        "-v",
        "NO_COLOR",
        "--install-completion",
        "-o -",
        "*.palimpsest",
        "Exit codes",
    ):
        assert said in section, said


def test_every_kind_of_file_is_in_the_readme():
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Files")[1]
    for kind in FORMATS:
        assert kind.name in table, kind.name
    for layered in LAYER_FORMATS:
        assert f"`{layered.suffix}`" in table, layered.suffix


def completed(line: str, **variables) -> list[str]:
    """What bash would propose after ``line``."""
    environment = os.environ | variables
    environment |= {"_PALIMPSEST_COMPLETE": "complete_bash", "COMP_WORDS": f"palimpsest {line}"}
    environment["COMP_CWORD"] = str(len(f"palimpsest {line}".split(" ")) - 1)
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert not done.stderr, done.stderr
    return done.stdout.split()


def test_a_shell_completes_commands_options_and_words():
    assert completed("in") == ["invert"]
    assert "--method" in completed("edit --m")
    assert completed("edit x.palimpsest --method inst") == ["instdiffedit"]


def test_a_shell_is_told_how_to_complete():
    environment = os.environ | {"_PALIMPSEST_COMPLETE": "source_bash"}
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert "complete" in done.stdout and "palimpsest" in done.stdout and not done.stderr


def test_what_completion_proposes_is_what_there_is():
    assert set(options.METHODS) == set(registry.ENGINES)
    assert tuple(samplers.SAMPLERS) == options.SAMPLERS
    assert {each.name: each.label for each in samplers.SAMPLERS.values()} == SAMPLER_LABELS
    (how,) = described(open_picture.OpenParameters)
    assert set(options.WAYS) == {choice.value for choice in how.about.choices}
    assert set(options.PRESETS) == {mask_recipes.AUTO, *mask_recipes.PRESETS}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ZeroDivisionError("[/dim]"), "Something went wrong in the program itself"),
        (RecursionError("deep"), "Something went wrong in the program itself"),
        (UnicodeEncodeError("ascii", "\udcff", 0, 1, "no"), "Something went wrong in the program itself"),
        (MemoryError(), "not enough memory"),
        (OSError(28, "No space left on device", "/somewhere"), "/somewhere: No space left on device."),
    ],
)
def test_any_fault_is_one_sentence_and_the_rest_is_logged(fault, told, run, tmp_path, monkeypatch, caplog):
    def fails(*_):
        raise fault

    monkeypatch.setattr(Session, "run", fails)
    code, out, err = run("new", "a fox", "-o", tmp_path / "fox.palimpsest")
    assert code == 1 and not out and told in err and len(err.splitlines()) == 1 and "Traceback" not in err
    assert not list(tmp_path.iterdir())
    unexpected = "program itself" in told
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.CRITICAL] * unexpected


def test_the_log_has_the_fault(tmp_path):
    probe = (
        "import sys; sys.argv = ['main.py', 'models']\n"
        "from editor_core.models import available\n"
        "available.available_models = lambda folders: 1 / 0\n"
        "import main; sys.exit(main.main())\n"
    )
    environment = os.environ | {"PALIMPSEST_STATE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    log = tmp_path / "logs" / "palimpsest.log"
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and str(log) in done.stderr
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


# -- Ctrl+C


@pytest.mark.parametrize("stop", [KeyboardInterrupt, JobCancelled])
def test_a_stopped_command_says_so_and_leaves_no_file(stop, run, tmp_path, monkeypatch):
    def interrupted(*_):
        raise stop

    monkeypatch.setattr(Session, "run", interrupted)
    code, _, err = run("new", "a fox", "-o", tmp_path / "fox.palimpsest")
    assert (code, err.splitlines()[-1]) == (1, entry.STOPPED)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def signals():
    """Our handlers, and those that were there afterwards."""
    before = {number: signal.getsignal(number) for number in interrupts.SIGNALS}
    hook = sys.unraisablehook
    for number in before:  # who ignores signals, as a test runner's workers do, would go on ignoring them
        signal.signal(number, signal.SIG_DFL)
    interrupts.install()
    yield
    sys.unraisablehook = hook
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_while_a_file_is_finished_waits(signals, run, project, tmp_path, monkeypatch, small):
    save = project_file.save_project

    def interrupted(document, path):
        signal.raise_signal(signal.SIGINT)
        save(document, path)

    monkeypatch.setattr(running, "save_merged", interrupted)
    code, out, err = run("edit", project, "-p", "a cat on the snow", *small)
    assert code == 0 and '"prompt": "a cat on the snow"' in out, err
    interrupts.install()
    other = tmp_path / "other.palimpsest"
    other.write_bytes(project.read_bytes())
    code, out, err = run("edit", project, other, "-p", "an owl", *small)
    assert code == 1 and "Stopped; 1 of 2 files were finished" in err
    assert (
        len(project_file.load_project(project).history),
        len(project_file.load_project(other).history),
    ) == (3, 2)


def test_a_stop_after_the_last_word_takes_nothing_back(signals, run, project, monkeypatch, small):
    """While the cache is written, say: the turn is saved and told, so the command has done what it was asked for."""

    @contextmanager
    def closing_slowly(*given):
        with session_at(*given) as opened:
            yield opened
        signal.raise_signal(signal.SIGINT)

    session_at = places.session_at
    monkeypatch.setattr(places, "session_at", closing_slowly)
    code, out, err = run("edit", project, "-p", "a cat on the snow", *small)
    assert code == 0 and '"prompt": "a cat on the snow"' in out and entry.STOPPED not in err
    assert len(project_file.load_project(project).history) == 2


@pytest.mark.parametrize(("done", "code"), [(True, 0), (False, 1)])
def test_a_stop_beside_the_command_says_what_is_true(monkeypatch, capsys, done, code):
    """Before it was begun, or between its end and the process's."""

    def stopped(arguments):
        if done:
            with interrupts.finishing():
                pass
        raise KeyboardInterrupt

    interrupts.begin()
    monkeypatch.setattr(entry, "run", stopped)
    monkeypatch.setattr(sys, "argv", ["palimpsest", "history", "a.palimpsest"])
    assert main.main() == code
    assert (entry.STOPPED in capsys.readouterr().err) is not done


def test_a_second_signal_does_not_stop_the_tidying_up(signals):
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)


def test_what_was_ignored_stays_ignored(signals):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupts.install()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_signal_in_a_finalizer_comes_once_more(signals):
    class Closing:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        closing = Closing()
        del closing
        threading.Event().wait(5)


@pytest.mark.skipif(os.name != "posix", reason="signals are another matter there")
@pytest.mark.parametrize("third", range(3))
def test_a_signal_at_any_moment_leaves_all_or_nothing(project, tiny, third, tmp_path):
    """Once in the time that the command takes, at a moment of each third of it that chance picks."""
    before = project.read_bytes()
    command = [sys.executable, str(ROOT / "main.py"), "edit", str(project), "-p", "a cat on the snow", *tiny]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    moment = random.Random(third).uniform(0.3 + 1.9 * third, 2.2 + 1.9 * third)
    try:
        out, err = running.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert "Traceback" not in err, (moment, err)
    names = {path.name for path in tmp_path.iterdir()}
    if running.returncode == 1:
        assert err.splitlines()[-1] == entry.STOPPED and not out, moment
        assert project.read_bytes() == before and names == {"fox.palimpsest"}
    else:
        assert running.returncode == 0 and "Saved to" in out, (moment, err)
        assert len(project_file.load_project(project).history) == 2
        assert names == {"fox.palimpsest", "fox.palimpsest.bak"}
