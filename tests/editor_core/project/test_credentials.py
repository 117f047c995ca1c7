"""Signed exports: a manifest of the turns that other programs find valid, and nothing in it that was to be left out."""

import io
import json
import stat
from pathlib import Path

import numpy as np
import pytest

from editor_core.base import paths
from editor_core.base.errors import ImageFileError
from editor_core.project import credentials
from editor_core.project.credentials import FORMATS, signed
from editor_core.project.image_io import read_image, write_image
from editor_core.project.metadata import provenance
from support.documents import make_turn

c2pa = pytest.importorskip("c2pa")
PIXELS = np.full((24, 32, 3), (9, 90, 200), np.uint8)


def manifest_of(path: Path, kind: str) -> tuple[dict, list[str]]:
    with c2pa.Reader(FORMATS[kind], io.BytesIO(path.read_bytes())) as reader:
        read = json.loads(reader.json())
    assert read["validation_state"] == "Valid"
    return read["manifests"][read["active_manifest"]], [each["code"] for each in read["validation_status"]]


def actions_in(manifest: dict) -> list[dict]:
    return next(each["data"]["actions"] for each in manifest["assertions"] if "c2pa.actions" in each["label"])


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "PNG"), (".jpg", "JPEG"), (".webp", "WebP")])
def test_the_turns_are_the_actions_and_the_picture_is_unchanged(tmp_path: Path, suffix: str, kind: str):
    first = make_turn(1, prompt="a fox")
    said = provenance([first, make_turn(2, first, prompt="a cat")])
    write_image(tmp_path / f"plain{suffix}", PIXELS, said)
    write_image(tmp_path / f"a{suffix}", PIXELS, said, sign=True)
    assert np.array_equal(read_image(tmp_path / f"a{suffix}"), read_image(tmp_path / f"plain{suffix}"))
    manifest, problems = manifest_of(tmp_path / f"a{suffix}", kind)
    assert problems == ["signingCredential.untrusted"], "nobody vouches for the certificate"
    assert manifest["signature_info"]["issuer"] == "Palimpsest (self-made certificate)"
    created, edited = actions_in(manifest)
    assert (created["action"], edited["action"]) == ("c2pa.created", "c2pa.edited")
    assert created["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert (created["description"], edited["description"]) == ("a fox", "a cat")


def test_without_words_none_are_in_the_manifest(tmp_path: Path):
    write_image(
        tmp_path / "a.png", PIXELS, provenance([make_turn(1, prompt="a fox")]).without_words(), sign=True
    )
    manifest, _ = manifest_of(tmp_path / "a.png", "PNG")
    assert "a fox" not in json.dumps(manifest) and len(actions_in(manifest)) == 1


def test_the_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path):
    write_image(tmp_path / "a.png", PIXELS, provenance([make_turn(1)]), sign=True)
    key = paths.settings_file().parent / "credentials" / "key.pem"
    before = key.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    write_image(tmp_path / "b.png", PIXELS, provenance([make_turn(1)]), sign=True)
    assert key.read_bytes() == before


def test_what_cannot_be_signed_is_a_sentence(tmp_path: Path, monkeypatch):
    with pytest.raises(ImageFileError, match="BMP pictures cannot be signed"):
        write_image(tmp_path / "a.bmp", PIXELS, provenance([make_turn(1)]), sign=True)
    with pytest.raises(ImageFileError, match="could not be signed"):
        signed(b"no picture", "PNG", "a", [])
    monkeypatch.setattr(credentials, "can_sign", lambda: False)
    with pytest.raises(ImageFileError, match="needs c2pa-python"):
        write_image(tmp_path / "a.png", PIXELS, provenance([make_turn(1)]), sign=True)
    assert not list(tmp_path.iterdir())
