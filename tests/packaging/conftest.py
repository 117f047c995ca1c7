"""The default model's recipe: its scripts by name, its tables, and sprites that need no emoji."""

import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

RECIPE = Path(__file__).resolve().parents[2] / "packaging" / "default_model"


@pytest.fixture(autouse=True)
def recipe_importable(monkeypatch):
    """The recipe's scripts import each other by name, as when they are run by path."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(RECIPE)
    yield
    for name in set(sys.modules) - before:
        if str(RECIPE) in str(getattr(sys.modules[name], "__file__", None)):
            del sys.modules[name]


@pytest.fixture
def tables():
    from tables import TABLES

    return TABLES["cpu"]


@pytest.fixture
def sprites():
    """A coloured disc for each object, drawn here, so that no emoji are needed."""
    from sprites import EMOJI, Sprites

    pictures = {}
    for index, word in enumerate(EMOJI):
        picture = Image.new("RGBA", (64, 64))
        ImageDraw.Draw(picture).ellipse((4, 8, 60, 56), (220, 30, 2 * index, 255))
        pictures[word] = picture
    return Sprites(pictures)
