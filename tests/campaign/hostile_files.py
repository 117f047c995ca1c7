"""Damaged and crafted model folders, zips and settings: used as far as they are whole, or refused in a sentence.

Run by path: ``python tests/campaign/hostile_files.py [COUNT] [FIRST SEED]``. Every tenth seed is a model's folder, the
others by turns zips and settings. No other exception, nothing longer than 20 s or larger than 8 GB, nothing written
elsewhere. Projects have a campaign of their own (hostile_projects.py).
"""

import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import Campaign  # noqa: E402
from editor_core.project.project_file import save_project  # noqa: E402
from support.documents import full_document  # noqa: E402
from support.hostile_input import (  # noqa: E402
    damage_model,
    damage_zip,
    damaged_settings,
    tried_document,
    tried_model,
    tried_settings,
)
from support.tiny_models import write_tiny_model  # noqa: E402


def main() -> int:
    campaign = Campaign("hostile_files", "damaged models, zips and settings that did harm", count=20_000)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (24 * 2**30, 24 * 2**30))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "work"
        models = [Path(name) / kind for kind in ("sd1", "default")]
        for model in models:
            write_tiny_model(model, model.name)
        whole = Path(name) / "whole.palimpsest"
        save_project(full_document(), whole)
        around = {path.name for path in Path(name).iterdir()} | {"work"}
        for seed in campaign.seeds():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                kind, what = one(seed, folder, models, whole)
                assert {path.name for path in Path(name).iterdir()} == around, "written elsewhere"
                campaign.add(**{f"{kind}_{what.replace(' ', '_')}": 1})
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, traceback.format_exc(limit=-6))
    peak = round(psutil.Process().memory_info().rss / 2**20)
    return campaign.end(megabytes=peak)


def one(seed: int, folder: Path, models: list[Path], whole: Path) -> tuple[str, str]:
    """What kind of input a seed is, and what became of it."""
    if seed % 10 == 0:
        model = models[seed // 10 % 2]
        return "model", tried_model(damage_model(model, folder / "model", seed))
    if seed % 2:
        return "zip", tried_document(damage_zip(whole, folder / "a.palimpsest", seed))
    path = folder / "settings.toml"
    path.write_bytes(damaged_settings(seed))
    return "settings", tried_settings(path)


if __name__ == "__main__":
    sys.exit(main())
