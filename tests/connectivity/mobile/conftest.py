"""What the tests of the mobile line share."""

from __future__ import annotations

import pytest

from qamtu.connectivity.mobile import Inputs, Results, run

from .made import made_inputs


@pytest.fixture(scope="session")
def inputs() -> Inputs:
    return made_inputs()


@pytest.fixture(scope="session")
def plan(inputs: Inputs) -> Results:
    return run(inputs)
