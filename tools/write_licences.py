"""Write THIRD_PARTY_LICENCES.md: every package that a user's installation may bring, by extra.

usage: write_licences.py [--check]      --check changes nothing and fails when the list is old

A licence that is neither permissive nor signed off below by name fails in either case.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "THIRD_PARTY_LICENCES.md"
PERMISSIVE = {
    "MIT", "MIT-0", "MIT-CMU", "0BSD", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause",
    "BSD-4.3TAHOE", "Apache-2.0", "ISC", "PSF-2.0", "Python-2.0", "Zlib", "CC0-1.0",
    "Unlicense", "HPND", "CNRI-Python", "BSL-1.0", "LLVM-exception", "libtiff", "libpng-2.0",
    "IJG", "blessing", "LicenseRef-Public-Domain",
}  # fmt: skip
JOINING = {"AND", "OR", "WITH"}
# Not permissive, and looked at by a person: the package, and why it may be there.
SIGNED_OFF = {
    "certifi": "MPL-2.0: used as it is, not changed",
    "tqdm": "MPL-2.0 in part: used as it is, not changed",
    "openslide-bin": "LGPL-2.1: a library of its own, loaded at run time, replaceable",
    "openslide-python": "LGPL-2.1: used as it is, not changed",
}
# Comes with PyTorch on Linux; redistributed by its maker, not by tamiz.
MAKERS_OWN = re.compile(r"nvidia-|cuda-")
# What the metadata say in words of their own.
SAID = {
    "License agreement for matplotlib versions 1.3.0": "PSF-2.0",
    "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause", "BSD": "BSD-3-Clause", "3-Clause BSD License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause", "BSD 3-Clause License": "BSD-3-Clause",
    "Python Software Foundation License": "PSF-2.0", "MIT license": "MIT", "Dual License": "",
}  # fmt: skip
# Metadata without a licence; read in the project's own LICENSE file.
READ = {"sseclient-py": "Apache-2.0"}


def is_permissive(expression: str) -> bool:
    words = re.findall(r"[^\s()]+", expression)
    return bool(words) and all(word in PERMISSIVE | JOINING for word in words)


def licence_of(found: Distribution) -> str:
    """Return the licence as an SPDX expression, or '' where the metadata name none."""
    told = found.metadata
    name = str(told["Name"]).lower()
    if name in READ:
        return READ[name]
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    classes = [
        one.rpartition("::")[2].strip()
        for one in told.get_all("Classifier", [])
        if one.startswith("License ::")
    ]
    said = str(told.get("License") or "").strip().splitlines()
    first = SAID.get(said[0].strip(), said[0].strip()) if said else ""
    if is_permissive(first):
        return first
    known = [SAID.get(one, one) for one in classes if one not in {"OSI Approved"}]
    return " OR ".join(known) or first[:60]


def brought_by(roots: list[Requirement]) -> Iterator[Distribution]:
    """Yield the distributions that installing `roots` brings on this platform."""
    seen: set[tuple[str, str]] = set()
    todo = list(roots)
    told: set[str] = set()
    while todo:
        wanted = todo.pop()
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # for another platform or Python
        for extra in ("", *wanted.extras):
            key = (found.metadata["Name"].lower(), extra)
            if key in seen:
                continue
            seen.add(key)
            for line in found.requires or ():
                further = Requirement(line)
                if further.marker is None or further.marker.evaluate({"extra": extra}):
                    todo.append(further)
        if found.metadata["Name"].lower() not in told:
            told.add(found.metadata["Name"].lower())
            yield found


def page() -> tuple[str, list[str]]:
    """Return the page, and the packages whose licence nobody has signed off."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"tamiz": project["dependencies"]}
    groups |= {k: v for k, v in project["optional-dependencies"].items() if k != "dev"}
    by_package: dict[str, tuple[Distribution, list[str]]] = {}
    for group, lines in groups.items():
        roots = [Requirement(one) for one in lines if not one.startswith("tamiz")]
        for found in brought_by(roots):
            by_package.setdefault(found.metadata["Name"], (found, []))[1].append(group)
    open_ones, rows = [], []
    for name in sorted(by_package, key=str.lower):
        found, brought = by_package[name]
        licence = licence_of(found)
        note = ""
        if not is_permissive(licence):
            note = SIGNED_OFF.get(name.lower(), "")
            if MAKERS_OWN.match(name.lower()):
                note = "its maker's own; comes with PyTorch on Linux with CUDA"
            if not note:
                open_ones.append(f"{name}: {licence or 'no licence named'}")
        where = "always" if "tamiz" in brought else ", ".join(brought)
        rows.append(f"| {name} | {licence or '-'} | {where} | {note} |")
    head = (
        "# Licences of what tamiz brings with it\n\n"
        "Written by `tools/write_licences.py` from the packages' own metadata; `make check` fails "
        "when it is old, or when a package comes in whose licence is neither permissive nor signed "
        "off by name in that tool. tamiz itself is Apache-2.0 and contains none of this code: each "
        "package is installed from its registry, with its own licence file.\n\n"
        "| package | licence | brought by (extra) | note |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n", open_ones


def main() -> int:
    made, open_ones = page()
    if open_ones:
        print("no one has signed off the licence of:", *open_ones, sep="\n  ")
        return 1
    if "--check" in sys.argv:
        # Another platform or Python brings fewer packages, or others: what is here must be listed.
        listed = set(PAGE.read_text(encoding="utf-8").splitlines()) if PAGE.is_file() else set()
        missing = [line for line in made.splitlines() if line not in listed]
        print("not in THIRD_PARTY_LICENCES.md:" if missing else "up to date", *missing, sep="\n  ")
        return int(bool(missing))
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
