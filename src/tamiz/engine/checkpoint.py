"""Checkpoints: enough to go on exactly, whole or absent, the last two kept."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load, save
from torch import Tensor

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import (
    check_room,
    make_folder,
    read_json,
    reading,
    remove_stale_parts,
    write_bytes,
    write_json,
)
from tamiz.core.language import text
from tamiz.engine.device import thread_count
from tamiz.engine.state import Best, State
from tamiz.engine.together.team import Team

_N_KEPT: Final = 2
_STATE: Final = "state.json"
_COUNTS: Final = (
    "epoch", "batch", "losses", "seconds", "epoch_started_s", "first_loss", "history"
)  # fmt: skip
_NAME: Final = re.compile(r"checkpoint-\d{4}-\d{8}\.safetensors")


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints of one training, in a folder of their own.

    `state.json` names the files with their SHA-256, newest first, and is written last: whatever
    moment the process dies at, the files it names are whole. Files without it are what a process
    left that died in its very first save: they are deleted, and the training starts anew.

    Attributes:
        folder: where they lie.
        config: all that the result depends on, by name; a checkpoint made with another is refused.
        on_event: told when a damaged checkpoint is passed over.
        n_processes: that train together; no part of `config`: any number can go on.
    """

    folder: Path
    config: Mapping[str, object]
    on_event: OnEvent = ignore
    n_processes: int = 1

    def save(self, state: State) -> None:
        """Write the state.

        Raises:
            MachineTrouble: the disk is full; the checkpoints before are intact.
            WrongUse: the folder cannot be written to.
        """
        content = self.packed(state)
        make_folder(self.folder)
        check_room(self.folder, 2 * len(content))
        name = f"checkpoint-{state.epoch:04d}-{state.batch:08d}.safetensors"
        write_bytes(self.folder / name, content)
        entry = {"file": name, "sha256": hashlib.sha256(content).hexdigest()}
        kept = [entry, *(one for one in self._entries() if one["file"] != name)][:_N_KEPT]
        write_json(self.folder / _STATE, {"checkpoints": kept})
        self._remove_but({one["file"] for one in kept})

    def restore(self, state: State) -> bool:
        """Bring `state` to the newest whole checkpoint; return False when there is none at all.

        Raises:
            WrongUse: it was made with other settings or data (the differences are named), or the
                folder cannot be read.
            WrongData: there are checkpoints, and all are damaged.
        """
        with reading(self.folder):
            if not self.folder.is_dir():
                return False
            has_state = (self.folder / _STATE).is_file()
        if not has_state:
            self.clear()
            return False
        remove_stale_parts(self.folder)
        entries = self._entries()
        for position, entry in enumerate(entries):
            content = self._whole(entry)
            if content is None:
                name = entry["file"]
                self.on_event(
                    Event("train", "warning", text("train.checkpoint_damaged", name=name))
                )
                continue
            self._take_over(state, content, self.folder / entry["file"])
            if position:
                words = text("train.checkpoint_older", name=entry["file"])
                self.on_event(Event("train", "warning", words))
            return True
        raise WrongData.of("train.no_whole_checkpoint", where=self.folder)

    def clear(self) -> None:
        """Delete all checkpoints of this folder."""
        (self.folder / _STATE).unlink(missing_ok=True)
        if self.folder.is_dir():
            remove_stale_parts(self.folder)
            self._remove_but(set())

    def packed(self, state: State) -> bytes:
        """Return the state as a checkpoint's bytes."""
        packed: bytes = save(_tensors(state), metadata={"state": json.dumps(self._facts(state))})
        return packed

    def _facts(self, state: State) -> dict[str, Any]:
        best = state.best
        return {
            "config": dict(self.config),
            "threads": thread_count(),
            "torch": str(torch.__version__),
            "processes": self.n_processes,
            "epoch": state.epoch,
            "batch": state.batch,
            "losses": state.losses,
            "seconds": state.seconds,
            "epoch_started_s": state.epoch_started_s,
            "first_loss": state.first_loss,
            "history": state.history,
            "best": {"epoch": best.epoch, "score": _written(best)} if best else None,
        }

    def _take_over(self, state: State, content: bytes, path: Path) -> None:
        facts = _facts_in(content)
        differing = _differences(facts["config"], _plain(self.config))
        if differing:
            raise WrongUse.of(
                "train.other_config",
                where=path,
                details=tuple(differing),
                names="; ".join(differing[:3]) + ("; ..." if len(differing) > 3 else ""),
            )
        for key, mine in (("threads", thread_count()), ("torch", str(torch.__version__))):
            if facts[key] != mine:
                words = text(f"train.other_{key}", before=facts[key], now=mine)
                self.on_event(Event("train", "warning", words))
        before = facts.get("processes", 1)
        if before != self.n_processes:
            words = text("together.other_number", before=before, now=self.n_processes)
            self.on_event(Event("train", "warning", words))
        _put(state, content)

    def _entries(self) -> list[dict[str, str]]:
        try:
            listed = read_json(self.folder / _STATE)["checkpoints"]
            return [one for one in listed if _NAME.fullmatch(one["file"]) and one["sha256"]]
        except (WrongData, KeyError, TypeError):
            return []

    def _whole(self, entry: Mapping[str, str]) -> bytes | None:
        """Return the file's content, None when it is missing or not what was written."""
        try:
            content = (self.folder / entry["file"]).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == entry["sha256"] else None

    def _remove_but(self, names: set[str]) -> None:
        for path in list(self.folder.iterdir()):
            if _NAME.fullmatch(path.name) and path.name not in names:
                path.unlink(missing_ok=True)


def share_state(state: State, team: Team) -> None:
    """Bring the state of every process to that of process 0, random numbers too."""
    if team.n == 1:
        return
    content = team.from_first(lambda: Checkpoints(Path(), {}).packed(state))
    if not team.is_first:
        _put(state, content)


def _put(state: State, content: bytes) -> None:
    """Bring `state`, and this process's random numbers, to what a checkpoint's bytes hold."""
    facts, tensors = _facts_in(content), load(content)
    best = facts["best"]
    state.module.load_state_dict(_part(tensors, "module"))
    if state.average:
        state.average.module.load_state_dict(_part(tensors, "average"))
    state.optimiser.restore(_part(tensors, "optimiser"))
    if best:
        score = tuple(math.inf if one is None else float(one) for one in best["score"])
        state.best = Best(best["epoch"], (score[0], score[1]), _part(tensors, "best"))
    else:
        state.best = None
    for name in _COUNTS:
        setattr(state, name, facts[name])
    torch.set_rng_state(tensors["random.cpu"])
    if "random.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random.cuda"])


def _written(best: Best) -> list[float | None]:
    """Return its score as JSON can hold it: null where no validation rows gave one."""
    return [one if math.isfinite(one) else None for one in best.score]


def _tensors(state: State) -> dict[str, Tensor]:
    parts: dict[str, Mapping[str, Tensor]] = {
        "module": state.module.state_dict(),
        "optimiser": state.optimiser.tensors(),
        "average": state.average.module.state_dict() if state.average else {},
        "best": state.best.weights if state.best else {},
    }
    made = {f"{p}.{n}": t.detach().cpu() for p, part in parts.items() for n, t in part.items()}
    made["random.cpu"] = torch.get_rng_state()
    if any(parameter.is_cuda for parameter in state.module.parameters()):
        made["random.cuda"] = torch.cuda.get_rng_state()
    return {name: tensor.contiguous() for name, tensor in made.items()}


def _part(tensors: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    return {n.removeprefix(f"{part}."): t for n, t in tensors.items() if n.startswith(f"{part}.")}


def _facts_in(content: bytes) -> dict[str, Any]:
    """Return the JSON in a safetensors header (8 bytes of length, then JSON)."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    facts: dict[str, Any] = json.loads(header["__metadata__"]["state"])
    return facts


def _plain(config: Mapping[str, object]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(dict(config)))
    return made


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return 'name: before -> now' for every entry that differs."""
    return [
        f"{name}: {json.dumps(before.get(name))} -> {json.dumps(now.get(name))}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
