"""The export dialog asks what the format and the picture leave open, and nothing else."""

import pytest

from editor_core.project.picture_formats import format_of
from gui.dialogs.export import ExportChoices, ExportDialog, Exported


@pytest.fixture
def dialog(qtbot, theme):
    def made(suffix, choices=None, **facts):
        dialog = ExportDialog(Exported(format_of(suffix), **facts), choices or ExportChoices())
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


def shown(dialog):
    names = ("quality", "lossless", "keep", "matte", "colours", "words", "notes", "sign")
    return {name for name in names if getattr(dialog, name).isVisible()}


@pytest.mark.parametrize(
    ("suffix", "facts", "wanted"),
    [
        (".jpg", {}, {"quality"}),
        (".webp", {"transparent": True}, {"quality", "lossless", "keep", "matte"}),
        (".jpg", {"transparent": True, "words": True}, {"quality", "matte", "words"}),
        (".png", {"profile": "Display P3", "notes": True}, {"colours", "notes"}),
        (".png", {"can_be_signed": True}, {"sign"}),
        (".bmp", {"profile": "Display P3"}, set()),
    ],
)
def test_only_what_matters_is_asked(dialog, suffix, facts, wanted):
    assert shown(dialog(suffix, **facts)) == wanted


def test_choices_are_what_the_controls_say(dialog):
    chosen = dialog(
        ".webp", ExportChoices(None), transparent=True, profile="Display P3", notes=True, words=True
    )
    assert chosen.choices == ExportChoices(None) and not chosen.quality.isEnabled()
    chosen.lossless.setChecked(False)
    chosen.quality.set_value(60)
    chosen.keep.setChecked(False)
    chosen.colours.setCurrentIndex(1)
    chosen.words.setChecked(False)
    assert chosen.choices == ExportChoices(60, (255, 255, 255), words=False, original_colours=True)


def test_a_format_without_transparency_has_something_behind_it(dialog):
    assert dialog(".jpg", transparent=True).choices.matte == (255, 255, 255)
    assert dialog(".png", ExportChoices(None), transparent=True).choices.matte is None


def test_nothing_is_asked_where_nothing_is_open(run, theme):
    assert run(ExportDialog.ask(Exported(format_of(".bmp")), ExportChoices(None))) == ExportChoices(None)
