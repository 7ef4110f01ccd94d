"""What a word in a column's name means: labels, patients, files; and names cut by expressions."""

from __future__ import annotations

import re
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.parts import fold

# In order of preference; words are compared without accents, case or signs between letters.
LABEL_WORDS: Final = (
    "label", "labels", "etiqueta", "etiquetas", "class", "clase", "class_name", "classname",
    "diagnosis", "diagnostico", "dx", "finding", "findings", "hallazgo", "hallazgos", "target",
    "objetivo", "category", "categoria", "class_label", "class_id", "ground_truth", "y",
)  # fmt: skip
GROUP_WORDS: Final = (
    "patient_id", "patientid", "patient", "id_paciente", "paciente_id", "paciente", "subject_id",
    "subjectid", "subject", "sujeto", "id_sujeto", "case_id", "caseid", "caso", "id_caso",
    "slide_id", "slide", "person_id", "group", "grupo", "group_id", "nhc", "historia",
)  # fmt: skip
PATH_WORDS: Final = (
    "path", "ruta", "file", "archivo", "fichero", "filename", "file_name", "nombre_archivo",
    "nombre_de_archivo", "nombre_fichero", "filepath", "file_path", "image_path", "image_file",
    "image", "imagen", "img", "img_path", "picture", "photo", "foto", "image_name",
    "nombre_imagen", "image_id", "imageid", "id_imagen", "imagen_id", "image_index", "id",
)  # fmt: skip
CENTRE_WORDS: Final = (
    "centre", "center", "centro", "center_id", "centre_id", "centro_id", "id_centro", "hospital",
    "site", "site_id", "sitio", "institution", "institucion",
)  # fmt: skip
SPLIT_WORDS: Final = (
    "split", "particion", "subset", "subconjunto", "conjunto", "division", "partition", "set",
)  # fmt: skip


def guess(columns: list[str], words: tuple[str, ...]) -> str | None:
    """Return the column whose name is the first of `words` to be found, or None."""
    return next(iter(guess_all(columns, words)), None)


def guess_all(columns: list[str], words: tuple[str, ...]) -> list[str]:
    """Return the columns whose names are among `words`, in the order of the words."""
    column_by_word: dict[str, str] = {}
    for column in reversed(columns):
        column_by_word[fold(column)] = column
    return [column_by_word[word] for word in words if word in column_by_word]


def compiled(pattern: str | None, option: str) -> re.Pattern[str] | None:
    """Return the compiled regular expression of an option.

    Raises:
        WrongUse: it is none; the place of the fault is said.
    """
    if pattern is None:
        return None
    try:
        return re.compile(pattern)
    except re.error as error:
        raise WrongUse.of(
            "inputs.bad_pattern", where=f"data.{option}", reason=str(error)
        ) from error


def part_of_name(pattern: re.Pattern[str], name: str) -> str | None:
    """Return the first group of the first match in `name`, or the whole match; None without."""
    found = pattern.search(name)
    if found is None:
        return None
    made = found[1] if pattern.groups else found[0]
    return made or None
