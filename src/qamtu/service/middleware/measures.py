"""What Prometheus may know of a running service: requests, their times, and what is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

__all__ = ["MULTIPROCESS", "Measures"]

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Variable of the environment that names the folder where several processes share measures."""

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measures:
    """The measures of one process, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "qamtu_requests", "Requests answered.", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "qamtu_request_seconds", "Time to answer a request [s].", ("method", "route"),
            buckets=_BUCKETS_S, registry=self._registry,
        )  # fmt: skip

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(
        self,
        gauges: Mapping[tuple[str, str], float | Callable[[], float]],
        by_label: Mapping[tuple[str, str, str], Mapping[str, float]] = MappingProxyType({}),
    ) -> bytes:
        """Give all measures in the text format of Prometheus.

        Parameters
        ----------
        gauges
            Further values by name and description, read now.
        by_label
            Values by label, by name, description and the name of the label; labels are plain words.
        """
        registry = self._registry
        if MULTIPROCESS in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        lines = generate_latest(registry)
        for (name, description), value in gauges.items():
            lines += _gauge(name, description, {"": value() if callable(value) else value})
        for (name, description, label), values in by_label.items():
            told = {f'{{{label}="{word}"}}': value for word, value in values.items()}
            lines += _gauge(name, description, told)
        return lines


def _gauge(name: str, description: str, values: Mapping[str, float]) -> bytes:
    rows = "".join(f"{name}{labels} {value}\n" for labels, value in values.items())
    return f"# HELP {name} {description}\n# TYPE {name} gauge\n{rows}".encode()
