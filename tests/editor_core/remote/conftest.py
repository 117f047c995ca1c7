"""What sessions elsewhere are compared with."""

import pytest

from editor_core.base.settings import Settings
from editor_core.session.session import Session
from support.same_bytes import all_ways
from support.tiny_models import tiny_folder


@pytest.fixture(scope="session")
def made_here(tmp_path_factory):
    """Every way in this process: picture or mask by the name of what made it."""
    folder = tmp_path_factory.mktemp("cache")
    settings = Settings(model=str(tiny_folder("default")), device="cpu", cache_folder=str(folder))
    with Session(settings) as here:
        return all_ways(here)
