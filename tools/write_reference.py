"""Write the parts of docs/reference that the program knows: help texts and recipe fields.

usage: write_reference.py [--check]      --check changes nothing and fails when a page is old
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tamiz.cli.main import COMMANDS, command_named
from tamiz.core.recipe import recipe_fields

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
BEGIN, END = "<!-- begin: written by tools/write_reference.py -->", "<!-- end -->"


def help_of(word: str) -> str:
    command = command_named(word)
    context = click.Context(command, info_name=f"tamiz {word}", terminal_width=96)
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def recipe_table() -> str:
    lines = ["| field | default | limits | what it is |", "|---|---|---|---|"]
    for one in recipe_fields():
        limits = ", ".join(one.choices)
        if not limits and (one.low is not None or one.high is not None):
            low = "" if one.low is None else f"{one.low:g}"
            high = "" if one.high is None else f"{one.high:g}"
            limits = f"{low} .. {high}"
        default = "" if one.default is None else f"`{one.default}`"
        lines.append(f"| `{one.path}` | {default} | {limits} | {one.help} |")
    return "\n".join(lines)


def renewed(page: str, made: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def main() -> int:
    made = {f"{word}.md": help_of(word) for word in COMMANDS} | {"recipe.md": recipe_table()}
    old = []
    for name, text in made.items():
        path = REFERENCE / name
        page = path.read_text(encoding="utf-8")
        if renewed(page, text) != page:
            old.append(name)
            if "--check" not in sys.argv:
                path.write_text(renewed(page, text), encoding="utf-8")
    if old and "--check" in sys.argv:
        print(f"not up to date: {', '.join(old)}. Run: .venv/bin/python tools/write_reference.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
