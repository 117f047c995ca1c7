"""What pyproject.toml has no words for: the packages of this tree are installed below a single one, ``palimpsest``.

``packaging/wheel/`` has that package. What imports ``editor_core`` in the tree imports
``palimpsest.program.editor_core`` there: the names are put in while the modules are copied, so that two projects with a
package called ``cache`` can be installed beside each other.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

PROGRAM = "palimpsest.program"
OURS = ("gui", "editor_core", "cache", "main")


class BuildWithOneName(build_py):
    """Copies the modules, their imports of each other with the longer names."""

    def build_module(self, module, module_file, package):
        outfile, copied = super().build_module(module, module_file, package)
        source = Path(outfile).read_text(encoding="utf-8")
        if (renamed := with_one_name(source)) != source:
            Path(outfile).write_text(renamed, encoding="utf-8")
        return outfile, copied


def with_one_name(source: str) -> str:
    """A module's source with ``from editor_core.base …`` as ``from palimpsest.program.editor_core.base …``.

    Raises SyntaxError for ``import editor_core``, which has no such counterpart: the tree has none of it.
    """
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(name.name.split(".")[0] in OURS for name in node.names):
            raise SyntaxError(f"line {node.lineno}: write “from … import …” for the program's own packages")
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in OURS:
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line.replace(f"from {node.module} ", f"from {PROGRAM}.{node.module} ", 1)
    return "".join(lines)


if __name__ == "__main__":
    setup(
        packages=[
            "palimpsest",
            *(f"{PROGRAM}.{name}" for name in find_packages(include=["gui*", "editor_core*", "cache*"])),
        ],
        package_dir={"palimpsest": "packaging/wheel/palimpsest", PROGRAM: "."},
        package_data={"palimpsest": ["py.typed"]},
        py_modules=[f"{PROGRAM}.main"],
        cmdclass={"build_py": BuildWithOneName},
    )
