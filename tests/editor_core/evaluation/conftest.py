"""Five pictures of each public set, in the layout that it is handed out in."""

import json

import numpy as np
import pytest
from PIL import Image

from support.tiny_networks import write_networks

COUNT = 5


@pytest.fixture(scope="session")
def networks_folder(tmp_path_factory):
    """clip, dino, lpips and inception, tiny and random."""
    return write_networks(tmp_path_factory.mktemp("networks"))


def picture(number, size=64):
    y, x = np.mgrid[:size, :size]
    return np.stack([y * 3, x * 3, (x + y + 20 * number) % 256], 2).astype(np.uint8)


def square(size=64):
    mask = np.zeros((size, size), np.uint8)
    mask[size // 4 : size // 2, size // 4 : size // 2] = 255
    return mask


def save(pixels, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(file)


@pytest.fixture
def magicbrush(tmp_path):
    """Two sessions, of three turns and of two; masks are transparent where the edit is, one is white there."""
    folder, sessions, described = tmp_path / "magicbrush", {}, {}
    for session, turns in (("101", 3), ("202", 2)):
        sessions[session], described[session] = [], {f"{session}-input.png": "a red fox"}
        save(picture(0), folder / "images" / session / f"{session}-input.png")
        for turn in range(1, turns + 1):
            before = f"{session}-input.png" if turn == 1 else f"{session}-output{turn - 1}.png"
            names = {
                "input": before,
                "mask": f"{session}-mask{turn}.png",
                "output": f"{session}-output{turn}.png",
            }
            sessions[session].append(names | {"instruction": f"do {turn}"})
            described[session][names["output"]] = f"a red fox {turn}"
            save(picture(turn), folder / "images" / session / names["output"])
            shown = np.dstack([picture(turn), 255 - square()])
            if (session, turn) == ("202", 2):
                shown = np.where(square()[..., None] > 0, 255, picture(turn)).astype(np.uint8)
            save(shown, folder / "images" / session / names["mask"])
    (folder / "edit_sessions.json").write_text(json.dumps(sessions))
    (folder / "global_descriptions.json").write_text(json.dumps(described))
    return folder


@pytest.fixture
def pie_bench(tmp_path):
    folder, told = tmp_path / "pie", {}
    for number in range(COUNT):
        path = f"{number}_kind/{number:012}.jpg"
        save(picture(number), folder / "annotation_images" / path)
        told[f"{number:012}"] = {
            "image_path": path, "original_prompt": "a [red]  fox", "editing_prompt": "a [blue] fox",
            "editing_instruction": "make it blue", "editing_type_id": str(number), "blended_word": "fox fox",
            "mask": [512 * 100 + 7, 3, 512 * 101 + 7, 2],
        }  # fmt: skip
    (folder / "mapping_file.json").write_text(json.dumps(told))
    return folder


@pytest.fixture
def editing_mask(tmp_path):
    folder, lines = tmp_path / "editing-mask", []
    for number in range(COUNT):
        name = f"ILSVRC2012_val_{number:08}.JPEG" if number % 2 else f"{number}"
        lines.append(f"{name} <> cat <> dog" if number % 2 else f"{name} <> a fox on snow <> a fox <> a cat")
        stem = name.removesuffix(".JPEG")
        save(picture(number), folder / "images" / f"{stem}.png")
        save(square(), folder / "masks" / f"{stem}.png")
    (folder / "dataset_txt").mkdir()
    (folder / "dataset_txt" / "Editing-Mask_list.txt").write_text("\n".join(lines))
    return folder


@pytest.fixture
def fisedit_set(tmp_path):
    folder = tmp_path / "fisedit"
    folder.mkdir()
    lines = [{"input": f"a fox {n}", "edit": "a cat", "output": f"a cat {n}"} for n in range(COUNT)]
    lines[1]["seed"] = 77
    (folder / "gpt-generated-prompts.jsonl").write_text("\n".join(map(json.dumps, lines)))
    save(square(), folder / "mask_img" / "0.png")
    return folder


@pytest.fixture
def pairs(tmp_path):
    folder, lines = tmp_path / "pairs", []
    for number in range(COUNT):
        files = {name: f"{number}-{name}.png" for name in ("before", "after", "mask")}
        save(picture(number), folder / files["before"])
        save(picture(number + 1), folder / files["after"])
        save(square(), folder / files["mask"])
        lines.append(
            {"id": f"{number}", "kind": "object", "words_before": "a fox", "words_after": "a cat"} | files
        )
    (folder / "pairs.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder
