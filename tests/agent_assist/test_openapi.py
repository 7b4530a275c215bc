"""The interface is as its description says: requests made from the description, answers held to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from scripts.run import Servers
from tests.conftest import AGENT_TOKEN, SUPERVISOR_TOKEN

#: Requests for each operation.
EXAMPLES = 100


@pytest.fixture(scope="session")
def description(servers: Servers) -> Iterator[schemathesis.BaseSchema]:
    """What the server says of itself."""
    description = schemathesis.openapi.from_url(f"{servers.url}/webhooks/agent_assist/openapi.json")
    description.config.phases.coverage.unexpected_methods -= {"query", "trace"}  # Sanic answers those before any of our routes
    yield description


schema = schemathesis.pytest.from_fixture("description")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_request_is_answered_as_described(case: Any) -> None:
    token = SUPERVISOR_TOKEN if case.operation.path == "/metrics" else AGENT_TOKEN
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, timeout=60)
