"""The examples run as they stand, at a tiny size, and stay short."""

import json
import runpy
import shutil
from pathlib import Path

import pytest

from support.tiny_models import sketching_folder, tiny_folder

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "docs" / "examples").glob("*.py"))
LEAVES = {
    "reword": "cat.palimpsest",
    "repaint": "cats.palimpsest",
    "redraw": "apple.palimpsest",
    "recolour": "cache",
    "pipeline": "cat.palimpsest",
}


def pipeline_folder(tmp_path: Path) -> Path:
    """The tiny model with an index of its parts, as diffusers' own loader wants it."""
    folder = Path(shutil.copytree(tiny_folder("sd1"), tmp_path / "pipeline"))
    diffusers = {"unet": "UNet2DConditionModel", "vae": "AutoencoderKL", "scheduler": "DDIMScheduler"}
    transformers = {"text_encoder": "CLIPTextModel", "tokenizer": "CLIPTokenizer"}
    index = {"_class_name": "StableDiffusionPipeline", "requires_safety_checker": False}
    index |= {part: ["diffusers", name] for part, name in diffusers.items()}
    index |= {part: ["transformers", name] for part, name in transformers.items()}
    index |= {part: [None, None] for part in ("safety_checker", "feature_extractor", "image_encoder")}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_example_runs(file, tmp_path, capsys):
    model = pipeline_folder(tmp_path) if file.stem == "pipeline" else sketching_folder("default")
    runpy.run_path(str(file))["main"](folder=str(tmp_path), model=str(model), steps=4)
    assert (tmp_path / LEAVES[file.stem]).exists()
    assert capsys.readouterr().out


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_example_is_short(file):
    body = file.read_text(encoding="utf-8").split("from palimpsest import api\n")[1].split("if __name__")[0]
    assert len([line for line in body.splitlines() if line.strip()]) < 25
