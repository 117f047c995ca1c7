"""Small changes to a module's syntax tree, one at a time: what a slip of the hand would make of it.

The operators are those of mutmut and cosmic-ray, and two of our own: a slice that loses a bound, and the two branches
of `where` that trade places. Left alone is what cannot matter or what only people read: annotations, decorators,
docstrings, type aliases, the sentences of errors and notices.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
FOR_PEOPLE = {"notice", "warning", "info", "debug", "error", "exception", "getLogger"}
"""Calls whose arguments are sentences."""
ALIASES = {"Literal", "Callable", "Mapping", "Sequence", "NDArray", "Union", "tuple", "dict", "list"}


@dataclass
class Mutation:
    """A change that has not been made yet."""

    line: int
    """Of what is changed."""
    first: int
    last: int
    """Lines of the statement, or of its head, that run when the change does."""
    in_function: bool
    """Whether it runs when a function is called; else when the module is imported."""
    kind: str
    shown: ast.AST = field(repr=False)
    apply: Callable[[], str] = field(repr=False)
    """Makes the change in the tree and returns what stands there now."""

    @property
    def before(self) -> str:
        """What stands there, until the change is made."""
        return _text(self.shown)


def mutations(tree: ast.Module) -> list[Mutation]:
    """Every change that can be made to the tree, always in the same order."""
    _attach_parents(tree)
    return [mutation for node in _walk(tree) for mutation in _changes(node)]


def mutated(source: str, number: int) -> tuple[ast.Module, str]:
    """The tree with the change of that number made, and what stands there now."""
    tree = ast.parse(source)
    after = mutations(tree)[number].apply()
    return ast.fix_missing_locations(tree), after


def _attach_parents(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node  # type: ignore[attr-defined]


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not _left_alone(child):
            yield child
            yield from _walk(child)


def _left_alone(node: ast.AST) -> bool:
    parent = node.parent  # type: ignore[attr-defined]
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Raise | ast.Assert | ast.JoinedStr | ast.Pass):
        return True
    if node in getattr(parent, "decorator_list", ()) or node is getattr(parent, "returns", None):
        return True
    if isinstance(parent, ast.AnnAssign | ast.arg) and node is parent.annotation:
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in FOR_PEOPLE:
        return True
    return _is_for_types(node)


def _is_for_types(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if not isinstance(node, ast.Assign) or not isinstance(node.parent, ast.Module):  # type: ignore[attr-defined]
        return False
    value = node.value
    named = isinstance(value, ast.Subscript) and getattr(value.value, "id", "") in ALIASES
    union = isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr)
    return named or union


def _changes(node: ast.AST) -> Iterator[Mutation]:
    for kind, change in _possible(node):
        first, last, in_function = _lines(node)
        shown = node.iter if isinstance(node, ast.comprehension) else node
        yield Mutation(shown.lineno, first, last, in_function, kind, shown, change)  # type: ignore[attr-defined]


def _possible(node: ast.AST) -> Iterator[tuple[str, Callable[[], str]]]:
    match node:
        case ast.Constant():
            yield from _constants(node)
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                yield "comparison", _set(node, node.ops, place, COMPARISONS[type(operator)]())
        case ast.BinOp() | ast.AugAssign() if type(node.op) in ARITHMETIC:
            yield "arithmetic", _set_field(node, "op", ARITHMETIC[type(node.op)]())
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and, or", _set_field(node, "op", other)
        case ast.UnaryOp() if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
            yield "sign", _replace(node, node.operand)
        case ast.Break():
            yield "loop", _replace(node, ast.Continue())
        case ast.Continue():
            yield "loop", _replace(node, ast.Break())
        case ast.Expr() if isinstance(node.value, ast.Call):
            yield "call left out", _replace(node, ast.Pass())
        case ast.Slice():
            yield from _slices(node)
        case ast.Call():
            yield from _arguments(node)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "condition", _set_field(node, "test", _negated(node.test))
    if isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            yield "condition", _set(node.iter, node.ifs, place, _negated(test))


def _constants(node: ast.Constant) -> Iterator[tuple[str, Callable[[], str]]]:
    value = node.value
    if isinstance(value, bool):
        yield "truth", _set_field(node, "value", not value)
    elif isinstance(value, int):
        yield "number", _set_field(node, "value", value + 1)
    elif isinstance(value, float):
        yield "number", _set_field(node, "value", value * 1.5 if value else 1.0)
    elif isinstance(value, str):
        yield "string", _set_field(node, "value", f"XX{value}")


def _slices(node: ast.Slice) -> Iterator[tuple[str, Callable[[], str]]]:
    for bound in ("lower", "upper"):
        if getattr(node, bound) is not None:
            yield "slice", _set_field(node, bound, None)


def _arguments(node: ast.Call) -> Iterator[tuple[str, Callable[[], str]]]:
    if getattr(node.func, "attr", getattr(node.func, "id", "")) == "where" and len(node.args) == 3:
        yield "branches swapped", _swap(node, 1)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield "argument left out", _drop(node, place)


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _set(shown: ast.AST, values: list, place: int, value: ast.AST) -> Callable[[], str]:
    def apply() -> str:
        values[place] = value
        return _text(shown)

    return apply


def _set_field(node: ast.AST, name: str, value: object) -> Callable[[], str]:
    def apply() -> str:
        setattr(node, name, value)
        return _text(node)

    return apply


def _swap(node: ast.Call, place: int) -> Callable[[], str]:
    def apply() -> str:
        node.args[place : place + 2] = node.args[place : place + 2][::-1]
        return _text(node)

    return apply


def _drop(node: ast.Call, place: int) -> Callable[[], str]:
    def apply() -> str:
        del node.keywords[place]
        return _text(node)

    return apply


def _replace(node: ast.AST, other: ast.AST) -> Callable[[], str]:
    def apply() -> str:
        parent = node.parent  # type: ignore[attr-defined]
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, other)
            elif isinstance(value, list) and node in value:
                value[value.index(node)] = other
        return _text(other)

    return apply


def _text(node: ast.AST) -> str:
    """The first line of the code, for reports."""
    return ast.unparse(ast.fix_missing_locations(node)).split("\n")[0][:120]


def _lines(node: ast.AST) -> tuple[int, int, bool]:
    """The lines of the nearest statement, of a compound one its head; and whether it runs within a function."""
    statement, in_function = node, False
    while not isinstance(statement, ast.stmt):
        statement = statement.parent  # type: ignore[attr-defined]
    last = statement.end_lineno or statement.lineno
    body = getattr(statement, "body", None)
    if body and not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        last = max(statement.lineno, body[0].lineno - 1)
    outer = statement.parent  # type: ignore[attr-defined]
    while outer is not None and not in_function:
        in_function = isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        outer = getattr(outer, "parent", None)
    return statement.lineno, last, in_function
