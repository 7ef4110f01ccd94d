"""How a student listens to its teacher; torch is not needed to check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.steps.tables import build_options


@dataclass(frozen=True, slots=True)
class TeacherOptions:
    """The table `train.teacher_options`.

    Attributes:
        temperature: both sides' scores are divided by it before softmax; above 1 the teacher's
            second thoughts count.
        share: of the loss that comes from the teacher's answers; the rest comes from the labels.
        features: weight of the distance between the student's features, mapped linearly, and the
            teacher's; 0: they are not compared.
        trust: the user declares that the teacher has not seen what cannot be checked.
    """

    temperature: float = option(4.0, low=0.1, high=100.0)
    share: float = option(0.7, low=0.0, high=1.0)
    features: float = option(0.0, low=0.0, high=1000.0)
    trust: bool = option(default=False)


def teacher_options(table: Mapping[str, object]) -> TeacherOptions:
    """Return the checked options.

    Raises:
        WrongUse: a key is unknown, a value is outside its limits (all faults are named), or
            nothing would be learnt from the teacher.
    """
    made: TeacherOptions = build_options(TeacherOptions, table, "train.teacher_options")
    if made.share == 0.0 and made.features == 0.0:
        raise WrongUse.of("distil.nothing_asked", where="train.teacher_options")
    return made
