"""Settings survive a round trip and bad files."""

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


@pytest.mark.parametrize(
    "text",
    [
        "ram_cache_mb = -1",
        'ram_cache_mb = "much"',
        "live_preview = 3",
        "model_folders = [1]",
        "= broken",
        "\0",
    ],
)
def test_bad_values_fall_back(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    assert settings.load(file) == Settings()


def test_missing_file_gives_the_defaults(tmp_path):
    assert settings.load(tmp_path / "none.toml") == Settings()


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="could not be saved"):
        settings.save(Settings(), tmp_path / "file" / "settings.toml")
