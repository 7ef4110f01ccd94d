"""What is answered in place of an answer: a status of HTTP, and words that say how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tamiz.core.errors import MachineTrouble, TamizError, WrongUse
from tamiz.core.language import say

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Refusal(Exception):
    """A request that is not answered as asked.

    Attributes:
        status: of HTTP.
        error: what, where, how to mend it, in the language of who asks.
        headers: that go with it.
    """

    def __init__(self, status: int, error: TamizError, headers: Mapping[str, str] = _NONE) -> None:
        self.status, self.error, self.headers = status, error, dict(headers)
        super().__init__(error.what)

    @classmethod
    def of(cls, key: str, status: int, *, where: str = "", **values: object) -> Refusal:
        """Return the refusal whose words stand in the catalogue under `key` and `key`_fix."""
        what, fix = say(key, **values), say(f"{key}_fix", **values)
        return cls(status, WrongUse(what, where=where, fix=fix))


class Left(Exception):
    """Who asked is gone; nobody waits for an answer."""


def refusal_of(error: TamizError) -> Refusal:
    """Return a fault of the input as 422, one of the machine as 507."""
    return Refusal(507 if isinstance(error, MachineTrouble) else 422, error)


def told(error: TamizError, request_id: str) -> dict[str, Any]:
    """Return the body of a refusal, JSON-ready."""
    return {
        "error": {
            "what": error.what,
            "where": error.where,
            "how_to_mend": error.fix,
            "request_id": request_id,
        }
    }
