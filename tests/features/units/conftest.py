"""Fixtures of the unit tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.features.organisation.models import Parameter
from app.kernel.base import now
from tests.cast import Cast
from tests.factories import saved


@pytest.fixture
def set_parameter(cast: Cast) -> Callable[[str, str], None]:
    """set_parameter("con_self_lock", "否") for project A, from today."""

    def put(key: str, value: str) -> None:
        saved(
            cast.session, Parameter(project_id=cast.project_ids["a"], key=key, value=value, effective_from=now().date())
        )

    return put
