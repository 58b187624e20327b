"""A small cache of what is dear to make and changes with the log only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

__all__ = ["Cache"]


class Cache:
    """Keeps the values that were asked for last; a value that is being made is made once.

    Parameters
    ----------
    entries
        Most values kept.
    """

    def __init__(self, entries: int = 64) -> None:
        self._entries = entries
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Give the value of a key, made where it is not kept.

        Parameters
        ----------
        key
            Everything that the value depends on, the size of the log among it.
        make
            Makes the value; another thread that asks for the same key waits for it.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            try:
                value = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._values[key] = value
                while len(self._values) > self._entries:
                    self._values.popitem(last=False)
            return value
