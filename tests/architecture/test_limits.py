"""The limits that keep the house liveable: size of modules and functions, layers, no print."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tamiz"
MODULES = sorted(SOURCE.rglob("*.py"))
TEST_MODULES = sorted((ROOT / "tests").rglob("*.py"))
EXCEPTIONS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "limits.toml").read_text(encoding="utf-8")
)
MAX_LINES, MAX_TEST_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS, MAX_PUBLIC = 400, 600, 60, 7, 15


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions_of(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def faults_of(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    is_test = "tests" in path.parts
    faults = []
    limit = MAX_TEST_LINES if is_test else MAX_LINES
    if (n_lines := text.count("\n")) > limit and "catalogue" not in path.parts:
        faults.append(f"{name_of(path)}: {n_lines} lines, at most {limit}")
    for function in functions_of(tree):
        where = f"{name_of(path)}:{function.name}"
        n_lines = (function.end_lineno or 0) - function.lineno + 1
        if n_lines > MAX_FUNCTION_LINES:
            faults.append(f"{where}: {n_lines} lines, at most {MAX_FUNCTION_LINES}")
        if not is_test:
            faults += parameter_faults(function, where)
    public = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    ]
    if not is_test and len(public) > MAX_PUBLIC:
        faults.append(f"{name_of(path)}: {len(public)} public names, at most {MAX_PUBLIC}")
    return faults


def parameter_faults(function: ast.FunctionDef | ast.AsyncFunctionDef, where: str) -> list[str]:
    given = function.args
    names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    n_parameters = len([name for name in names if name not in {"self", "cls"}])
    faults = []
    if n_parameters > MAX_PARAMETERS:
        faults.append(f"{where}: {n_parameters} parameters, at most {MAX_PARAMETERS}")
    return faults


@pytest.mark.parametrize("path", [*MODULES, *TEST_MODULES], ids=name_of)
def test_module_and_its_functions_fit_the_limits(path):
    excused = EXCEPTIONS.get("limits", {})
    faults = faults_of(path)
    unexcused = [fault for fault in faults if fault.partition(": ")[0] not in excused]
    assert not unexcused, "\n".join(unexcused)


def test_no_exception_outlives_its_need():
    found = {f.partition(": ")[0] for path in [*MODULES, *TEST_MODULES] for f in faults_of(path)}
    assert set(EXCEPTIONS.get("limits", {})) <= found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_user_input_is_never_checked_by_assert_and_errors_are_never_swallowed(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), f"{name_of(path)}:{node.lineno} asserts"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name_of(path)}:{node.lineno} catches everything"


def test_every_folder_that_architecture_names_exists():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = [word.strip("`").rstrip("/") for word in text.split() if word.startswith("`src/")]
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).exists()] == []
