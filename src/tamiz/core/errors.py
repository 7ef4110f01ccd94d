"""Errors that a user can cause or repair: what happened, where, and how to mend it."""

from __future__ import annotations

from typing import ClassVar, Self

from tamiz.core.language import say
from tamiz.core.urls import name_of, shown

EXIT_DONE = 0
EXIT_FOUND_PROBLEMS = 1
EXIT_WRONG_USE = 2
EXIT_WRONG_DATA = 3
EXIT_INTERNAL = 4
EXIT_STOPPED = 130


class TamizError(Exception):
    """Base of every error that a user can cause or repair.

    `str()` gives one line: where, what, how to mend it. `details` are further lines (the list of
    the patients concerned, say) that a face may show below it.
    """

    exit_code: ClassVar[int] = EXIT_INTERNAL

    def __init__(
        self, what: str, *, where: str = "", fix: str = "", details: tuple[str, ...] = ()
    ) -> None:
        self.what, self.where, self.fix = shown(what), shown(where), shown(fix)
        self.details = tuple(map(shown, details))
        super().__init__(self.what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        what = self.what if self.what.endswith("...") else self.what.rstrip(".")
        stop = "" if what.endswith(("?", "!", "...")) else "."
        repair = f"{stop} {self.fix}" if self.fix else ""
        return " ".join(f"{place}{what}{repair}".split())

    def __reduce__(self) -> tuple[object, ...]:
        """Return what rebuilds the error in another process, whatever its class asks for."""
        return _rebuilt, (type(self), self.args, self.__dict__)

    @classmethod
    def of(
        cls, key: str, *, where: object = "", details: tuple[str, ...] = (), **values: object
    ) -> Self:
        """Return the error whose words stand in the catalogue under `key` and `key`_fix."""
        return cls(
            say(key, **values),
            where=name_of(where),
            fix=say(f"{key}_fix", **values),
            details=details,
        )


class WrongUse(TamizError):
    """A command, a setting or a folder cannot be used as asked."""

    exit_code = EXIT_WRONG_USE


class WrongData(TamizError):
    """The input does not allow an honest result."""

    exit_code = EXIT_WRONG_DATA


class MachineTrouble(TamizError):
    """The machine stands in the way: the disk is full, memory is short."""

    exit_code = EXIT_INTERNAL


class MissingDependency(WrongUse):
    """An optional package is needed and not installed."""


class UnreadableItem(WrongData):
    """One item cannot be decoded; the one loop over items catches exactly this."""

    def __init__(self, where: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            say("errors.unreadable", reason=reason), where=where, fix=say("errors.unreadable_fix")
        )


class Stopped(TamizError):
    """The user stopped the work; its state is saved."""

    exit_code = EXIT_STOPPED


def _rebuilt(
    kind: type[TamizError], args: tuple[object, ...], known: dict[str, object]
) -> TamizError:
    made = kind.__new__(kind, *args)
    made.__dict__.update(known)
    return made
