"""Labels from a table of patients: one row for each patient, many files of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.pseudonyms import Pseudonyms, is_pseudonym
from tamiz.core.recipe import DataOptions
from tamiz.data.report import Finding, Severity
from tamiz.formats.files import read_regular
from tamiz.formats.refusal import Refusal
from tamiz.inputs.cells import Cells, read_cells
from tamiz.inputs.names import GROUP_WORDS, LABEL_WORDS, compiled, guess, part_of_name
from tamiz.inputs.registry import Found

_SHOWN: Final = 20
ID_WORDS: Final = (*GROUP_WORDS, "id", "identifier", "identificador")


def labelled_by_table(found: Found, options: DataOptions) -> Found:
    """Return the rows with the labels that `data.label_table` has for their patients.

    A row's patient is what `data.id_from_name` finds in its path, or else its group. Identities
    are compared as they are and as pseudonyms; no message holds one, only lines of the table.

    Raises:
        WrongData: the table cannot be read, says two labels of one patient, or fits no file.
        WrongUse: a column is not there, or nothing says which patient a file is of.
    """
    where = at_hand(Path(options.label_table or "").expanduser())
    cells = _read(where, options)
    id_column = _column(cells, options.id, ID_WORDS, "id", where)
    label_column = _column(cells, options.label, LABEL_WORDS, "label", where)
    label_by_id, lines_by_id = _labels(cells, id_column, label_column, where)
    ids = _ids(found, options)
    if any(one is not None and is_pseudonym(one) for one in ids):
        names = Pseudonyms.load(Path(options.key).expanduser() if options.key else None)
        label_by_id |= {names.name("patient", one): label for one, label in label_by_id.items()}
        lines_by_id |= {names.name("patient", one): lines for one, lines in lines_by_id.items()}
    labels = [label_by_id.get(one) if one is not None else None for one in ids]
    used = {line for one in ids if one in lines_by_id for line in lines_by_id[one]}
    if not used:
        raise WrongData.of(
            "inputs.label_table_fits_nothing", where=where, n=cells.n_rows, total=len(ids)
        )
    manifest = found.manifest.with_columns({"label": labels})
    if options.id_from_name is not None and options.group_from_name is None:
        manifest = manifest.with_columns({"group": ids})
    findings = _findings(cells, used, found, labels, (id_column, label_column))
    return replace(found, manifest=manifest, findings=(*found.findings, *findings))


def _read(where: Path, options: DataOptions) -> Cells:
    try:
        content = read_regular(where)
    except (OSError, Refusal) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise WrongData.of("inputs.unreadable", where=where, reason=reason or "") from error
    return read_cells(content or b"", str(where), options.encoding, options.separator)


def _column(cells: Cells, asked: str | None, words: tuple[str, ...], role: str, where: Path) -> str:
    names = list(cells.columns)
    if asked is not None and asked in names:
        return asked
    found = guess(names, words) if asked is None else None
    if found is None:
        raise WrongUse.of(
            "inputs.label_table_column",
            where=where,
            role=role,
            name=asked or "-",
            columns=", ".join(names),
        )
    return found


def _labels(
    cells: Cells, id_column: str, label_column: str, where: Path
) -> tuple[dict[str, str | None], dict[str, list[int]]]:
    """Return the label of each patient, and the lines that speak of it.

    Raises:
        WrongData: two lines give one patient two labels; the lines are named, not the patient.
    """
    label_by_id: dict[str, str | None] = {}
    lines_by_id: dict[str, list[int]] = defaultdict(list)
    conflicts: list[tuple[int, int]] = []
    rows = zip(cells.columns[id_column], cells.columns[label_column], cells.lines, strict=True)
    for raw_id, raw_label, line in rows:
        one, label = raw_id.strip(), raw_label.strip() or None
        if not one:
            continue
        if label_by_id.setdefault(one, label) != label:
            conflicts.append((lines_by_id[one][0], line))
        lines_by_id[one].append(line)
    if conflicts:
        details = tuple(
            say("inputs.label_conflict_line", line=a, again=b) for a, b in conflicts[:_SHOWN]
        )
        raise WrongData.of(
            "inputs.label_conflict",
            where=where,
            n=len(conflicts),
            first=details[0],
            details=details,
        )
    return label_by_id, dict(lines_by_id)


def _ids(found: Found, options: DataOptions) -> Sequence[str | None]:
    pattern = compiled(options.id_from_name, "id_from_name")
    if pattern is not None:
        return [part_of_name(pattern, path) for path in found.manifest.column("path")]
    groups = found.manifest.column("group")
    if all(group is None for group in groups):
        raise WrongUse.of("inputs.no_patient_of_file", where="data.label_table")
    return groups


def _findings(
    cells: Cells,
    used: set[int],
    found: Found,
    labels: Sequence[str | None],
    columns: tuple[str, str],
) -> list[Finding]:
    """Return which columns were used, which rows fit no file, and which files have no row."""
    made = [
        Finding(
            Severity.NOTE,
            text("inputs.label_table_used", id_column=columns[0], label_column=columns[1]),
        )
    ]
    idle = [line for line in cells.lines if line not in used]
    if idle:
        what = text("inputs.rows_without_file", n=len(idle), total=cells.n_rows)
        lines = tuple(text("inputs.line", line=line) for line in idle[:_SHOWN])
        made.append(Finding(Severity.NOTE, what, items=lines))
    paths = found.manifest.column("path")
    without = [path for path, label in zip(paths, labels, strict=True) if label is None]
    if without:
        what = text("inputs.files_without_row", n=len(without), total=len(paths))
        made.append(Finding(Severity.WARNING, what, items=tuple(without[:_SHOWN])))
    return made
