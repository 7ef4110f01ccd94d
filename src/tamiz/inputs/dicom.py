"""DICOM files in folders: patients, studies, series and frames from their headers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.parts import fold
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Severity
from tamiz.formats.dicom_dataset import is_dicom
from tamiz.formats.dicom_facts import COLUMNS, KINDS, reveals
from tamiz.formats.sniff import IMAGE_SUFFIXES, suffix_of
from tamiz.inputs.dicom_headers import Header, header_of, read_headers
from tamiz.inputs.layout import Layout, layout_of
from tamiz.inputs.names import compiled, part_of_name
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.tree import Tree

GROUPS: Final = ("patient", "study", "series")
_SHOWN: Final = 20
_PEEKED: Final = 64
_SHORT_WORD: Final = 4
_NAMES_ABOVE: Final = 2
_NO_PICTURES: Final = frozenset({"no-pixels", "presentation-state", "dose-report"})


@INPUTS.add("dicom")
class DicomFiles:
    """DICOM files, whatever they are called."""

    name = "dicom"
    order = 20
    honours = frozenset(
        {"label", "group", "centre", "label_from_name", "group_from_name", "id_from_name",
         "window", "frames", "keep", "key", "allow_names", "label_separator"}
    )  # fmt: skip

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether most of the pictures, judged by the first of them, are DICOM."""
        names = [tree.asked] if tree.asked is not None else tree.names
        photos = [name for name in names if suffix_of(name) in IMAGE_SUFFIXES]
        others = [name for name in names if suffix_of(name) not in IMAGE_SUFFIXES]
        step = max(1, len(others) // _PEEKED)
        peeked = [head for _, head in tree.heads(others[::step])]
        n_dicom = sum(map(is_dicom, peeked)) * step
        return n_dicom > len(photos)

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row for each frame of each picture, with what its header says.

        Raises:
            WrongData: files or folders are named after patients, whose names would stand in every
                report, and the user does not allow it.
            WrongUse: an option names no column or no kind.
        """
        _check_options(options)
        names, others = _dicom_names(tree)
        headers = _headers(tree, names, options)
        n_named = _count_named(tree, headers, options)
        if n_named and not options.allow_names:
            n_files = len(tree.names)
            raise WrongData.of(
                "inputs.names_of_patients", where="data.source", n=n_named, total=n_files
            )
        kept, aside, conflicts = _sorted_out(headers, options)
        others += [Entry(tree.path_of(one.name), *_fate_of(one, reason)) for one, reason in aside]
        columns = _columns(tree, kept, options)
        findings = [
            *_note_aside(aside),
            *_note_conflicts(conflicts, tree),
            _note_groups(columns, options),
            *_note_burned_in(kept),
            *_note_preambles(kept),
            *_note_window(columns),
        ]
        return Found(
            "dicom",
            columns.manifest(tree),
            tuple(others),
            findings=tuple(findings),
            has_names=n_named > 0,
        )

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return every frame of every picture; nothing is left out but what has no pixels."""
        names, others = _dicom_names(tree)
        headers = _headers(tree, names, DataOptions())
        columns = Columns()
        for one in headers:
            if one.facts is not None and one.facts.aside in _NO_PICTURES:
                others.append(Entry(tree.path_of(one.name), *_fate_of(one, one.facts.aside)))
                continue
            for frame in range(one.facts.n_frames if one.facts else 1):
                columns.path.append(tree.path_of(one.name))
                columns.frame.append(frame)
        return Found("dicom", columns.manifest(tree), tuple(others))


def header_cells(manifest: Manifest) -> dict[str, list[str]] | None:
    """Return what headers say of the rows, as cells of a table; None for rows of no DICOM."""
    if not {"series", "modality", "values"} <= set(manifest.column_names):
        return None
    names = ("path", "label", "centre", *GROUPS, *COLUMNS)
    known = [name for name in names if name in manifest.column_names]
    cells = {
        name: ["" if one is None else str(one) for one in manifest.column(name)] for name in known
    }
    frames = manifest.column("frame")
    if any(frames):
        cells["path"] = [f"{p}#{f}" for p, f in zip(cells["path"], frames, strict=True)]
    return cells


def _check_options(options: DataOptions) -> None:
    strange = sorted(set(options.keep) - set(KINDS))
    if strange:
        choices = ", ".join(KINDS)
        raise WrongUse.of("inputs.bad_keep", where="data.keep", name=strange[0], choices=choices)
    known = {*GROUPS, *COLUMNS}
    for role in ("label", "group", "centre"):
        asked = getattr(options, role)
        if asked is None or (role == "label" and options.label_table):
            continue
        if _column_named(asked) not in known:
            raise WrongUse.of(
                "inputs.no_dicom_column",
                where=f"data.{role}",
                name=asked,
                choices=", ".join(sorted(known)),
            )


def _column_named(asked: str) -> str:
    """Return the column that a user means, who may know DICOM's keyword or another spelling."""
    folded = asked.strip().lower().replace(" ", "_").replace("-", "_")
    by_keyword = {keyword.lower(): column for column, keyword in COLUMNS.items()}
    by_keyword |= {"patientid": "patient", "patient_id": "patient"}
    return by_keyword.get(folded.replace("_", ""), by_keyword.get(folded, folded))


def _dicom_names(tree: Tree) -> tuple[list[str], list[Entry]]:
    """Return the DICOM files, and every other file with its fate."""
    names, others = [], []
    for name, head in tree.heads([tree.asked] if tree.asked is not None else tree.names):
        if is_dicom(head):
            names.append(name)
        elif not head:
            others.append(Entry(tree.path_of(name), Fate.UNREADABLE, say("formats.empty")))
        else:
            reason = say("inputs.not_dicom")
            others.append(Entry(tree.path_of(name), Fate.NOT_AN_IMAGE, reason))
    return sorted(names), others


def _headers(tree: Tree, names: Sequence[str], options: DataOptions) -> list[Header]:
    key = Path(options.key).expanduser() if options.key else None
    if tree.archive is None:
        return read_headers(tree.root, names, window=options.window, key=key)
    made = []
    for name in names:
        try:
            content = tree.read(name)
        except WrongData as error:  # a damaged member: the check will say so of its row
            made.append(Header(name, None, error.what))
            continue
        made.append(header_of(content, name, window=options.window, key=key))
    return made


def _count_named(tree: Tree, headers: Sequence[Header], options: DataOptions) -> int:
    """Return how many files are named after a patient: their own, or any other of the source.

    The last names of the source's own path count too.
    """
    above = "/".join(Path(options.source).expanduser().absolute().parts[-_NAMES_ABOVE:])
    if any(reveals(above, identities) for identities in {one.identities for one in headers}):
        return len(tree.names)
    by_name = {one.name: one.identities for one in headers}
    of_anybody = {
        word
        for identities in set(by_name.values())
        for word in identities
        if len(word) > _SHORT_WORD
    }
    n_named = 0
    for name in tree.names:
        path = tree.path_of(name)
        is_own = reveals(path, by_name.get(name, frozenset()))
        n_named += is_own or not of_anybody.isdisjoint(fold(path).split("_"))
    return n_named


def _sorted_out(
    headers: Sequence[Header], options: DataOptions
) -> tuple[list[Header], list[tuple[Header, str]], list[tuple[Header, Header]]]:
    """Return pictures, what is set aside with its reason, and pairs of one UID."""
    kept: list[Header] = []
    aside: list[tuple[Header, str]] = []
    conflicts: list[tuple[Header, Header]] = []
    first: dict[str, Header] = {}
    for one in headers:
        if one.facts is None or (one.facts.reason and one.facts.aside == ""):
            kept.append(one)  # the check decodes it, and says what is wrong
            continue
        if one.facts.aside and one.facts.aside not in options.keep:
            aside.append((one, one.facts.aside))
            continue
        known = first.setdefault(one.instance, one) if one.instance else one
        if known is not one:
            conflicts.append((known, one))
            aside.append((one, "same-instance"))
            continue
        kept.append(one)
    return kept, aside, conflicts


def _fate_of(one: Header, reason: str) -> tuple[Fate, str]:
    what = one.facts.what if one.facts else "DICOM"
    fate = Fate.NOT_AN_IMAGE if reason in _NO_PICTURES else Fate.EXCLUDED
    if reason == "same-instance":
        return fate, say("inputs.same_instance")
    return fate, say(f"inputs.aside_{reason.replace('-', '_')}", what=what)


def _columns(tree: Tree, kept: Sequence[Header], options: DataOptions) -> Columns:
    """Return the rows: one for each frame."""
    names = [one.name for one in kept]
    layout = layout_of(names, is_archive=bool(tree.prefix))
    labels = {layout.split_and_label(name)[1] for name in filter(layout.covers, names)}
    has_classes = len(labels - {None}) >= 2
    facts = [_row_facts(one, layout, options, has_classes=has_classes) for one in kept]
    made = Columns()
    own = ("instance", "values", "grey", "um_per_px")
    made.free = {name: [] for name in (*GROUPS, *COLUMNS, *own)}
    if options.centre:
        made.free["centre"] = []
    for one, (split, label, group) in zip(kept, facts, strict=True):
        told = _cells(one)
        if options.centre:
            told["centre"] = told[_column_named(options.centre)]
        for frame in _frames(one, options.frames):
            made.path.append(tree.path_of(one.name))
            made.frame.append(frame)
            made.label.append(label or None)
            made.group.append(group or None)
            made.given_split.append(split)
            for name, values in made.free.items():
                values.append(told[name])
    return made


def _row_facts(
    one: Header, layout: Layout, options: DataOptions, *, has_classes: bool
) -> tuple[str | None, str | None, str | None]:
    """Return (given split, label, group) of a file, as its folders, header and name say."""
    told = _cells(one)
    covers = layout.covers(one.name)
    split, folder = layout.split_and_label(one.name) if covers else (None, None)
    label = folder if has_classes else None
    if options.label and not options.label_table:
        label = told[_column_named(options.label)]
    group = told[_column_named(options.group or "patient")]
    by_name = compiled(options.label_from_name, "label_from_name")
    if by_name is not None:
        label = part_of_name(by_name, one.name)
    by_name = compiled(options.group_from_name, "group_from_name")
    if by_name is not None:
        group = part_of_name(by_name, one.name)
    return split, label, group


def _frames(one: Header, which: str) -> Sequence[int]:
    n = one.facts.n_frames if one.facts else 1
    if which == "first":
        return range(1)
    return range(n) if which == "all" else (max(n, 1) // 2,)


def _cells(one: Header) -> dict[str, Any]:
    """Return every column of a file; None where the header says nothing."""
    facts = one.facts
    values = facts.values if facts else {}
    made: dict[str, Any] = {name: values.get(name) or None for name in COLUMNS}
    made |= {name: getattr(one, name) or None for name in (*GROUPS, "instance")}
    made["values"], made["grey"] = (part or None for part in (facts.applied if facts else ("", "")))
    made["um_per_px"] = facts.um_per_px if facts else None
    return made


def _note_aside(aside: Sequence[tuple[Header, str]]) -> list[Finding]:
    """Return a note for each reason for which objects are set aside, with their kinds."""
    by_reason: dict[str, list[Header]] = defaultdict(list)
    for one, reason in aside:
        if reason != "same-instance":
            by_reason[reason].append(one)
    made = []
    for reason, many in sorted(by_reason.items()):
        kinds = Counter(one.facts.what for one in many if one.facts)
        what = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common(3))
        key = f"inputs.n_aside_{reason.replace('-', '_')}"
        advice = text("inputs.aside_advice", kind=reason) if reason in KINDS else ""
        made.append(Finding(Severity.NOTE, text(key, n=len(many), what=what), advice))
    return made


def _note_conflicts(conflicts: Sequence[tuple[Header, Header]], tree: Tree) -> list[Finding]:
    if not conflicts:
        return []
    what = text("inputs.same_instances", n=len(conflicts))
    items = tuple(f"{tree.path_of(a.name)} = {tree.path_of(b.name)}" for a, b in conflicts[:_SHOWN])
    return [Finding(Severity.WARNING, what, text("inputs.same_instances_advice"), items=items)]


def _note_groups(columns: Columns, options: DataOptions) -> Finding:
    n_groups = len({one for one in columns.group if one is not None})
    values = {"n": len(columns.path), "n_groups": n_groups}
    if options.group_from_name is None and _column_named(options.group or "patient") == "patient":
        return Finding(Severity.NOTE, text("inputs.dicom_groups", **values))
    name = options.group or "group_from_name"
    return Finding(Severity.NOTE, text("inputs.dicom_other_groups", name=name, **values))


def _note_burned_in(kept: Sequence[Header]) -> list[Finding]:
    many = [one.name for one in kept if one.facts and one.facts.burned_in]
    if not many:
        return []
    what = text("inputs.burned_in", n=len(many))
    return [Finding(Severity.WARNING, what, text("inputs.burned_in_advice"), items=tuple(many[:3]))]


def _note_preambles(kept: Sequence[Header]) -> list[Finding]:
    many = [one.name for one in kept if not one.has_preamble]
    if not many:
        return []
    what = text("inputs.no_preamble", n=len(many))
    return [Finding(Severity.NOTE, what, items=tuple(many[:_SHOWN]))]


def _note_window(columns: Columns) -> list[Finding]:
    counts = Counter(one for one in columns.free["grey"] if one)
    if not counts:
        return []
    words = "; ".join(f"{n:,} × {one}" for one, n in counts.most_common(4))
    if len(counts) > 4:
        words += "; ..."
    return [Finding(Severity.NOTE, text("inputs.windows", words=words))]
