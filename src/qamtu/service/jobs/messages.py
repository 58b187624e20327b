"""How a message of the queue is written: as JSON, so that reading one never runs anything."""

from __future__ import annotations

import json
from typing import Any

from huey.registry import Message
from huey.serializer import Serializer

__all__ = ["JsonSerializer"]

_KEPT = ("id", "name", "retries", "retry_delay", "priority", "args", "kwargs")


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Writes messages, and the few values the queue remembers, as JSON.

    The default writes pickles: whoever can write to the database could then run code in the
    worker. Tasks here have plain arguments and no chains, callbacks or expiry.
    """

    def _serialize(self, data: Any) -> bytes:
        if isinstance(data, Message):
            return json.dumps({"message": {key: getattr(data, key) for key in _KEPT}}).encode()
        return json.dumps({"value": data}).encode()

    def _deserialize(self, data: bytes) -> Any:
        content = json.loads(data)
        if "message" not in content:
            return content["value"]
        fields = content["message"]
        fields["args"] = tuple(fields["args"])
        return Message(**fields)
