"""Sources written with braces, as WebDataset's users write them: 'shards/{000..015}.tar'."""

from __future__ import annotations

import os
import re
from itertools import product
from typing import Final

MOST: Final = 100_000  # files that one source may name
_BRACES: Final = re.compile(r"\{(\d{1,12})\.\.(\d{1,12})\}|\{([^{}]*,[^{}]*)\}")


def is_pattern(source: object) -> bool:
    """Return whether `source` names several files by braces; a file of that very name comes first.

    '{000..015}' stands for numbers, with as many digits as the first has; '{train,val}' for words.
    """
    words = str(source)
    return _BRACES.search(words) is not None and not os.path.lexists(words)


def expanded(words: str) -> list[str]:
    """Return the files that a pattern names, in order: the last braces change fastest.

    Raises:
        ValueError: a range goes backwards, or there are over 100,000.
    """
    plain: list[str] = []
    choices: list[list[str]] = []
    at, n = 0, 1
    for found in _BRACES.finditer(words):
        plain.append(words[at : found.start()])
        at = found.end()
        n_here = int(found[2]) - int(found[1]) + 1 if found[1] else found[3].count(",") + 1
        n *= n_here
        if n_here < 1 or n > MOST:
            raise ValueError(found[0])
        choices.append(_choices(found))
    return [
        "".join(one for pair in zip(plain, chosen, strict=True) for one in pair) + words[at:]
        for chosen in product(*choices)
    ]


def before_braces(words: str) -> str:
    """Return the folder that all files of a pattern lie in or below; '' where it is not named."""
    found = _BRACES.search(words)
    return words.rpartition("/")[0] if found is None else words[: found.start()].rpartition("/")[0]


def _choices(found: re.Match[str]) -> list[str]:
    if not found[1]:
        return found[3].split(",")
    width = len(found[1])
    return [str(number).zfill(width) for number in range(int(found[1]), int(found[2]) + 1)]
