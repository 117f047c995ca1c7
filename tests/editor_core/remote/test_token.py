"""The cluster's token is its owner's alone."""

import os
import stat
import sys

import pytest

from editor_core.remote.token import keep_token, kept_token, token_file


def test_token_is_kept_replaced_and_forgotten():
    assert kept_token() == ""
    keep_token(" secret \n")
    assert kept_token() == "secret"
    keep_token("another")
    assert kept_token() == "another"
    keep_token("")
    assert kept_token() == "" and not token_file().exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such permissions there")
def test_nobody_else_can_read_it_even_where_a_readable_file_was():
    token_file().parent.mkdir(parents=True)
    token_file().write_text("old")
    os.chmod(token_file(), 0o644)
    keep_token("secret")
    assert stat.S_IMODE(token_file().stat().st_mode) == 0o600
