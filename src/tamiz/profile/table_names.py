"""What a column's name says of its values: ids, centres, counts, scales with an order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tamiz.core.parts import fold

# Words stand alone or as a part of a name: 'center_id', 'id_centro', 'scanner number'.
_CENTRE_WORDS: Final = frozenset({
    "centre", "center", "centro", "hospital", "site", "sitio", "sede", "institution", "institucion",
    "clinic", "clinica", "scanner", "escaner", "machine", "maquina", "device", "dispositivo",
    "equipo", "manufacturer", "fabricante", "camera", "camara", "department", "departamento",
    "ward", "sala", "room", "ciudad", "city", "country", "pais", "region", "lab", "laboratory",
    "laboratorio", "vendor", "station", "source", "fuente", "operator", "operador", "location",
    "lugar",
})  # fmt: skip
_CODE_WORDS: Final = frozenset({
    "code", "codigo", "type", "tipo", "kind", "zip", "postal", "cp", "phone", "telefono", "class",
    "clase", "label", "etiqueta", "category", "categoria", "target", "objetivo", "version", "batch",
    "lote", "fold", "sex", "sexo", "gender", "genero", "race", "raza",
})  # fmt: skip
_ID_WORDS: Final = frozenset({
    "id", "ids", "uid", "uuid", "guid", "identifier", "identificador", "accession", "nhc", "dni",
    "curp", "rfc", "filename", "filepath", "file", "path", "archivo", "fichero", "ruta", "url",
    "doi", "patientid", "subjectid", "imageid", "caseid", "hash", "md5", "sha1", "sha256",
})  # fmt: skip
_COUNT_WORDS: Final = frozenset({
    "num", "number", "numero", "n", "count", "counts", "cuenta", "conteo", "total", "index",
    "indice", "order", "orden", "position", "posicion", "slice", "frame",
})  # fmt: skip
_YEAR_WORDS: Final = frozenset({
    "year", "years", "ano", "anno", "anio", "yr",
})  # fmt: skip
_DATE_WORDS: Final = frozenset({
    "date", "fecha", "day", "dia", "birth", "nacimiento", "time", "datetime",
})  # fmt: skip
_SCALE_WORDS: Final = frozenset({
    "grade", "grado", "stage", "estadio", "severity", "gravedad", "severidad", "score",
    "puntuacion", "rating", "calificacion", "level", "nivel", "birads", "pirads", "phase", "fase",
    "likert", "class_order", "orden_clase",
})  # fmt: skip
_SIZE_WORDS: Final = frozenset({
    "size", "talla", "tamano",
})  # fmt: skip
_NEVER_NEGATIVE_WORDS: Final = frozenset({
    "age", "edad", "days", "dias", "day", "dia", "offset", "months", "meses", "weeks", "semanas",
    "years", "hours", "horas", "count", "conteo", "width", "height", "ancho", "alto", "ancho_px",
    "size", "tamano", "weight", "peso", "length", "longitud", "duration", "duracion", "distance",
    "distancia", "dose", "dosis", "number", "numero", "num", "saturation", "pressure",
})  # fmt: skip

_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SIZES: Final = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
# Each scale from its low to its high end; words of one rank side by side.
_SCALES: Final = (
    "none ninguno ninguna absent ausente nulo | minimal minimo minima | mild leve ligero ligera | "
    "moderate moderado moderada | severe grave severo severa | critical critico critica",
    "very_low muy_bajo muy_baja | low bajo baja | medium medio media mid normal moderate "
    "moderado moderada | high alto alta | very_high muy_alto muy_alta",
    "tiny diminuto | small pequeno pequena chico chica | medium mediano mediana medio media | "
    "large big grande | huge enorme",
    "very_bad very_poor muy_malo muy_mala pesimo | bad poor malo mala | fair regular average "
    "acceptable aceptable | good bueno buena | very_good muy_bueno muy_buena | excellent "
    "excelente",
    "never nunca | rarely raramente casi_nunca rara_vez | sometimes a_veces | often a_menudo "
    "frecuentemente | always siempre",
    "strongly_disagree muy_en_desacuerdo | disagree en_desacuerdo | neutral | agree de_acuerdo | "
    "strongly_agree muy_de_acuerdo",
    "primary primaria | secondary secundaria | university universidad tertiary terciaria",
    "beginner principiante | intermediate intermedio intermedia | advanced avanzado avanzada | "
    "expert experto experta",
    "early temprano temprana | intermediate intermedio intermedia | late tardio tardia",
)
_RANKED: Final = re.compile(
    r"(?:stage|estadio|grade|grado|level|nivel|phase|fase|gr|g|t|n|pt|pn)?_?"
    r"(\d{1,2}|x|ix|iv|v?i{0,3})_?([a-c])?"
)
_RANKED_WITH_WORD: Final = re.compile(
    r"(?:stage|estadio|grade|grado|level|nivel|phase|fase)_?(?:\d{1,2}|x|ix|iv|v?i{1,3}|v)_?[a-c]?"
)
_RANGE: Final = re.compile(
    r"(?:[<>≤≥]=?\s*(\d+)|(\d+)\s*(?:-|–|to|a|hasta)\s*(\d+)|(\d+)\s*\+)\s*[^\W\d]*"
)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a column's name, folded; 'patientId' and 'patient_id' give the same."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return frozenset(fold(apart).split("_")) | frozenset(fold(name).split("_"))


def is_centre_name(name: str) -> bool:
    """Return whether the name means a place or a machine: its numbers have no order."""
    words = name_words(name)
    is_measured = words & (_NEVER_NEGATIVE_WORDS - {"num", "number", "numero"})
    return bool(words & _CENTRE_WORDS) and not is_measured  # 'days_in_hospital' counts days


def is_code_name(name: str) -> bool:
    """Return whether the name means a code or a class: its numbers have no order."""
    return bool(name_words(name) & _CODE_WORDS)


def is_id_name(name: str) -> bool:
    """Return whether the name means one thing each: an id, a file, an address."""
    return bool(name_words(name) & _ID_WORDS) and not is_centre_name(name)


def is_count_name(name: str) -> bool:
    """Return whether the name means a count or a running number."""
    return bool(name_words(name) & _COUNT_WORDS)


def is_year_name(name: str) -> bool:
    """Return whether the name means a calendar year."""
    return bool(name_words(name) & _YEAR_WORDS)


def is_date_name(name: str) -> bool:
    """Return whether the name means a date."""
    return bool(name_words(name) & _DATE_WORDS)


def is_scale_name(name: str) -> bool:
    """Return whether the name means ranks: a stage, a grade, a score."""
    return bool(name_words(name) & _SCALE_WORDS)


def can_never_be_negative(name: str) -> bool:
    """Return whether the name means something that has no negative values: an age, days."""
    return bool(name_words(name) & _NEVER_NEGATIVE_WORDS)


def order_of(values: Iterable[str], name: str) -> tuple[str, ...]:
    """Return the values from low to high when they are ranks of one scale, else ().

    Known: words of a scale in English or Spanish, stages and grades with a number (Arabic or
    Roman), sizes, and ranges of numbers ('0-9', '10-19', '80+'). At least two ranks are needed;
    sizes of one letter need three, or a name that says so ('M' and 'S' may be anything).
    """
    folded = {value: fold(value) for value in values}
    if not 2 <= len(folded) <= 40:
        return ()
    for ranks in (
        *(_ranks_on(scale, folded) for scale in _SCALES),
        _numbered_ranks(folded, name),
        _size_ranks(folded, name),
        _range_ranks(folded),
    ):
        if ranks and len(set(ranks.values())) >= 2:
            return tuple(sorted(ranks, key=lambda value: (ranks[value], value)))
    return ()


def _ranks_on(scale: str, folded: dict[str, str]) -> dict[str, float]:
    rank_by_word = {
        word: float(rank) for rank, words in enumerate(scale.split("|")) for word in words.split()
    }
    if all(word in rank_by_word for word in folded.values()):
        return {value: rank_by_word[word] for value, word in folded.items()}
    return {}


def _numbered_ranks(folded: dict[str, str], name: str) -> dict[str, float]:
    has_word = all(_RANKED_WITH_WORD.fullmatch(word) for word in folded.values())
    if not has_word and not is_scale_name(name):
        return {}
    ranks: dict[str, float] = {}
    for value, word in folded.items():
        found = _RANKED.fullmatch(word)
        if found is None or not found[1]:
            return {}
        number = int(found[1]) if found[1].isdecimal() else _ROMAN.index(found[1]) + 1
        ranks[value] = number + (ord(found[2]) - ord("a") + 1) / 10 if found[2] else float(number)
    return ranks


def _size_ranks(folded: dict[str, str], name: str) -> dict[str, float]:
    if not all(word in _SIZES for word in folded.values()):
        return {}
    has_long = any("x" in word for word in folded.values())
    is_named = bool(name_words(name) & _SIZE_WORDS)
    if len(folded) < 3 and not has_long and not is_named:
        return {}
    return {value: float(_SIZES.index(word)) for value, word in folded.items()}


def _range_ranks(folded: dict[str, str]) -> dict[str, float]:
    ranks: dict[str, float] = {}
    for value in folded:
        found = _RANGE.fullmatch(value.strip())
        if found is None or (found[2] and int(found[2]) >= int(found[3])):
            return {}
        below = value.strip().startswith(("<", "≤"))
        start = float(next(part for part in (found[1], found[2], found[4]) if part))
        ranks[value] = start - 0.5 if below else start
    return ranks
