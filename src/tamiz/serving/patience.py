"""HTTP that does not wait for ever: who connects and sends no request is let go of."""

from __future__ import annotations

from typing import Any, Final

HEADERS_S: Final = 10.0  # time for a request's line and headers


def patient_protocol(headers_s: float = HEADERS_S) -> Any:
    """Return uvicorn's HTTP with a limit of time for headers, which it does not have.

    Args:
        headers_s: seconds from the connection, or from the first byte of a later request.
    """
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(H11Protocol):
        _late: Any = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._unwatch()
            super().connection_lost(exc)

        def _watch(self) -> None:
            """Run the clock while headers are awaited, from their first byte or the connection."""
            if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
                self._unwatch()
            elif self._late is None:
                self._late = self.loop.call_later(headers_s, self.transport.close)

        def _unwatch(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return Protocol
