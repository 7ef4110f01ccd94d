"""A page of the documentation, followed: its files written, its commands run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `tamiz ...` or `python ...` there, with the packages of the folder at hand."""
    program = [sys.executable, *(["-m", "tamiz"] if words[0] == "tamiz" else [])]
    chosen = {**os.environ, "PYTHONPATH": str(folder), "TAMIZ_LANG": "en"}
    line = [*program, *words[1:]]
    return subprocess.run(line, cwd=folder, env=chosen, capture_output=True, text=True, check=False)


def write_files(page: str, folder: Path) -> None:
    """Write every file that the page shows under its name in bold."""
    for name, content in _FILE.findall(page):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def run_commands(page: str, folder: Path) -> dict[str, str]:
    """Run the page's lines that start with `tamiz` or `python`; return what each printed."""
    commands = [body for language, body in _FENCE.findall(page) if not language]
    printed = {}
    for line in "".join(commands).splitlines():
        if line.startswith(("tamiz ", "python ")):
            done = run(folder, *shlex.split(line))
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            printed[line] = done.stdout
    return printed
