"""What a service is started with, checked once, before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.serving.listening import is_loopback

_SHORTEST_TOKEN: Final = 16
_LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_ANY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a service answers.

    Attributes:
        model: a model's folder, a run, or a pretrained network's name.
        host: address to listen at.
        port: likewise; 0: any free one.
        token: who asks must name; '': nobody needs one.
        allow_hosts: names besides `host` under which the service may be asked.
        workers: uploads that are worked on at the same time, each decoded by a process of its own.
        queue: uploads that may wait besides.
        max_upload_mib: of one request, all its files together.
        timeout_s: from the last byte of an upload to its answer.
        guard: 'warn', 'abstain' or 'off'.
        decode_memory_mib: address space of each decoding process; 0: not limited.
        shows_card: whether the model's card may be read.
        is_debugging: whether the log shows the words of internal errors, which may hold names.
    """

    model: str
    host: str = "127.0.0.1"
    port: int = 8000
    token: str = field(default="", repr=False)
    allow_hosts: tuple[str, ...] = ()
    workers: int = 2
    queue: int = 32
    max_upload_mib: int = 256
    timeout_s: float = 60.0
    guard: str = "warn"
    decode_memory_mib: int = 2048
    shows_card: bool = False
    is_debugging: bool = False

    def __post_init__(self) -> None:
        """Check.

        Raises:
            WrongUse: a value is out of range, or others could ask without a token.
        """
        self._check_ranges()
        for name in self.allow_hosts:
            if not name.strip() or "/" in name or "*" in name:
                raise WrongUse.of("service.bad_host_name", where="--allow-host", name=name)
        if not self.token and not is_loopback(self.host):
            raise WrongUse.of("service.no_token", where=f"--host {self.host}")
        is_plain = self.token.isascii() and self.token.isprintable() and " " not in self.token
        if self.token and (len(self.token) < _SHORTEST_TOKEN or not is_plain):
            raise WrongUse.of("service.bad_token", where="--token", n=_SHORTEST_TOKEN)

    def _check_ranges(self) -> None:
        ranges: tuple[tuple[str, float, float, float], ...] = (
            ("--port", self.port, 0, 65535),
            ("--workers", self.workers, 1, 64),
            ("--queue", self.queue, 0, 10_000),
            ("--max-upload", self.max_upload_mib, 1, 65536),
            ("--timeout", self.timeout_s, 0.1, 3600),
            ("--decode-memory", self.decode_memory_mib or 256, 256, 2**20),
        )
        for option, value, low, high in ranges:
            if not low <= value <= high:
                raise WrongUse.of(
                    "service.out_of_range",
                    where=option,
                    value=f"{value:g}",
                    low=f"{low:g}",
                    high=f"{high:g}",
                )

    @property
    def hosts(self) -> frozenset[str]:
        """Return the names under which the service may be asked, in small letters."""
        own = () if self.host in _ANY_ADDRESS else (self.host,)
        names = (*_LOOPBACK_NAMES, *own, *self.allow_hosts)
        return frozenset(name.strip().strip("[]").lower() for name in names)

    @property
    def most_bytes(self) -> int:
        """Return how many bytes of files one request may have."""
        return self.max_upload_mib * 2**20
