"""How often each level occurs."""

import numpy as np

from editor_core.pixels.histogram import histogram


def test_each_channel_has_its_own_and_black_and_white_hide_nothing():
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:2, :, 0] = 100
    pixels[:1, :, 0] = 50
    pixels[:, :4, 2] = 200
    whole, red, green, blue = histogram(pixels)
    assert red[50] == red[100] == red[0] == 1.0 and red[51] == 0
    assert green[0] == 1.0 and green[1:].sum() == 0  # nothing but black: then that is the peak
    assert blue[200] == 1.0 and whole[200] == 1.0 and whole[50] == 8 / 32


def test_what_is_clear_does_not_count():
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[0] = (90, 90, 90, 255)
    assert histogram(pixels)[1, 90] == 1.0 and histogram(pixels)[1, 0] == 0
    assert histogram(np.zeros((2, 2, 4), np.uint8)).sum() == 0
