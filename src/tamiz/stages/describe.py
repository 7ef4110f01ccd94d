"""`describe`: every image of a source as a row of named numbers, in one table.

It is no stage of a run: its output is one Parquet file, for tamiz or for any other tool.
"""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.core.recipe import DataOptions
from tamiz.data.report import (
    Block,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.descriptors.described import LARGEST_PX, Described, preset
from tamiz.formats.reader import policy_from
from tamiz.inputs.find import find
from tamiz.stages.describe_columns import Asked, telling_columns
from tamiz.stages.describing import Task, Written, write_features

STAGE: Final = "describe"
_SUFFIX: Final = ".parquet"
_N_SHOWN: Final = 8
_N_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Describe:
    """What `describe` measures, as a person says it.

    Attributes:
        names: descriptors and options in words, 'colour-histogram,glcm:levels=32'; may be empty
            with a preset.
        preset: name of a recipe of descriptors, 'workflow-c'; empty: none. What `names` says
            comes after it.
        size: 'WIDTHxHEIGHT' in pixels that every image is brought to; empty: the preset's, or as
            it is.
        is_overwrite: whether another table may be replaced.
    """

    names: str = ""
    preset: str = ""
    size: str = ""
    is_overwrite: bool = False

    def described(self) -> Described:
        """Return what that means.

        Raises:
            WrongUse: a name, an option or the size cannot be understood, or nothing is asked for.
        """
        chosen = preset(self.preset) if self.preset else None
        size = _size_of(self.size) if self.size else None if chosen is None else chosen.size_px
        if chosen is None:
            return Described.from_words(self.names, size)
        more = Described.from_words(self.names, size).descriptors if self.names else ()
        return Described((*chosen.descriptors, *more), size)


def describe(data: DataOptions, out: Path, how: Describe, on_event: OnEvent = ignore) -> Report:
    """Write a table with a row per image: item, path, frame, label, group, split, then numbers.

    What an interrupted call did is not done again, as long as neither images nor settings change.
    An image that cannot be read is named, with its reason. Labels of the test part, where the
    source gives one, are not looked at.

    Raises:
        WrongData: no image is there, or none can be read.
        WrongUse: a setting is wrong, or `out` holds another table.
    """
    described = how.described()
    if out.suffix.lower() != _SUFFIX:
        raise WrongUse.of("describe.suffix", where=f"--out {out}")
    start = time.monotonic()
    found = find(data)
    rows = found.manifest.where(fate=None)
    task = Task(rows, described, policy_from(data), out)
    written = write_features(task, on_event, is_overwrite=how.is_overwrite)
    seconds = time.monotonic() - start
    asked = None
    if not rows.is_multilabel:
        asked = telling_columns(out, described.columns(), _N_SHOWN)
    return _report(task, written, asked, seconds, len(found.missing))


def _size_of(words: str) -> tuple[int, int]:
    """Return (width, height) of '240x135'.

    Raises:
        WrongUse: these are no two whole numbers from 1 to 4096.
    """
    found = re.fullmatch(r"([0-9]{1,4})[x×]([0-9]{1,4})", words.strip().lower())
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= min(sides) <= max(sides) <= LARGEST_PX:
        raise WrongUse.of("descriptors.bad_size", where=f"--size {words}", high=LARGEST_PX)
    return sides


def _report(
    task: Task, written: Written, asked: Asked | None, seconds: float, n_missing: int
) -> Report:
    columns = task.how.columns()
    facts: dict[str, Any] = {
        "images": written.n_rows,
        "columns": len(columns),
        "seconds": round(seconds, 3),
        "kept": written.n_kept,
        "unreadable": len(written.problems),
        "missing": n_missing,
        "constant": written.n_constant,
        "small": written.n_small,
        "out": str(task.out),
        "described": task.how.to_table(),
    }
    key = "sentence_kept" if written.n_kept else "sentence"
    blocks: list[Block] = [
        Paragraph(
            text(
                f"describe.{key}",
                n=written.n_rows,
                columns=len(columns),
                seconds=seconds,
                kept=written.n_kept,
                out=str(task.out),
            )
        )
    ]
    findings = tuple(_findings(task, written, n_missing))
    if findings:
        blocks.append(Findings(findings))
    if asked is None:
        blocks.append(Paragraph(text("describe.several_labels")))
    else:
        blocks += _telling(asked)
        facts["telling"] = _values(asked)
    title = text("describe.title")
    return Report(
        STAGE, title, (Section(STAGE, title, tuple(blocks)),), tuple(blocks), {STAGE: facts}
    )


def _findings(task: Task, written: Written, n_missing: int) -> list[Finding]:
    made = []
    if written.problems:
        total = written.n_rows + len(written.problems)
        shown = tuple(f"{name}: {reason}" for name, reason in written.problems[:_N_NAMED])
        what = text("describe.unreadable", n=len(written.problems), total=total)
        made.append(
            Finding(Severity.WARNING, what, text("describe.unreadable_advice"), items=shown)
        )
    if n_missing:
        made.append(Finding(Severity.WARNING, text("describe.missing", n=n_missing)))
    has_glcm = any(name == "glcm" for name, _ in task.how.descriptors)
    if written.n_constant and has_glcm:
        made.append(Finding(Severity.NOTE, text("describe.constant", n=written.n_constant)))
    if written.n_small and has_glcm:
        made.append(Finding(Severity.NOTE, text("describe.small", n=written.n_small)))
    return made


def _telling(asked: Asked) -> list[Block]:
    """Return the columns that tell classes apart, or why there is nothing to say."""
    made: list[Block] = []
    if not asked.found:
        key = "no_classes" if len(asked.labels) < 2 else "none_tells"
        made.append(Paragraph(text(f"describe.{key}")))
    else:
        names = ("column", "share", "p", "class", "auroc")
        rows = tuple(
            (
                one.name,
                f"{one.share:.2f}",
                _p_words(one.p),
                text("describe.higher" if one.is_higher else "describe.lower", name=one.label),
                one.auroc,
            )
            for one in asked.found
        )
        caption = text(
            "describe.caption",
            n=asked.n_items,
            groups=asked.n_groups,
            classes=len(asked.labels),
        )
        made.append(Table(tuple(text(f"describe.head_{name}") for name in names), rows, caption))
    key = "sealed" if asked.n_sealed else "no_split"
    made.append(Paragraph(text(f"describe.{key}", n=asked.n_sealed)))
    if asked.n_rare:
        made.append(Paragraph(text("describe.rare", n=asked.n_rare)))
    return made


def _p_words(p: float) -> Text | str:
    return "< 0.0001" if p < 1e-4 else f"{p:.4f}"


def _values(asked: Asked) -> dict[str, Any]:
    return {
        "n": asked.n_items,
        "n_groups": asked.n_groups,
        "classes": list(asked.labels),
        "sealed": asked.n_sealed,
        "columns": [
            {
                "name": one.name,
                "class": one.label,
                "is_higher": one.is_higher,
                "share": one.share,
                "p_corrected": one.p,
                **{name: value for name, value in asdict(one.auroc).items() if name in _SHOWN},
            }
            for one in asked.found
        ],
    }


_SHOWN: Final = frozenset({"value", "low", "high", "n", "n_groups"})
