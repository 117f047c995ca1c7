"""Settings survive a round trip and bad files."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_core.base import settings
from editor_core.base.errors import SettingsError
from editor_core.base.settings import Settings

TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x7f"), max_size=20)


@given(model=TEXT, folders=st.lists(TEXT, max_size=3), ram=st.integers(0, 10**6), preview=st.booleans())
def test_saved_settings_load_alike(tmp_path_factory, model, folders, ram, preview):
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    kept = Settings(model=model, model_folders=tuple(folders), ram_cache_mb=ram, live_preview=preview)
    settings.save(kept, file)
    assert settings.load(file) == kept


def test_unknown_keys_are_kept(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('brush = "round"\nram_cache_mb = 5\n[window]\nwidth = 3\n')
    settings.save(settings.load(file), file)
    again = settings.load(file)
    assert again.other == {"brush": "round", "window": {"width": 3}} and again.ram_cache_mb == 5


def test_settings_that_were_called_otherwise_are_read(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("mask_alike = 0.8\nmask_unlike = 0.4\nmask_similarity_low = 0.3\n")
    found = settings.load(file)
    assert (found.mask_similarity_high, found.mask_similarity_low, found.other) == (0.8, 0.3, {})


@pytest.mark.parametrize(
    "text",
    [
        "ram_cache_mb = -1",
        'ram_cache_mb = "much"',
        "live_preview = 3",
        "model_folders = [1]",
        'theme = "x"',
        "autosave_minutes = 35792",
        "autosave_minutes = 1e308",
        "mask_strength = nan",
        "mask_strength = inf",
        "mask_rounds = 999999999999999999999999999999",
        "other = 3",
    ],
)
def test_a_bad_value_costs_that_value(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(f'device = "cpu"\n{text}\nlanguage = "de"\n')
    chosen, told = settings.read(file)
    assert replace(chosen, other={}) == Settings(device="cpu", language="de")
    if not text.startswith("other"):
        assert text.split(" ")[0] in str(told) and "settings.toml.damaged" in str(told)
        assert (tmp_path / "settings.toml.damaged").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        b"= broken",
        b"\0",
        b"\xff\xfe = 1",
        b"device = ",
        b"x = " + b"[" * 5000,
        b"ram_cache_mb = 1" + b"0" * 5000,
    ],
)
def test_a_bad_line_costs_that_line(tmp_path, line):
    file = tmp_path / "settings.toml"
    file.write_bytes(b'device = "cpu"\r\n' + line + b'\r\nlanguage = "de"\r\n[window]\r\nwidth = 3\r\n')
    chosen, told = settings.read(file)
    assert (chosen.device, chosen.language, chosen.other) == ("cpu", "de", {"window": {"width": 3}})
    assert "Part of the settings" in str(told)
    settings.save(chosen, file)
    assert settings.read(file) == (chosen, None)


def test_a_mark_of_byte_order_is_no_damage(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_bytes(b'\xef\xbb\xbfdevice = "cpu"\n')
    assert settings.read(file) == (Settings(device="cpu"), None)


def test_what_is_hard_to_write_comes_back(tmp_path):
    file = tmp_path / "settings.toml"
    other = {
        "a key": 1,
        'quo"te': {"inner key": [1, {"ü.x": "line\nline"}]},
        "": -0.5,
        "far": math.inf,
        "flag": True,
        "\x7f": "\x1b",
    }
    settings.save(Settings(other=other), file)
    again, told = settings.read(file)
    assert again.other == other and not told
    settings.save(Settings(other={"none": math.nan}), file)
    assert math.isnan(settings.load(file).other["none"])


def test_what_no_file_can_hold_is_a_sentence_and_leaves_the_old_file(tmp_path):
    file = tmp_path / "settings.toml"
    settings.save(Settings(device="cpu"), file)
    with pytest.raises(SettingsError, match="could not be saved"):
        settings.save(Settings(model="\ud800"), file)
    assert settings.load(file) == Settings(device="cpu") and len(list(tmp_path.iterdir())) == 1


@given(data=st.binary(max_size=200) | st.text("[]{}=\"'.,#\n ab1-", max_size=80).map(str.encode))
def test_the_program_starts_with_any_settings(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    file.write_bytes(data)
    chosen, _ = settings.read(file)
    settings.save(chosen, file)
    assert settings.load(file) == chosen or any(map(_has_nan, chosen.other.values()))


def _has_nan(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value != value or any(map(_has_nan, inner))


def test_missing_file_gives_the_defaults(tmp_path):
    assert settings.load(tmp_path / "none.toml") == Settings()


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="could not be saved"):
        settings.save(Settings(), tmp_path / "file" / "settings.toml")


def test_a_cache_folder_is_absolute_wherever_the_program_is_started(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("PALIMPSEST_CACHE_DIR", str(tmp_path / "caches"))
    assert Settings(cache_folder="~/big").cache_path == tmp_path / "big"
    assert Settings(cache_folder="big").cache_path == tmp_path / "caches" / "big"
    assert Settings(cache_folder=str(tmp_path / "own")).cache_path == tmp_path / "own"
    assert Settings().cache_path == tmp_path / "caches" / "activations"
