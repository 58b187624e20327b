"""The API keeps what its description says, whatever is sent to it (schemathesis)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qamtu.service.database.engine import writing
from qamtu.service.records.repository import file_many
from tests.service import made
from tests.service.conftest import BASE_URL, Service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = ("admin", "ministry", "akimat", "operator", "public")
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 2}
_HTTP = {"get", "put", "post", "delete", "patch", "head"}


def test_the_description_is_whole(client: httpx.Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/evidence/{record}/decision" in described["paths"]
    for path, operations in described["paths"].items():
        for method in operations.keys() & _HTTP:
            said = operations[method]["responses"].keys()
            assert {"401", "403", "404", "422", "429"} <= said, path
            if method not in {"get", "head"}:
                assert {"409", "412", "413"} <= said, path


def test_every_answer_is_as_described(
    service: Service, as_role: Callable[..., httpx.Client]
) -> None:
    with writing(service.state.sessions) as session:
        file_many(session, made.everything())
    clients = [as_role(role) for role in ROLES]
    described = schemathesis.openapi.from_dict(service.app.openapi())
    failures = [
        f"{operation.label}: {failure}"
        for operation in (one.ok() for one in described.get_all_operations())
        for mode, examples in EXAMPLES.items()
        for failure in _failures(operation, mode, examples, clients)
    ]
    assert not failures, "\n\n".join(failures)


def _failures(
    operation: Any, mode: GenerationMode, examples: int, clients: list[httpx.Client]
) -> list[str]:
    """Send what the description allows, or just not allows, in the name of any role."""

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), client=st.sampled_from(clients))
    def answers_as_described(case: Any, client: httpx.Client) -> None:
        request = case.as_transport_kwargs(base_url=BASE_URL)
        cookies = request.pop("cookies", None) or {}
        headers = {k: v for k, v in request.pop("headers").items() if k != "Connection"}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if isinstance(request.get("data"), bytes | str):
            request["content"] = request.pop("data")
        try:
            built = client.build_request(**request, headers=headers)
        except (ValueError, TypeError, httpx.InvalidURL):
            return  # what no HTTP client sends
        case.validate_response(client.send(built), checks=CHECKS)

    try:
        answers_as_described()
    except Unsatisfiable:
        return []  # nothing of it can be wrong
    except Exception as error:  # noqa: BLE001  # every operation is tried before the test fails
        return [f"{type(error).__name__}: {error}"[:2000]]
    return []
