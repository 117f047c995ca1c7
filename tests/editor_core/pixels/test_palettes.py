"""GIMP's palettes: what is in the file, what is not a palette, and the one that ships."""

import pytest

from editor_core.base import paths
from editor_core.base.errors import ImageFileError
from editor_core.pixels.palettes import palette_of, read_palette

TEXT = """GIMP Palette
Name: Two
Columns: 4
# a comment
  0 128 255\tSea blue
9 8 7
300 0 0\ttoo much
1 2 3\tUntitled
"""


def test_names_and_colours_are_read():
    palette = palette_of(TEXT, "file.gpl")
    assert palette.name == "Two"
    assert palette.colours == (((0, 128, 255), "Sea blue"), ((9, 8, 7), ""), ((1, 2, 3), ""))
    assert palette_of("GIMP Palette\n1 2 3\n", "old one.gpl").name == "old one"


@pytest.mark.parametrize("text", ["", "JASC-PAL\n0100\n", "GIMP Palette\nName: none\n"])
def test_what_is_no_palette_is_refused_in_a_sentence(text):
    with pytest.raises(ImageFileError, match=r"x\.gpl"):
        palette_of(text, "x.gpl")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ImageFileError, match="could not be read"):
        read_palette(tmp_path / "none.gpl")


def test_the_palette_that_ships_can_be_read():
    palette = read_palette(paths.resources() / "palettes" / "basic.gpl")
    assert len(palette.colours) == 62 and all(name for _, name in palette.colours)
