"""Every letter chooses one entry of a menu, in every language."""

from collections import Counter

from PySide6.QtWidgets import QMenuBar

from gui.actions.access_keys import distinct, key_of


def test_no_two_entries_of_a_menu_share_a_letter(window, language):
    for menu in (window.menuBar(), *made_menus(window).values()):
        entries = [action for action in menu.actions() if not action.isSeparator()]
        keys = Counter(key_of(action.text()) for action in entries)
        del keys[None]
        assert [key for key, count in keys.items() if count > 1] == []
        assert len(keys) > len(entries) - 3, "the longest menus may run out of letters"


def made_menus(window):
    """The menus in the language that is installed now."""
    actions = type(window.actions_table)(window, window.theme)
    return actions.fill(QMenuBar(window))


def test_a_text_gives_its_letter_away_where_another_has_no_other():
    assert distinct(["&Ox", "&O"]) == ["O&x", "&O"]


def test_letters_in_brackets_stay_before_the_dots():
    assert distinct(["打开(&O)…", "其他(&O)…"]) == ["打开(&O)…", "其他(&A)…"]
