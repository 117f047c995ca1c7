"""The one place that imports OpenCV.

The Linux wheel of opencv-python carries a Qt of its own and, at import, points Qt's environment variables at it;
any other Qt then looks for its plugins and fonts there. This module puts the variables back.
"""

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2  # noqa: E402, TID251

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2"]
