"""Pillow's guards are ours while we read, and the program's around us afterwards."""

import threading

import numpy as np
import pytest
from PIL import Image

from editor_core.base.limits import MAX_PIXELS
from editor_core.project.image_io import read_image, write_png
from editor_core.project.pillow_limits import within_our_limits


@pytest.fixture
def strict(monkeypatch):
    """A program of its own limits."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    return 10


def test_picture_larger_than_the_programs_own_limit_opens_and_the_limit_stays(strict, tmp_path):
    file = tmp_path / "a.png"
    write_png(file, np.zeros((64, 64, 3), np.uint8))
    assert read_image(file).shape == (64, 64, 3)
    assert strict == Image.MAX_IMAGE_PIXELS


def test_limits_are_put_back_when_reading_fails(strict):
    @within_our_limits
    def fail():
        assert Image.MAX_IMAGE_PIXELS == MAX_PIXELS
        raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert strict == Image.MAX_IMAGE_PIXELS


def test_last_of_several_threads_puts_them_back(strict):
    inside, leave = threading.Barrier(3, timeout=30), threading.Event()

    @within_our_limits
    def read():
        inside.wait()
        leave.wait(30)
        return Image.MAX_IMAGE_PIXELS

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait()
    within_our_limits(lambda: None)()
    assert Image.MAX_IMAGE_PIXELS == MAX_PIXELS
    leave.set()
    for thread in threads:
        thread.join()
    assert strict == Image.MAX_IMAGE_PIXELS
