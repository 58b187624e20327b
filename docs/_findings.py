"""Collect every finding that the code can make: id, severity, text and place, read from source.

Three ways of making one are known: a ``Finding(id, severity, what, mend, …)``; a call of a helper
that passes its own arguments on to a ``Finding``; a ``flagged(Rule(id, severity, mend), …)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

GAP = "…"
_FINDING = ("id", "severity", "what", "mend")
_RULE = ("id", "severity", "mend")

Names = Mapping[str, ast.expr]


@dataclass(frozen=True, order=True)
class Written:
    """One finding as the source writes it; ``…`` stands for what is only known at run time."""

    id: str
    severity: str
    what: str
    mend: str
    module: str


def collect_findings(source: Path) -> list[Written]:
    """Read all modules below a source folder; sorted, each finding once a module."""
    found: set[Written] = set()
    for path in sorted(source.rglob("*.py")):
        module = ".".join(path.relative_to(source).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(_written(tree, module.removesuffix(".__init__")))
    return sorted(found)


def _written(tree: ast.Module, module: str) -> Iterator[Written]:
    functions = [f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef)]
    helpers: dict[str, tuple[Names, ast.Call]] = {}
    for function in functions:
        for call in _calls(function, "Finding"):
            values = _arguments(call, _FINDING)
            first = values.get("id")
            if isinstance(first, ast.Name) and first.id in _parameters(function):
                helpers[function.name] = (_defaults(function), call)
            else:
                yield from _rows(values, _assigned(function, call), module)
        yield from _flagged(function, module)
    for name, (defaults, inner) in helpers.items():
        for function in functions:
            for call in _calls(function, name):
                bound = {**defaults, **_arguments(call, tuple(defaults))}
                values = {k: _resolved(v, bound) for k, v in _arguments(inner, _FINDING).items()}
                yield from _rows(values, _assigned(function, call), module)


def _flagged(function: ast.FunctionDef, module: str) -> Iterator[Written]:
    for call in _calls(function, "flagged"):
        names = _assigned(function, call)
        rule = _resolved(call.args[0], names)
        if isinstance(rule, ast.Call) and len(call.args) > 2:
            yield from _rows(_arguments(rule, _RULE) | {"what": call.args[2]}, names, module)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else None
            called = function.id if isinstance(function, ast.Name) else called
            if called == name:
                yield node


def _arguments(call: ast.Call, names: tuple[str, ...]) -> dict[str, ast.expr]:
    """Give a call's arguments by name."""
    placed = [] if any(isinstance(a, ast.Starred) for a in call.args) else call.args
    given = dict(zip(names, placed, strict=False))
    return given | {k.arg: k.value for k in call.keywords if k.arg is not None}


def _parameters(function: ast.FunctionDef) -> list[str]:
    every = [*function.args.args, *function.args.kwonlyargs]
    return [a.arg for a in every if a.arg != "self"]


def _defaults(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """Give a function's parameters in order, with their defaults where they have one."""
    names = _parameters(function)
    given = function.args.defaults
    late = dict(zip([a.arg for a in function.args.args][-len(given) :], given, strict=False))
    return {name: late.get(name, ast.Constant(None)) for name in names}


def _assigned(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr]:
    """Give what names and nested functions stand for at a call: the last that was set before."""
    nodes = [n for n in ast.walk(function) if isinstance(n, ast.Assign | ast.FunctionDef)]
    made: dict[str, ast.expr] = {}
    for node in sorted(nodes, key=lambda n: n.lineno):
        if isinstance(node, ast.FunctionDef):
            last = node.body[-1]
            if isinstance(last, ast.Return) and last.value is not None:
                made[node.name] = last.value
        elif node.lineno < call.lineno and len(node.targets) == 1:
            made.update(_pairs(node.targets[0], node.value))
    return made


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)
    elif isinstance(target, ast.Name):
        yield target.id, value


def _resolved(value: ast.expr, names: Names) -> ast.expr:
    return names.get(value.id, value) if isinstance(value, ast.Name) else value


def _rows(values: Names, names: Names, module: str) -> Iterator[Written]:
    def texts(name: str) -> list[str]:
        value = values.get(name)
        return [GAP] if value is None else _texts(_resolved(value, names))

    rules = texts("id")
    for place, rule in enumerate(rules):
        what, mend = texts("what"), texts("mend")
        what = what if len(what) == len(rules) else what[:1] * len(rules)
        if rule.strip(GAP + "-"):
            yield Written(rule, " or ".join(texts("severity")), what[place], mend[0], module)


def _texts(value: ast.expr) -> list[str]:
    """Write an expression as text; a choice gives all that it chooses from."""
    made = [GAP]
    if isinstance(value, ast.IfExp):
        made = [*_texts(value.body), *_texts(value.orelse)]
    elif isinstance(value, ast.Lambda):
        made = _texts(value.body)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        made = [value.value]
    elif isinstance(value, ast.Attribute) and value.attr.isupper():
        made = [value.attr.lower()]
    elif isinstance(value, ast.JoinedStr):
        made = ["".join(_texts(part)[0] for part in value.values)]
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        made = [_texts(value.left)[0] + _texts(value.right)[0]]
    return made
