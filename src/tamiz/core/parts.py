"""The words that mean train, val and test: one table for folders, columns, arrays and file names.

Of words that fields use differently: 'development' is what a model is developed on (train),
'dev' is what it is tuned on (val), and 'evaluation' is kept for the end (test), which is the
reading that cannot leak.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

WORDS_BY_PART: Final = {
    "train": (
        "train", "training", "trainset", "trn", "tr", "development", "entrenamiento", "entrenar",
        "entreno", "desarrollo",
    ),
    "val": (
        "val", "vali", "valid", "validate", "validation", "valset", "validset", "dev", "tune",
        "tuning", "validacion", "validar", "ajuste",
    ),
    "test": (
        "test", "tests", "testing", "testset", "tst", "holdout", "hold_out", "heldout", "held_out",
        "eval", "evaluation", "prueba", "pruebas", "evaluacion",
    ),
}  # fmt: skip
_PART_BY_WORD: Final = {word: part for part, words in WORDS_BY_PART.items() for word in words}
# 'train_set', 'Test images', 'conjunto de validación': what remains without these is the word.
_FILLERS: Final = frozenset(
    ("set", "data", "dataset", "split", "images", "imgs", "conjunto", "de", "datos", "imagenes")
)


def fold(word: str) -> str:
    """Return a word for comparison: no accents, no case, '_' for every run of other signs."""
    plain = unicodedata.normalize("NFKD", word)
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^0-9a-z]+", "_", letters).strip("_")


@cache
def part_of_word(word: str) -> str | None:
    """Return 'train', 'val' or 'test' for a word that means one of them, or None."""
    folded = fold(word)
    kept = "_".join(one for one in folded.split("_") if one not in _FILLERS)
    return _PART_BY_WORD.get(folded) or _PART_BY_WORD.get(kept)
