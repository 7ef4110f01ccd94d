"""A run on disk: what was decided, what happened, and which stages are done for which input."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import (
    explain_os_error,
    locked,
    read_json,
    reading,
    remove_stale_parts,
    write_json,
)
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import load_recipe
from tamiz.core.urls import is_url, shown
from tamiz.data.ledger import Entry, Fate, Ledger
from tamiz.data.manifest import Manifest

SCHEMA_VERSION = 1
_PACKAGES = ("tamiz", "torch", "numpy", "pillow", "polars", "scikit-learn", "safetensors")


class Run:
    """The folder of one run.

    Files: `run.json` (status, versions, seconds and input hash per stage), `recipe.toml`,
    `manifest.parquet`, `files.json` (files found that are no rows), `events.jsonl`,
    `history.jsonl`, `ledger.json`, `ledger.csv`, `metrics.json`, `timing.json`, and the folders
    `checkpoint/`, `model/`, `predictions/`, `report/`, `cache/`.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    @property
    def exists(self) -> bool:
        """Return whether the folder holds a run; raise `WrongUse` where that cannot be seen."""
        with reading(self.folder):
            return (self.folder / "run.json").is_file()

    @property
    def manifest_path(self) -> Path:
        """Return where the manifest lies."""
        return self.folder / "manifest.parquet"

    @property
    def recipe_path(self) -> Path:
        """Return where the recipe lies."""
        return self.folder / "recipe.toml"

    @property
    def model_folder(self) -> Path:
        """Return where the bundle lies."""
        return self.folder / "model"

    @property
    def report_folder(self) -> Path:
        """Return where the report lies."""
        return self.folder / "report"

    @contextmanager
    def opened(self, command: str) -> Iterator[None]:
        """Hold the folder for this process; on leaving, say in run.json how it ended.

        Raises:
            WrongUse: another process works here, the folder cannot be written to, or it holds
                something that is no run.
        """
        if is_url(self.folder):
            raise WrongUse.of("remote.out_is_url", where=self.folder)
        strange = [] if self.exists else self._visible_names()
        if strange:
            raise WrongUse.of("run.not_a_run", where=self.folder, first=strange[0])
        with locked(self.folder):
            remove_stale_parts(self.folder)
            state = self.state()
            state.setdefault("started", _now())
            state.update(
                schema_version=SCHEMA_VERSION,
                status="running",
                command=shown(command),
                versions=_versions(),
                machine={"system": platform.system(), "processor": platform.machine()},
            )
            self._save_state(state)
            status = "failed"
            try:
                yield
                status = "done"
            except KeyboardInterrupt:
                status = "stopped"
                raise
            finally:
                self._save_state({**self.state(), "status": status, "ended": _now()})

    def state(self) -> dict[str, Any]:
        """Return the content of run.json; empty for a new run."""
        if not self.exists:
            return {}
        made: dict[str, Any] = read_json(self.folder / "run.json")
        return made

    def recipe(self) -> Recipe:
        """Return the recipe that lies in the folder."""
        return load_recipe(self.recipe_path)

    def manifest(self, columns: Sequence[str] | None = None) -> Manifest:
        """Return the manifest that lies in the folder; of `columns` (None: all) those it has."""
        return Manifest.load(self.manifest_path, columns)

    def save_others(self, entries: list[Entry]) -> None:
        """Keep the files found that are no rows of the manifest, each with its fate."""
        rows = [[e.path, e.fate.value if e.fate else None, e.reason] for e in entries]
        write_json(self.folder / "files.json", rows)

    def ledger(self) -> Ledger:
        """Return the fate of every file: the manifest's rows and the files that are no rows."""
        stored = read_json(self.folder / "files.json")
        others = [Entry(path, Fate(fate) if fate else None, why) for path, fate, why in stored]
        columns = ("path", "frame", "fate", "reason")
        manifest = self.manifest(columns)
        table = pl.DataFrame({name: manifest.series(name) for name in columns})
        many = table.filter(pl.col("frame") > 0)["path"].unique()
        if len(many):
            numbered = pl.format("{}#{}", "path", "frame")
            is_many = pl.col("path").is_in(many.implode())
            table = table.with_columns(
                pl.when(is_many).then(numbered).otherwise("path").alias("path")
            )
        is_found = pl.col("fate").is_null() | (pl.col("fate") != Fate.MISSING.value)
        return Ledger(others, table.filter(is_found).with_columns(pl.col("reason").fill_null("")))

    def listener(self, on_event: OnEvent) -> OnEvent:
        """Return a listener that writes each event to events.jsonl and passes it on."""
        path = self.folder / "events.jsonl"

        def listen(event: Event) -> None:
            if event.kind != "progress":
                line = {
                    "time": _now(),
                    "stage": event.stage,
                    "kind": event.kind,
                    "text": str(event.text) if event.text else "",
                    "values": dict(event.values),
                }
                try:
                    with path.open("a", encoding="utf-8") as opened:
                        opened.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
                except OSError as error:
                    raise explain_os_error(error, path) from error
            on_event(event)

        return listen

    def is_done(self, stage: str, input_hash: str) -> bool:
        """Return whether `stage` was finished for exactly this input."""
        done = self.state().get("stages", {}).get(stage, {})
        return bool(done.get("input_hash") == input_hash)

    def forget(self, *stages: str) -> None:
        """Mark these stages as not done."""
        state = self.state()
        for stage in stages:
            state.get("stages", {}).pop(stage, None)
        self._save_state(state)

    @contextmanager
    def working_on(self, stage: str, input_hash: str, on_event: OnEvent) -> Iterator[None]:
        """Tell that `stage` starts and ends; on success remember its input and its seconds."""
        on_event(Event(stage, "start"))
        started = time.monotonic()
        yield
        seconds = round(time.monotonic() - started, 3)
        state = self.state()
        state.setdefault("stages", {})[stage] = {"input_hash": input_hash, "seconds": seconds}
        self._save_state(state)
        times = {name: facts["seconds"] for name, facts in state["stages"].items()}
        write_json(self.folder / "timing.json", times)
        on_event(Event(stage, "end", values={"seconds": seconds}))

    def remember(self, **facts: object) -> None:
        """Keep JSON-ready facts in run.json."""
        self._save_state({**self.state(), **facts})

    def _visible_names(self) -> list[str]:
        with reading(self.folder):
            if not self.folder.is_dir():
                return []
            return sorted(p.name for p in self.folder.iterdir() if not p.name.startswith("."))

    def _save_state(self, state: dict[str, Any]) -> None:
        write_json(self.folder / "run.json", state)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _versions() -> dict[str, str]:
    made = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            made[name] = version(name)
        except PackageNotFoundError:
            made[name] = "not installed"
    return made
