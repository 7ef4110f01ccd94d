"""What the workbench works on: one source, one folder of runs, and where each thing lies."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.files import read_json, reading, write_bytes
from tamiz.data.run_folder import Run

LOOK: Final = "look"
_MOST_RUNS: Final = 200
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,79}")


@dataclass(frozen=True, slots=True)
class Bench:
    """A source of images and the folder in which its runs lie.

    Attributes:
        source: folder, table, array file or archive.
        runs: folder of runs; the workbench's own things lie in `<source>.bench` inside it.
    """

    source: Path
    runs: Path

    @property
    def folder(self) -> Path:
        """Return the folder of what is no run: the look at the data, decisions, the recipe."""
        source = self.source.resolve()
        usual = self.runs / f"{source.name or 'data'}.bench"
        if _source_of(usual / LOOK) in {"", str(source)}:
            return usual
        # other data of the same name: their decisions are not these
        digest = hashlib.sha256(str(source).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return usual.with_name(f"{source.name or 'data'}-{digest}.bench")

    @property
    def look(self) -> Run:
        """Return the run that only looks at the data; nothing is trained in it."""
        return Run(self.folder / LOOK)

    @property
    def decisions(self) -> Path:
        """Return where a person's decisions about single images lie."""
        return self.folder / "decisions.csv"

    @property
    def recipe(self) -> Path:
        """Return where the recipe of the next run lies."""
        return self.folder / "recipe.toml"

    def log_of(self, run: Path) -> Path:
        """Return where what a child process said about a run is kept."""
        if run == self.look.folder:  # a run may be called so too
            return self.folder / "look.log"
        return self.folder / "children" / f"{run.name}.log"

    def run_named(self, name: str) -> Run:
        """Return the run of that name, which need not be there yet.

        Raises:
            WrongUse: it cannot be the name of a folder on every system.
        """
        name = name.strip()
        if not _NAME.fullmatch(name) or name.endswith((".", ".bench")):
            raise WrongUse.of("workbench.bad_name", where=name[:80])
        return Run(self.runs / name)

    def run_folders(self) -> list[Path]:
        """Return the folders of the runs, those begun last first."""
        if not self.runs.is_dir():
            return []
        with reading(self.runs):
            found = [one for one in self.runs.iterdir() if (one / "run.json").is_file()]
        found.sort(key=lambda one: (_started(one), one.name), reverse=True)
        return found[:_MOST_RUNS]

    def decisions_in_force(self) -> Path | None:
        """Return a copy of the decisions as they are now; None where nothing was decided.

        A run keeps the copy that it began with: later decisions do not change it under its feet.
        """
        if not self.decisions.is_file():
            return None
        with reading(self.decisions):
            content = self.decisions.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        copy = self.folder / "applied" / f"decisions-{digest}.csv"
        if not copy.is_file():
            write_bytes(copy, content)
        return copy


def _source_of(look: Path) -> str:
    """Return what a look was taken at, as an absolute path; '' where there is none."""
    try:
        told = read_json(look / "run.json")["asked"]["data"]["source"]
    except (TamizError, KeyError, TypeError):
        return ""
    return str(Path(str(told)).resolve())


def _started(folder: Path) -> str:
    try:
        return str(read_json(folder / "run.json").get("started", ""))
    except TamizError:
        return ""
