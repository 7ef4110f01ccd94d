"""Stage `convert`: DICOM to PNG, or to DICOM without identities; resumable, every file accounted.

It is no stage of a run: its output is a folder of files with a table, ready to be a source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.files import locked, make_folder, remove_stale_parts
from tamiz.core.language import Text, text
from tamiz.core.pseudonyms import Pseudonyms, default_key_path
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.core.recipe_io import tables_from_settings, with_tables
from tamiz.core.urls import is_url, on_disk, plain_url
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.formats.reader import policy_from
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found
from tamiz.stages.conversion_files import (
    Journal,
    Unplaced,
    facts_by_source,
    save_changes,
    save_table,
    save_unplaced,
    settings_of,
)
from tamiz.stages.conversion_names import jobs_of
from tamiz.stages.converting import Box, Conversion, Done, Job, convert_many
from tamiz.stages.sharing import check_shared
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.registry import Wishes

TABLE: Final = "conversion.csv"
_CHUNK: Final = 16
_FEW: Final = 64


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """How DICOM files are converted.

    Attributes:
        to: 'png' or 'dicom'.
        bits: of a PNG's grey, 8 or 16.
        folders: 'mirror' the source's folders (by patient and series where its names name
            patients), or 'class': one folder for each label.
        blank: regions to make black: 'x,y,width,height' in pixels.
        dates: of DICOM without identities: 'shift' or 'remove'.
    """

    to: str = "png"
    bits: int = 8
    folders: str = "mirror"
    blank: tuple[str, ...] = ()
    dates: str = "shift"


def convert(
    data: DataOptions, out: Path, options: ConvertOptions, on_event: OnEvent = ignore
) -> Report:
    """Convert every picture of `data.source`; write the files, `conversion.csv` and `unplaced.csv`.

    What an interrupted call did is not done again. No name, number or date of a patient goes into
    any file, file name or message.

    Raises:
        WrongData: nothing is there to be converted, or a table of labels does not fit.
        WrongUse: an option is wrong, or `out` holds a conversion made with other settings.
    """
    boxes = tuple(map(_box, options.blank))
    if options.to == "png" and data.window == "values":
        raise WrongUse.of("convert.needs_window", where="--window values")
    _refuse_inside(out, on_disk(data.source).expanduser())
    found = find(replace(data, kind="dicom", allow_names=True))
    how = Conversion(
        root=found.manifest.root,
        out=out.absolute(),
        to=options.to,
        policy=policy_from(data),
        top=65535 if options.bits == 16 else 255,
        blank=boxes,
        dates=options.dates,
        key=Path(data.key).expanduser() if data.key else None,
    )
    jobs, unlabelled = jobs_of(found, to=options.to, folders=options.folders, key=how.key)
    how = replace(how, key_mark=_mark_of_key(how, options, found))
    make_folder(out)
    with locked(out):
        remove_stale_parts(out)
        journal = Journal(out / "conversion.jsonl", out, settings_of(how))
        todo = [job for job in jobs if not journal.has(job)]
        for job in todo:
            journal.remove_moved(job)
        check_shared(how.root, [job.source for job in todo], out)
        done: list[Done] = []
        for some in _work(todo, how, on_event):
            journal.add([one for one in some if not one.reason])
            done += some
        rows = journal.rows_of(jobs, facts_by_source(found))
        save_table(rows, out / TABLE)
        unplaced = [*unlabelled, *_failed(done), *_aside(found, how)]
        save_unplaced(unplaced, out / "unplaced.csv")
        if options.to == "dicom":
            save_changes(journal.changes(jobs), out / "deidentified.csv")
    return _report(found, _Told(len(jobs), len(todo), len(rows), options.to, out), unplaced, done)


def _mark_of_key(how: Conversion, options: ConvertOptions, found: Found) -> str:
    """Return what tells one key from another where names or tags follow from it."""
    if options.to == "png" and options.folders == "mirror" and not found.has_names:
        return ""
    place = how.key or default_key_path()
    return Pseudonyms.load(place).name("conversion", "key") if place.is_file() else ""


def data_options(source: Path, fields: dict[str, object]) -> DataOptions:
    """Return the section `data` with these fields ('data__window') set and checked.

    Raises:
        WrongUse: a value is wrong.
    """
    asked = {name.replace("__", "."): value for name, value in fields.items()}
    words = plain_url(source) if is_url(source) else str(on_disk(source))
    tables = tables_from_settings({"data.source": words, **asked})
    return with_tables(Recipe(), tables, where="--").data


@dataclass(frozen=True, slots=True)
class _Told:
    """What is counted at the end: files asked for, done now, pictures in the table."""

    n_jobs: int
    n_now: int
    n_rows: int
    to: str
    out: Path


def _box(words: str) -> Box:
    parts = words.split(",")
    try:
        x, y, width, height = (int(part) for part in parts)
    except ValueError:
        raise WrongUse.of("convert.bad_box", where=f"--blank {words}") from None
    if min(x, y) < 0 or min(width, height) < 1:
        raise WrongUse.of("convert.bad_box", where=f"--blank {words}")
    return x, y, width, height


def _work(todo: Sequence[Job], how: Conversion, on_event: OnEvent) -> Iterator[list[Done]]:
    """Yield what became of the jobs, chunk by chunk, on the engine in force."""
    chunks = [todo[start : start + _CHUNK] for start in range(0, len(todo), _CHUNK)]
    if how.to == "dicom" and todo:
        # The key itself travels: another machine may have none of that name, or another one.
        how = replace(how, pseudonyms=Pseudonyms.load(how.key or default_key_path()))
    work = partial(convert_many, how=replace(how, root=how.root.absolute()))
    if is_elsewhere() or len(todo) >= _FEW:
        made = in_order(work, chunks, Wishes(holds_lock=True, what="convert"))
    else:
        made = map(work, chunks)
    yield from track(
        made, on_event, stage="convert", text=text("convert.progress"), total=len(chunks)
    )


def _failed(done: Sequence[Done]) -> list[Unplaced]:
    return [
        Unplaced(one.job.stamp.rpartition(" ")[0], "unreadable", one.reason)
        for one in done
        if one.reason
    ]


def _aside(found: Found, how: Conversion) -> list[Unplaced]:
    names = Pseudonyms.load(how.key) if found.has_names else None
    return [
        Unplaced(names.name("source", one.path) if names else one.path, "set-aside", one.reason)
        for one in found.others
    ]


def _refuse_inside(out: Path, source: Path) -> None:
    """Raise when results would lie in the source, and be read as files of it the next time.

    Raises:
        WrongUse: always then.
    """
    if out.resolve().is_relative_to(source.resolve()):
        raise WrongUse.of("convert.out_inside", where="--out")


def _report(
    found: Found, told: _Told, unplaced: Sequence[Unplaced], done: Sequence[Done]
) -> Report:
    counts = Counter(one.kind for one in unplaced)
    aside = Counter(entry.reason for entry in found.others)
    values = {
        "files": told.n_jobs + counts["unlabelled"],
        "converted_now": told.n_now - counts["unreadable"],
        "pictures": told.n_rows,
        "unreadable": counts["unreadable"],
        "unlabelled": counts["unlabelled"],
        "set_aside": sum(aside.values()),
    }
    sentence = text(f"convert.sentence_{told.to}", out=str(told.out), **values)
    findings = _findings(found, values, done, makes_grey=told.to == "png")
    blocks: list[Block] = [Paragraph(sentence)]
    if findings:
        blocks.append(Findings(findings))
    rows: list[tuple[Cell, ...]] = [
        (text(f"convert.fate_{name}"), values[name])
        for name in ("pictures", "unreadable", "unlabelled")
    ]
    rows += [(reason, n) for reason, n in aside.most_common()]
    columns = (text("convert.column_fate"), text("convert.column_n"))
    table = Table(columns, tuple(rows), text("convert.caption"), unit="count")
    tail = Paragraph(text("convert.tables", table=str(told.out / TABLE)))
    section = Section("convert", text("convert.title"), (*blocks, table, tail))
    return Report(
        "convert", text("convert.title"), (section,), (*blocks, table, tail), {"convert": values}
    )


def _findings(
    found: Found, values: dict[str, int], done: Sequence[Done], *, makes_grey: bool
) -> tuple[Finding, ...]:
    """Return what to know; items, which are paths, are not repeated where they name patients."""
    known = [one for one in found.findings if makes_grey or not _is_of_grey(one)]
    known = [replace(one, command="") for one in known]  # they are about runs
    made = [replace(one, items=()) if found.has_names else one for one in known]
    for kind in ("unreadable", "unlabelled"):
        if values[kind]:
            what = text(f"convert.n_{kind}", n=values[kind], total=values["files"])
            made.append(Finding(Severity.WARNING, what, text("convert.see_unplaced")))
    odd = sum(bool(row.get("window_odd")) for one in done for row in one.rows)
    if odd:
        made.append(Finding(Severity.WARNING, text("convert.odd_windows", n=odd)))
    return tuple(sorted(made, key=lambda one: one.rank))


def _is_of_grey(finding: Finding) -> bool:
    return isinstance(finding.what, Text) and finding.what.key == "inputs.windows"
