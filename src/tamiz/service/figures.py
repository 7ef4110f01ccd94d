"""What a service counts, as Prometheus reads it; no name and no address is among it.

Format: https://prometheus.io/docs/instrumenting/exposition_formats (text, 0.0.4).
"""

from __future__ import annotations

import bisect
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

_EDGES_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """Counters of one service; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._counts: Counter[str] = Counter()

    def request(self, route: str, status: int, seconds: float, n_bytes: int) -> None:
        """Count a request that was answered, or left."""
        with self._lock:
            self._requests[route, status] += 1
            buckets = self._buckets.setdefault(route, [0] * (len(_EDGES_S) + 1))
            buckets[bisect.bisect_left(_EDGES_S, seconds)] += 1
            self._seconds[route] += seconds
            self._counts["tamiz_upload_bytes_total"] += n_bytes

    def answers(self, n_answers: int, n_problems: int) -> None:
        """Count images that got an answer, and those that could not be read."""
        with self._lock:
            self._counts["tamiz_answers_total"] += n_answers
            self._counts["tamiz_problems_total"] += n_problems

    def text(self, now: Mapping[str, float], identity: str) -> str:
        """Return all figures.

        Args:
            now: gauges by name.
            identity: of the model.
        """
        with self._lock:
            return "\n".join([*self._lines(now, identity), ""])

    def _lines(self, now: Mapping[str, float], identity: str) -> Iterator[str]:
        yield "# TYPE tamiz_requests_total counter"
        for (route, status), n in sorted(self._requests.items()):
            yield f'tamiz_requests_total{{route="{route}",status="{status}"}} {n}'
        yield "# TYPE tamiz_request_seconds histogram"
        for route, buckets in sorted(self._buckets.items()):
            n_below = 0
            for edge, n in zip((*map(str, _EDGES_S), "+Inf"), buckets, strict=True):
                n_below += n
                yield f'tamiz_request_seconds_bucket{{route="{route}",le="{edge}"}} {n_below}'
            yield f'tamiz_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}'
            yield f'tamiz_request_seconds_count{{route="{route}"}} {n_below}'
        for name in ("tamiz_answers_total", "tamiz_problems_total", "tamiz_upload_bytes_total"):
            yield f"# TYPE {name} counter"
            yield f"{name} {self._counts[name]}"
        for name, value in now.items():
            yield f"# TYPE {name} gauge"
            yield f"{name} {value:g}"
        yield "# TYPE tamiz_model_info gauge"
        yield f'tamiz_model_info{{identity="{identity}"}} 1'
