"""The engines from Python, without Qt: see `Editor`, and the examples in the project's ``docs/examples``."""

from palimpsest import _tree

_tree.prepare()

from editor_core import api as _api  # noqa: E402
from editor_core.api import *  # noqa: E402, F403

__all__ = _api.__all__
__doc__ = _api.__doc__
