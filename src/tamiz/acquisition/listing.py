"""What a server has, as a table that names nobody; the names only where they are asked for."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.acquisition.deidentify import patient_pseudonym
from tamiz.acquisition.finding import FoundImage, FoundSeries, FoundStudy
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.core.pseudonyms import Pseudonyms
from tamiz.data.report import Block, Cell, Code, Paragraph, Report, Table

_SHOWN: Final = 30
_COLUMNS: Final = (
    "patient", "study", "series", "instance", "month", "modality", "n_series", "n_images",
)  # fmt: skip
Found = tuple[FoundStudy, FoundSeries, Sequence[FoundImage]]


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A study, a series or an instance.

    `cells` name nobody and go into files; `identity` and `description` may, and never do.
    """

    cells: dict[str, str | int | None]
    identity: FoundStudy
    description: str


class Listing:
    """What a C-FIND or QIDO-RS found."""

    def __init__(self, level: str, rows: Sequence[Row], counts: Iterable[tuple[Cell, ...]]) -> None:
        self._level, self._rows, self._counts = level, rows, tuple(counts)

    @classmethod
    def of_studies(cls, studies: Sequence[FoundStudy], pseudonyms: Pseudonyms) -> Listing:
        """Return a row per study; counts are the server's own."""
        rows, totals = [], _Totals()
        for study in studies:
            modality = "+".join(study.modalities) or "?"
            cells = _study_cells(study, pseudonyms) | {"modality": modality}
            cells |= {"n_series": study.n_series, "n_images": study.n_images}
            rows.append(Row(cells, study, study.description))
            totals.add(modality, study.uid, study.n_series, study.n_images)
        return cls("study", rows, totals.rows())

    @classmethod
    def of_series(
        cls, found: Sequence[Found], pseudonyms: Pseudonyms, *, is_by_image: bool
    ) -> Listing:
        """Return a row per series, or per instance."""
        rows, totals = [], _Totals()
        for study, series, images in found:
            cells = _study_cells(study, pseudonyms)
            cells |= {"modality": series.modality, "series": pseudonyms.uid(series.uid)}
            n_images = len(images) if is_by_image else series.n_images
            totals.add(series.modality, study.uid, 1, n_images)
            if not is_by_image:
                rows.append(Row(cells | {"n_images": n_images}, study, series.description))
            for image in images:
                named = cells | {"instance": pseudonyms.uid(image.uid)}
                rows.append(Row(named, study, series.description))
        return cls("image" if is_by_image else "series", rows, totals.rows())

    def save_csv(self, path: Path) -> None:
        """Write all rows; no name, ID, exact date or description is among the columns."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        columns = self._columns()
        writer.writerow(columns)
        for row in self._rows:
            values = [row.cells.get(column) for column in columns]
            writer.writerow(["" if value is None else value for value in values])
        write_text(path, lines.getvalue())

    def report(self, csv_path: Path | None = None, *, shows_identities: bool = False) -> Report:
        """Return what a face shows; `shows_identities` is for the terminal alone."""
        level = text(f"pacs.level_{self._level}")
        by_modality = Table(
            tuple(text(f"pacs.column_{name}") for name in
                  ("modality", "n_studies", "n_series", "n_images")),
            self._counts,
            text("pacs.per_modality"),
            unit="count",
        )  # fmt: skip
        blocks: list[Block] = [
            Paragraph(text("pacs.found", n=len(self._rows), level=level)),
            by_modality,
            self._identities() if shows_identities else self._table(),
        ]
        if csv_path:
            blocks.append(Paragraph(text("pacs.all_rows", path=str(csv_path))))
        values: dict[str, Any] = {
            "pacs": {
                "level": self._level,
                "n": len(self._rows),
                "rows": [dict(row.cells) for row in self._rows],
                "modalities": [list(row) for row in self._counts],
            }
        }
        return Report("pacs", text("pacs.title_find"), summary=tuple(blocks), values=values)

    def _columns(self) -> list[str]:
        """Return the columns that any row fills."""
        return [name for name in _COLUMNS if any(name in row.cells for row in self._rows)]

    def _table(self) -> Table:
        names = self._columns()
        rows = [tuple(_short(row.cells.get(name)) for name in names) for row in self._rows[:_SHOWN]]
        is_cut = len(rows) < len(self._rows)
        caption = text("pacs.first_rows", n=_SHOWN, all=len(self._rows)) if is_cut else ""
        columns = tuple(text(f"pacs.column_{name}") for name in names)
        return Table(columns, tuple(rows), caption, unit="count")

    def _identities(self) -> Code:
        """Return who the studies are of, a line each: too wide for a table."""
        lines: dict[str, None] = {}
        for row in self._rows:
            one = row.identity
            day = one.day.isoformat() if one.day else ""
            identity = (one.patient, one.name, day, row.description, one.uid)
            lines[" | ".join((str(row.cells["patient"]), *identity))] = None
        return Code("\n".join(lines), text("pacs.identities"))


class _Totals:
    """Studies, series and instances per modality; a count that the server did not give is None."""

    def __init__(self) -> None:
        self._studies: dict[str, set[str]] = {}
        self._sums: Counter[tuple[str, str]] = Counter()
        self._unknown: set[tuple[str, str]] = set()

    def add(self, modality: str, study: str, n_series: int | None, n_images: int | None) -> None:
        self._studies.setdefault(modality, set()).add(study)
        for name, count in (("series", n_series), ("images", n_images)):
            self._sums[modality, name] += count or 0
            if count is None:
                self._unknown.add((modality, name))

    def rows(self) -> list[tuple[Cell, ...]]:
        return [
            (modality, len(studies), self._sum(modality, "series"), self._sum(modality, "images"))
            for modality, studies in sorted(self._studies.items())
        ]

    def _sum(self, modality: str, name: str) -> int | None:
        return None if (modality, name) in self._unknown else self._sums[modality, name]


def _study_cells(study: FoundStudy, pseudonyms: Pseudonyms) -> dict[str, str | int | None]:
    from pydicom.dataset import Dataset

    answer = Dataset()
    answer.PatientID, answer.PatientName = study.patient, study.name
    answer.PatientBirthDate, answer.StudyInstanceUID = study.birth, study.uid
    return {
        "patient": patient_pseudonym(answer, pseudonyms),
        "study": pseudonyms.uid(study.uid),
        "month": f"{study.day:%Y-%m}" if study.day else "",
    }


def _short(value: str | int | None) -> Cell:
    """Return a cell for a terminal: of a long UID the end, which tells them apart."""
    is_uid = isinstance(value, str) and value.startswith("2.25.")
    return f"…{str(value)[-8:]}" if is_uid else value
