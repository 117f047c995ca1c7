"""Which network finds objects: one of the library, one that was chosen, none, and what happens where it is broken."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from editor_core.base.errors import RegionError
from editor_core.base.settings import Settings
from editor_core.messages.requests import FindObject
from editor_core.models.segmenter import Segmenter
from editor_core.session.segmenters import Segmenters
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle
from support.tiny_segmenter import write_tiny_segmenter

PICTURE = np.random.default_rng(0).integers(0, 256, (48, 96, 3), np.uint8)


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("default")) as context:
        yield context


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_segmenter(tmp_path_factory.mktemp("watched") / "sams" / "tiny")


@pytest.fixture
def settings(folder):
    return Settings(library_folders=(str(folder.parents[1]),))


def test_one_in_a_watched_folder_is_used_and_looks_once(context, settings, monkeypatch):
    segmenters, looks = Segmenters(), []
    encode = Segmenter.encode
    monkeypatch.setattr(Segmenter, "encode", lambda self, image: looks.append(1) or encode(self, image))
    ahead = segmenters.find(FindObject(PICTURE), context, settings)
    assert not ahead.mask.any()
    clicked = segmenters.find(FindObject(PICTURE, (30, 20)), context, settings)
    boxed = segmenters.find(FindObject(PICTURE, box=(-5, 10, 200, 30)), context, settings)
    assert clicked.mask.shape == boxed.mask.shape == (48, 96) and looks == [1]
    for request in (FindObject(PICTURE, (96, 0)), FindObject(PICTURE, box=(97, 0, 99, 9))):
        with pytest.raises(RegionError):
            segmenters.find(request, context, settings)


def test_our_own_way_where_none_is_there_or_none_is_wanted(context, settings, tmp_path):
    request = FindObject(PICTURE, (30, 20))
    assert Segmenters().find(request, context, Settings(library_folders=(str(tmp_path),))) is None
    assert Segmenters().find(request, context, replace(settings, object_model="own")) is None


def test_a_folder_that_was_chosen_goes_before_the_library(context, settings, folder, tmp_path):
    chosen = shutil.copytree(folder, tmp_path / "mine")
    segmenters = Segmenters()
    assert segmenters.chosen(replace(settings, object_model=str(chosen))) == chosen
    assert segmenters.chosen(settings) == folder


def test_one_that_is_broken_is_told_once_and_objects_are_found_all_the_same(context, settings, tmp_path):
    context.heard.clear()
    broken = replace(settings, object_model=str(tmp_path / "gone"))
    segmenters = Segmenters()
    assert segmenters.find(FindObject(PICTURE, (30, 20)), context, broken) is None
    assert segmenters.find(FindObject(PICTURE, (30, 20)), context, broken) is None
    assert len(context.heard) == 2 and "could not be used" in context.heard[1]
