"""palimpsest bench from end to end: rows, resuming, several turns, the page."""

import csv
import json

import pytest

from editor_core.api import Project
from editor_core.commands import entry
from editor_core.project.image_io import read_image
from support.tiny_models import tiny_folder


@pytest.fixture
def bench(capsys, tmp_path):
    def run(name, data, *more):
        arguments = ["bench", name, "--data", data, "--out", tmp_path / "out", "--size", 64, "--steps", 2]
        code = entry.main([*map(str, [*arguments, "--model", tiny_folder("default"), "--json", *more])])
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        return code, told, tmp_path / "out"

    return run


def rows_of(out):
    with (out / "rows.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_rows_are_written_and_gone_on_from(bench, pie_bench):
    code, told, out = bench("pie-bench", pie_bench, "--methods", "fisedit,sdedit", "--limit", 1)
    first = rows_of(out)
    assert code == 0 and [row["method"] for row in first] == ["fisedit", "sdedit"]
    assert float(first[0]["changed_outside"]) == 0 < float(first[1]["changed_outside"])
    assert first[0]["l1"] == "" and first[0]["mask_given"] == "True"
    settings = json.loads((out / "settings.json").read_text())
    assert settings["model"]["name"] == "Tiny" and "LPIPS" in settings["left_out"]
    code, told, _ = bench("pie-bench", pie_bench, "--methods", "fisedit,sdedit", "--limit", 2)
    assert code == 1 and "--resume" in told["error"]
    code, told, _ = bench("pie-bench", pie_bench, "--methods", "sdedit", "--resume")
    assert code == 1 and "other settings" in told["error"]
    code, told, _ = bench("pie-bench", pie_bench, "--methods", "fisedit,sdedit", "--limit", 2, "--resume")
    assert code == 0 and rows_of(out)[:2] == first and len(rows_of(out)) == 4
    assert told["methods"][0]["pictures"] == 2
    page = (out / "report.html").read_text()
    assert page.count("<img") == 6 and "changed_outside" in page


def test_a_chain_goes_on_from_its_own_result(bench, magicbrush):
    code, _, out = bench(
        "magicbrush", magicbrush, "--methods", "sdedit", "--limit", 2, "--multi-turn", "--masks", "none"
    )
    assert code == 0
    made, before = (
        read_image(out / "pictures" / name) for name in ("101-1/sdedit.png", "101-2/sdedit-before.png")
    )
    assert (made == before).all()
    row = rows_of(out)[1]
    assert float(row["l1"]) > 0 and row["mask_given"] == "False" and float(row["c_m"]) > 0


def test_our_chain_is_one_project_that_a_stopped_run_goes_on_from(bench, magicbrush):
    asked = ("magicbrush", magicbrush, "--methods", "fisedit", "--multi-turn", "--masks", "none")
    assert bench(*asked, "--limit", 2)[0] == 0
    code, _, out = bench(*asked, "--limit", 3, "--resume")
    rows = rows_of(out)
    assert code == 0 and [row["id"] for row in rows] == ["101-1", "101-2", "101-3"]
    [file] = (out / "projects").iterdir()
    history = Project.load(file).turns
    made = [turn.method for turn in history]
    done = [row["problem"] == "" for row in rows]
    assert made == ["open"] + ["fisedit"] * sum(done) and any(done)
    assert [float(row["changed_outside"]) for row in rows if not row["problem"]] == [0] * sum(done)
    last = read_image(out / "pictures" / "101-3" / "fisedit.png")
    assert (last == history[-1].image).all()


def test_slow_methods_may_be_held_back_and_masks_go_to_those_that_need_one(bench, pie_bench):
    asked = ("--methods", "sdedit,masafusion", "--at-most", "masafusion=1", "--masks", "needed", "--limit", 2)
    code, _, out = bench("pie-bench", pie_bench, *asked)
    told = [(row["method"], row["mask_given"]) for row in rows_of(out)]
    assert code == 0 and told == [("sdedit", "False"), ("masafusion", "True"), ("sdedit", "False")]
    kinds = (out / "kinds.csv").read_text().splitlines()
    assert kinds[0].startswith("kind,method,pictures") and len(kinds) == 1 + 3


def test_networks_that_lie_in_a_folder_fill_their_columns(bench, editing_mask, networks_folder):
    code, told, out = bench(
        "editing-mask", editing_mask, "--methods", "sdedit", "--limit", 4, "--networks", networks_folder
    )
    row, [line] = rows_of(out)[0], told["methods"]
    names = ("clip", "clip_direction", "clip_accuracy", "dino", "structure", "lpips", "background_lpips")
    assert code == 0 and all(row[name] for name in names)
    assert line["fid"] >= 0 and line["fid_pictures"] == 4
    assert line["csfid_classes"] == 0 and line["csfid"] is None  # no class has two real pictures
    assert json.loads((out / "settings.json").read_text())["left_out"] == []
    assert "<th>fid</th>" in (out / "report.html").read_text()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--at-most", "p2p"), "METHOD=N"),
        (("--masks", "some"), "--masks is one of"),
        (("--variant", "paper=p2p:a=1"), "NAME=METHOD"),
    ],
)
def test_options_that_say_nothing_are_refused(bench, pie_bench, given, sentence):
    code, told, out = bench("pie-bench", pie_bench, *given)
    assert code == 1 and sentence in told["error"] and not out.exists()


def test_one_of_ours_with_other_settings_is_a_method_of_its_own(bench, pie_bench):
    asked = (
        "--methods",
        "fisedit",
        "--variant",
        "paper=fisedit:search=warm-up,fresh_norms=false",
        "--limit",
        1,
    )
    code, _, out = bench("pie-bench", pie_bench, *asked)
    assert code == 0 and [row["method"] for row in rows_of(out)] == ["fisedit", "paper"]
    kept = json.loads((out / "settings.json").read_text())["protocol"]["variants"]
    assert kept == {"paper": ["fisedit", {"search": "warm-up", "fresh_norms": False}]}
    made = [read_image(out / "pictures" / "000000000000" / f"{name}.png") for name in ("fisedit", "paper")]
    assert (made[0] != made[1]).any()
    assert bench("pie-bench", pie_bench, *asked, "--resume")[0] == 0 and len(rows_of(out)) == 2


def test_fid_of_made_pictures_is_to_what_the_new_words_give(bench, fisedit_set, networks_folder):
    asked = ("--methods", "regenerate,sdedit", "--limit", 2, "--networks", networks_folder)
    code, told, out = bench("fisedit", fisedit_set, *asked)
    same, other = told["methods"]
    assert code == 0 and same["fid"] == pytest.approx(0, abs=1e-3) and other["fid"] > 10 * same["fid"]
    assert (out / "features" / "000000 after.npy").exists() and "csfid" not in same


def test_what_fails_is_a_row_and_not_the_end(bench, fisedit_set):
    code, told, out = bench("fisedit", fisedit_set, "--methods", "instruct-pix2pix", "--limit", 1)
    assert code == 0 and "needs" in rows_of(out)[0]["problem"] and told["methods"][0]["failed"] == 1


def test_a_method_that_is_none_is_refused_before_anything_is_written(bench, pie_bench):
    code, told, out = bench("pie-bench", pie_bench, "--methods", "magic")
    assert code == 1 and "no method called" in told["error"] and not out.exists()
