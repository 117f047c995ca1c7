"""Pickle runs what it reads: only messages between the processes of one cluster are pickled, never a file."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = ROOT / "editor_core" / "remote" / "packing.py"
UNPICKLERS = {
    f"{module}.{name}"
    for module in ("pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve")
    for name in ("load", "loads", "open", "Unpickler")
}


def _what_it_reads_with(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in {name.split(".")[0] for name in UNPICKLERS}:
            yield f"from {node.module}"
        if isinstance(node, ast.Attribute) and ast.unparse(node) in UNPICKLERS:
            yield ast.unparse(node)
        if isinstance(node, ast.Call):
            said = {each.arg: ast.unparse(each.value) for each in node.keywords}
            if ast.unparse(node.func) == "torch.load" and said.get("weights_only") != "True":
                yield "torch.load"
            if said.get("allow_pickle", "False") != "False":
                yield "allow_pickle"


def test_no_file_is_unpickled():
    files = [file for folder in ("cache", "editor_core", "gui") for file in (ROOT / folder).rglob("*.py")]
    found = {file: list(_what_it_reads_with(file.read_text("utf-8"))) for file in files if file != MESSAGES}
    assert {file: told for file, told in found.items() if told} == {}


def test_what_unpickles_is_seen():
    for line in (
        "pickle.load(file)",
        "class A(pickle.Unpickler): pass",
        "from pickle import loads",
        "torch.load(file)",
        "torch.load(file, weights_only=False)",
        "np.load(file, allow_pickle=True)",
    ):
        assert list(_what_it_reads_with(line)), line
    assert list(_what_it_reads_with(MESSAGES.read_text("utf-8")))
