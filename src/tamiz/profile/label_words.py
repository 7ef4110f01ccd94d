"""Labels that need a second look: several in one, none at all, the same twice, very rare ones."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tamiz.core.language import text
from tamiz.core.parts import fold
from tamiz.data.report import Finding, Severity

Suspect = Literal["several labels", "no label", "same label", "rare"]

RARE = 10
_JOINTS: Final = re.compile(r"\s*[,;|/+&]\s*|\s+(?:and|y|with|con)\s+")
# Words that say in so many words that nobody has answered yet. 'other', 'none', 'normal' and
# 'no finding' are answers, and stay.
_NO_LABEL: Final = frozenset({
    "todo", "to_do", "tbd", "tba", "pending", "pendiente", "por_hacer", "unknown", "desconocido",
    "desconocida", "unlabeled", "unlabelled", "no_label", "sin_etiqueta", "sin_etiquetar",
    "sin_clasificar", "unclassified", "not_labeled", "not_labelled", "na", "n_a", "nan", "null",
    "nil", "missing", "faltante", "undefined", "indefinido", "indefinida", "unspecified",
    "sin_especificar", "no_especificado", "not_available", "no_disponible", "sin_dato", "sin_datos",
    "no_data", "nd", "s_d", "sd", "ns_nc", "nc", "xxx", "placeholder",
})  # fmt: skip
_SIGNS_ONLY: Final = re.compile(r"[\W_]+")
_FEW_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class LabelSuspicion:
    """One label, or several that belong together, and what may be wrong.

    Attributes:
        kind: 'several labels', 'no label', 'same label' or 'rare'.
        label: the label concerned; of 'same label' the most frequent way of writing it.
        n: rows with it; of 'same label', rows with one of the other ways of writing it.
        parts: of 'several labels' the labels in it; of 'same label' the other ways of writing.
        relabel: each 'OLD=NEW' for --relabel that mends it (NEW empty: no label); empty where
            only a person can say.
    """

    kind: Suspect
    label: str
    n: int
    parts: tuple[str, ...] = ()
    relabel: tuple[str, ...] = ()


def suspicious_labels(counts: Mapping[str, int]) -> tuple[LabelSuspicion, ...]:
    """Return what is suspicious among labels, given how many rows have each.

    - several labels: it falls at , ; | / + & (or 'and', 'y') into parts of which at least one is
      a label itself, or shares a word of four letters or more with one;
    - no label: words like 'todo', 'unknown', 'pendiente', or signs only ('?');
    - same label: they differ in case, spaces, hyphens or accents only;
    - rare: fewer than 10 rows, too few to learn from or to be measured on.

    A label is named once, for the first of these that fits.
    """
    left = {label: n for label, n in counts.items() if label.strip()}
    found = [
        LabelSuspicion("no label", label, n, (), (f"{label}=",))
        for label, n in left.items()
        if _means_nothing(label, counts)
    ]
    left = {label: n for label, n in left.items() if not _means_nothing(label, counts)}
    for label, n in list(left.items()):
        parts = _parts(label, left)
        if parts:
            found.append(
                LabelSuspicion("several labels", label, n, parts, _first_part(label, left))
            )
    joined = {one.label for one in found}
    left = {label: n for label, n in left.items() if label not in joined}
    for ways in _ways_of_writing(left):
        kept, *others = ways
        n = sum(left.pop(label) for label in others)
        relabel = tuple(f"{label}={kept}" for label in others)
        left[kept] += n
        found.append(LabelSuspicion("same label", kept, n, tuple(others), relabel))
    found += [
        LabelSuspicion("rare", label, n)
        for label, n in sorted(left.items(), key=lambda pair: (pair[1], pair[0]))
        if n < RARE
    ]
    return tuple(found)


def label_findings(counts: Mapping[str, int]) -> tuple[Finding, ...]:
    """Return what `suspicious_labels` finds, in words; rare labels share one finding.

    `{source}` in a command stands for the user's source.
    """
    found = suspicious_labels(counts)
    n = max(sum(counts.values()), 1)
    makers = {"several labels": _several, "no label": _none, "same label": _same}
    made = [makers[one.kind](one, n) for one in found if one.kind in makers]
    rare = [one for one in found if one.kind == "rare"]
    return (*made, *([_rare(rare, n)] if rare else ()))


def command_for(relabel: Sequence[str]) -> str:
    """Return the command that relabels; `{source}` is left for the stage to fill in."""
    return " ".join(["tamiz run {source}", *(f"--relabel {_quoted(one)}" for one in relabel)])


def _quoted(pair: str) -> str:
    is_plain = re.search(r'["$`\\!\n]', pair) is None
    return f'"{pair}"' if is_plain else shlex.quote(pair)


def _means_nothing(label: str, labels: Collection[str]) -> bool:
    """Return whether a label says that there is none; '-' beside '+' is an answer."""
    plain = label.strip()
    if _SIGNS_ONLY.fullmatch(plain):
        return "+" not in plain and not any("+" in other for other in labels)
    return fold(plain) in _NO_LABEL


def _parts(label: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the labels that `label` consists of, () when it is one."""
    parts = tuple(part for part in _JOINTS.split(label.strip()) if part)
    if len(parts) < 2:
        return ()
    others = [other for other in counts if other != label]
    known = {fold(other) for other in others}
    if any(fold(part) in known for part in parts):
        return parts
    words = {
        word
        for other in others
        if len(_JOINTS.split(other.strip())) == 1
        for word in fold(other).split("_")
        if len(word) >= 4
    }
    shares = any(words & set(fold(part).split("_")) for part in parts)
    return parts if shares else ()


def _first_part(label: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the rename to the first part that is a label itself, () when none is."""
    label_by_fold = {fold(other): other for other in counts if other != label}
    for part in _JOINTS.split(label.strip()):
        if fold(part) in label_by_fold:
            return (f"{label}={label_by_fold[fold(part)]}",)
    return ()


def _ways_of_writing(counts: Mapping[str, int]) -> list[list[str]]:
    """Return sets of labels that differ in case, spaces, accents; most frequent first."""
    by_plain: dict[str, list[str]] = {}
    for label in counts:
        by_plain.setdefault(_plain(label), []).append(label)
    return [
        sorted(ways, key=lambda label: (-counts[label], label != label.strip(), label))
        for ways in by_plain.values()
        if len(ways) > 1
    ]


def _plain(label: str) -> str:
    """Return a label without case, accents and what stands between words; signs elsewhere stay."""
    bare = unicodedata.normalize("NFKD", label)
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()
    return re.sub(r"(?<=\w)[\s_-]+(?=\w)", " ", letters).strip()  # 'C' and 'C++' stay two


def _several(found: LabelSuspicion, n: int) -> Finding:
    parts = ", ".join(f"'{part}'" for part in found.parts)
    key = "profile.several_labels_advice" if found.relabel else "profile.several_labels_ask"
    return Finding(
        Severity.WARNING if found.relabel else Severity.NOTE,  # 'T-shirt/top' beside 'Shirt'
        text("profile.several_labels", label=found.label, n=found.n, parts=parts),
        text(key, label=found.label),
        command_for(found.relabel or (f"{found.label}=",)),
        (found.label,),
        text("profile.by_its_words"),
        found.n / n,
    )


def _none(found: LabelSuspicion, n: int) -> Finding:
    return Finding(
        Severity.WARNING,
        text("profile.no_label", label=found.label, n=found.n),
        text("profile.no_label_advice"),
        command_for(found.relabel),
        (found.label,),
        text("profile.by_its_words"),
        found.n / n,
    )


def _same(found: LabelSuspicion, n: int) -> Finding:
    others = ", ".join(f"'{part}'" for part in found.parts)
    return Finding(
        Severity.WARNING,
        text("profile.same_label", label=found.label, others=others, n=found.n),
        text("profile.same_label_advice", label=found.label),
        command_for(found.relabel),
        (found.label, *found.parts),
        text("profile.certain_spelling"),
        found.n / n,
    )


def _rare(found: Sequence[LabelSuspicion], n: int) -> Finding:
    shown = ", ".join(f"{one.label} ({one.n})" for one in found[:_FEW_SHOWN])
    shown += ", ..." if len(found) > _FEW_SHOWN else ""
    return Finding(
        Severity.WARNING,
        text("profile.rare_labels", n=len(found), shown=shown, rare=RARE),
        text("profile.rare_labels_advice"),
        command_for((f"{found[0].label}=",)),
        tuple(one.label for one in found),
        text("profile.certain_counted"),
        sum(one.n for one in found) / n,
    )
