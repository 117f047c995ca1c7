"""What pyproject.toml has no words for: the packages of this tree are installed below a single one, ``palimpsest``.

``packaging/wheel/`` has that package and says why.
"""

from setuptools import find_packages, setup

PROGRAM = "palimpsest.program"

setup(
    packages=[
        "palimpsest",
        *(f"{PROGRAM}.{name}" for name in find_packages(include=["gui*", "editor_core*", "cache*"])),
    ],
    package_dir={"palimpsest": "packaging/wheel", PROGRAM: "."},
    py_modules=[f"{PROGRAM}.main"],
)
