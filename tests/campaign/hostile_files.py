"""Damaged and crafted files of every format that is read: used as far as they are whole, or refused in a sentence.

Run by path: ``python tests/campaign/hostile_files.py [COUNT] [FIRST SEED]``. No other exception, nothing longer than
20 s or larger than 4 GB, nothing written elsewhere, nothing started, sent or unpickled. A seed gives the kind of input
and the damage; the work is done in processes that are watched (support/watched_work.py).
"""

import os
import random
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # nothing that is forked may have threads
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402

from campaign.report import Campaign, own_folders, work_folder  # noqa: E402
from editor_core.base import paths  # noqa: E402
from editor_core.base.errors import EditorError  # noqa: E402
from editor_core.document.commands import AcceptTurn, AddLayer  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.document.layers import RasterLayer  # noqa: E402
from editor_core.document.tiles import Tiles  # noqa: E402
from editor_core.models.lora_file import inspect_lora  # noqa: E402
from editor_core.project import journal  # noqa: E402
from editor_core.project.layer_formats import required_layer_format  # noqa: E402
from editor_core.project.project_file import load_project, save_project  # noqa: E402
from support import commands_at_work  # noqa: E402
from support.damage import damaged  # noqa: E402
from support.documents import full_document, make_turn  # noqa: E402
from support.hostile_commands import tried_command  # noqa: E402
from support.hostile_input import (  # noqa: E402
    change_bytes,
    change_header,
    damage_model,
    damage_zip,
    damaged_settings,
    in_time,
    refused,
    tried_document,
    tried_model,
    tried_settings,
)
from support.hostile_pictures import damaged_picture, tried_picture, whole_pictures  # noqa: E402
from support.look import look_at_everything  # noqa: E402
from support.loras import ATTENTION, factors_for, write_kohya  # noqa: E402
from support.tiny_models import tiny_bundle, write_tiny_model  # noqa: E402
from support.watched_work import Watched  # noqa: E402
from support.xcf_files import XcfFile, XcfLayer  # noqa: E402

SMALL = (24, 32)


@dataclass(frozen=True)
class Sources:
    """What is damaged."""

    folder: Path  # everything is written there
    models: tuple[Path, ...]
    project: Path
    openraster: Path
    photoshop: Path
    gimp: Path
    lora: Path
    step: Path
    before: Document
    pictures: dict[str, bytes]
    picture: Path


def main() -> int:
    campaign = Campaign(
        "hostile_files",
        "damaged or crafted inputs without traceback, hang, flood or foreign write",
        wanted=100_000,
    )
    warnings.simplefilter("ignore")
    commands_at_work.parse_quickly()
    with work_folder() as folder:
        sources = prepared(folder)
        watched = Watched(partial(one, sources), sources.folder)
        for seed in campaign.seeds():
            try:
                campaign.add(**watched.do(seed))
            except RuntimeError as problem:
                campaign.failed(seed, str(problem))
        watched.end()
        figures = {"megabytes": watched.megabytes, "processes": watched.processes}
    return campaign.end(how="in forked processes, watched for time, memory and what they touch", **figures)


def prepared(place: Path) -> Sources:
    folder = place / "work"
    models = tuple(place / kind for kind in ("sd1", "default"))
    for model in models:
        write_tiny_model(model, model.name)
    document = full_document(SMALL)
    save_project(document, place / "whole.palimpsest")
    names = {suffix: place / f"whole{suffix}" for suffix in (".ora", ".psd")}
    for path in names.values():
        required_layer_format(path).write(document.snapshot(), path)
    gimp = place / "whole.xcf"
    gimp.write_bytes(whole_of_gimp())
    lora = write_kohya(place / "lora.safetensors", factors_for(tiny_bundle("sd1").unet, ATTENTION))
    before = Document.new_from_turn(make_turn(1, size=SMALL))
    after = Document.from_snapshot(before.snapshot())
    after.execute(AddLayer(RasterLayer(name="paint", tiles=Tiles.from_array(document.picture()))))
    after.execute(AcceptTurn(make_turn(2, after.history.current, size=SMALL)))
    journal.write_step(place / "whole.step", before.snapshot(), after.snapshot())
    pictures, picture = whole_pictures(), place / "whole.png"
    picture.write_bytes(pictures[".said.png"])
    return Sources(
        folder, models, place / "whole.palimpsest", names[".ora"], names[".psd"], gimp, lora,
        place / "whole.step", before, pictures, picture,
    )  # fmt: skip


def whole_of_gimp() -> bytes:
    """A file with groups, masks, modes of GIMP's own and more than 8 bits."""
    paint = np.random.default_rng(0).integers(0, 2**16, (70, 90, 4)).astype(np.uint16)
    mask = paint[..., 0]
    layers = [
        XcfLayer(paint, "glow", mode=45, mask=mask),
        XcfLayer(paint, "group", mode=61, opacity=0.5, is_group=True, path=(1,)),
        XcfLayer(paint, "inside", mode=30, path=(1, 0), x=-9, y=20),
        XcfLayer(paint, "ground"),
    ]
    return XcfFile(96, 64, layers, version=13, precision=250).written()


def one(sources: Sources, seed: int) -> dict[str, int]:
    """Try the input of a seed: which kind it was, and what became of it."""
    os.environ |= own_folders(sources.folder / "own")
    tempfile.tempdir = str(sources.folder)  # a picture from standard input becomes a file first
    kind = KINDS[seed % len(KINDS)]
    what = _WAYS[kind](sources, seed)
    return {f"{kind}_{what.replace(' ', '_')}": 1}


def _picture(sources: Sources, seed: int) -> str:
    ending, data = damaged_picture(sources.pictures, seed)
    path = sources.folder / f"a{ending}"
    path.write_bytes(data)
    return tried_picture(path)


def _settings(sources: Sources, seed: int) -> str:
    path = sources.folder / "settings.toml"
    path.write_bytes(damaged_settings(seed))
    return tried_settings(path)


def _window(sources: Sources, seed: int) -> str:
    from support.hostile_window import damaged_state, tried_state

    paths.state_folder().mkdir(parents=True)
    (paths.state_folder() / "window.json").write_bytes(damaged_state(seed))
    return tried_state()


def _lora(sources: Sources, seed: int) -> str:
    path = sources.folder / "a.safetensors"
    shutil.copyfile(sources.lora, path)
    chosen = random.Random(seed)
    (change_header if chosen.random() < 0.7 else change_bytes)(path, chosen)
    with in_time():
        try:
            inspect_lora(path)
        except EditorError as error:
            return refused(error)
    return "used"


def _of_layers(sources: Sources, seed: int, source: Path) -> str:
    path = sources.folder / f"a{source.suffix}"
    chosen = random.Random(seed)
    if source.suffix == ".ora" and chosen.random() < 0.6:
        damage_zip(source, path, seed)
    else:
        shutil.copyfile(source, path)
        change_bytes(path, chosen)
    return tried_document(path)


def _project(sources: Sources, seed: int) -> str:
    """Opened, looked at, saved elsewhere, opened again."""
    path, again = sources.folder / "a.palimpsest", sources.folder / "b.palimpsest"
    damaged(sources.project, path, seed)
    with in_time():
        try:
            document = load_project(path)
        except EditorError as error:
            return refused(error)
        look_at_everything(document)
        try:
            save_project(document, again)
        except EditorError:  # a picture that cannot be read any more cannot be copied either
            return "in part"
        assert load_project(again).origin.lost == ()
        return "in part" if document.origin.lost else "used"


def _zip(sources: Sources, seed: int) -> str:
    return tried_document(damage_zip(sources.project, sources.folder / "a.palimpsest", seed))


def _step(sources: Sources, seed: int) -> str:
    path = damaged(sources.step, sources.folder / "a.step", seed)
    with in_time():
        try:
            look_at_everything(Document.from_snapshot(journal.read_step(path, sources.before.snapshot())))
        except EditorError as error:
            return refused(error)
    return "used"


def _model(sources: Sources, seed: int, loads: bool = False) -> str:
    model = sources.models[seed % len(sources.models)]
    return tried_model(damage_model(model, sources.folder / "model", seed), loads=loads)


def _command(sources: Sources, seed: int) -> str:
    return tried_command(sources.project, sources.picture, sources.models[0], sources.folder, seed)


_WAYS: dict[str, Callable[[Sources, int], str]] = {
    "picture": _picture,
    "settings": _settings,
    "window": _window,
    "lora": _lora,
    "openraster": lambda sources, seed: _of_layers(sources, seed, sources.openraster),
    "photoshop": lambda sources, seed: _of_layers(sources, seed, sources.photoshop),
    "gimp": lambda sources, seed: _of_layers(sources, seed, sources.gimp),
    "project": _project,
    "zip": _zip,
    "step": _step,
    "model": _model,
    "loaded_model": partial(_model, loads=True),
    "command": _command,
}
_SHARES = {
    "picture": 40, "settings": 13, "window": 6, "lora": 13, "openraster": 4, "photoshop": 3, "gimp": 2, "project": 5,
    "zip": 3, "step": 6, "model": 3, "loaded_model": 1, "command": 1,
}  # fmt: skip
KINDS = [kind for kind, share in _SHARES.items() for _ in range(share)]

if __name__ == "__main__":
    sys.exit(main())
