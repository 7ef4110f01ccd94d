"""What a finding tells to type is a whole command: its word and every option exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from tamiz.cli.main import COMMANDS, module_of
from tamiz.profile.label_words import command_for

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tamiz"
MAKERS = {"Finding": 3, "WayOut": 1}  # the place of the command among their arguments


def commands_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield where and what each command of a finding is, as the source spells it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = assigned_in(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        maker = getattr(node.func, "id", "")
        given = [one.value for one in node.keywords if one.arg == "command"]
        if maker == "replace":  # else it rewrites what is spelt elsewhere
            given = [one for one in given if isinstance(one, (ast.Constant, ast.Name))]
        elif maker not in MAKERS:
            given = []
        if maker in MAKERS:
            given += node.args[MAKERS[maker] : MAKERS[maker] + 1]
        for value in given:
            where = f"{path.relative_to(SOURCE)}:{node.lineno}"
            spelt = named.get(value.id, []) if isinstance(value, ast.Name) else [value]
            assert spelt, f"{where}: {ast.unparse(value)}"
            yield from ((where, words_of(one)) for one in spelt)


def assigned_in(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Return the expressions that each name is given, alone or with others."""
    made: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = value.elts if isinstance(value, ast.Tuple) else [value] * len(names)
            for name, one in zip(names, values, strict=False):
                if isinstance(name, ast.Name):
                    made.setdefault(name.id, []).append(one)
    return made


def words_of(value: ast.expr) -> str:
    """Return the command that an expression spells, '7' for what is filled in."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    if isinstance(value, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in value.values
        )
    return ast.unparse(value)


SPELT = [
    (where, command)
    for path in sorted(SOURCE.rglob("*.py"))
    for where, command in commands_of(path)
    if command and not command.startswith("command_for(")  # asked below
]


def test_the_source_spells_commands():
    assert len(SPELT) > 10
    assert any("--folds" in command for _, command in SPELT)


@pytest.mark.parametrize(("where", "command"), [*SPELT, ("labels", command_for(["a=b"]))])
def test_every_command_of_a_finding_can_be_typed(where, command):
    start, word, *rest = command.split()
    assert start == "tamiz", command
    assert word in COMMANDS, command
    parsed: click.Command = import_module(f"tamiz.cli.{module_of(word)}").command
    known = {name for one in parsed.params for name in one.opts}
    assert set(re.findall(r"--[a-z-]+", " ".join(rest))) <= known
    assert rest[0] in {"{source}", "{run}"}, command
