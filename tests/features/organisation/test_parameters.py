"""Parameters: typed, dated, per project with a default for all."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import DatabaseError

from app.features.organisation.models import Parameter
from app.features.organisation.parameters import PARAMETERS, parameter, parameters
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from tests import factories

LONG_AGO = date(2020, 1, 1)


def put(session, key, value, project_id=None, since=LONG_AGO):
    return factories.saved(session, Parameter(key=key, value=value, project_id=project_id, effective_from=since))


def test_every_default_is_valid_and_typed():
    for key, declared in PARAMETERS.items():
        assert declared.label, key
        assert declared.parse(declared.default) is not None, key
    assert len({d.label for d in PARAMETERS.values()}) == len(PARAMETERS)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("lock_minutes", "３０", 30),
        ("deposit_minimum", "5,000", Decimal(5000)),
        ("deposit_cap", "0.2", Decimal("0.2")),
        ("con_self_lock", "否", False),
        ("open_time", "9:05", time(9, 5)),
        ("rounding_mode", "去尾", "去尾"),
    ],
)
def test_what_people_write_is_understood(key, text, value):
    assert PARAMETERS[key].parse(text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("lock_minutes", "0"),
        ("lock_minutes", "241"),
        ("lock_minutes", "30.5"),
        ("lock_minutes", "三十"),
        ("deposit_minimum", "-1"),
        ("deposit_minimum", "0.001"),
        ("deposit_minimum", "NaN"),
        ("deposit_cap", "1.01"),
        ("con_self_lock", "true"),
        ("open_time", "24:00"),
        ("rounding_step", "5"),
    ],
)
def test_anything_else_is_refused_with_the_name(key, text):
    with pytest.raises(RuleError) as refusal:
        PARAMETERS[key].parse(text)
    assert PARAMETERS[key].label in str(refusal.value)
    assert refusal.value.field == "value"


def test_project_before_all_before_default(cast, session):
    a, b = cast.project_ids["a"], cast.project_ids["b"]
    assert parameter(session, a, "lock_minutes") == 30
    put(session, "lock_minutes", "20")
    put(session, "lock_minutes", "25", a)
    assert (parameter(session, a, "lock_minutes"), parameter(session, b, "lock_minutes")) == (25, 20)
    put(session, "lock_minutes", "40", None, since=date(2021, 1, 1))
    assert (parameter(session, a, "lock_minutes"), parameter(session, b, "lock_minutes")) == (25, 40)


def test_a_value_begins_on_its_day(cast, session):
    a, today = cast.project_ids["a"], now().date()
    put(session, "sign_due_days", "5", a, since=today + timedelta(days=1))
    assert parameter(session, a, "sign_due_days") == 7
    put(session, "sign_due_days", "6", a, since=today)
    assert parameter(session, a, "sign_due_days") == 6
    put(session, "sign_due_days", "9", a, since=today)  # corrected the same day: the later row wins
    assert parameters(session, a, ("sign_due_days", "lock_minutes")) == {"sign_due_days": 9, "lock_minutes": 30}


def test_an_unknown_key_is_a_programming_error(cast, session):
    with pytest.raises(KeyError):
        parameter(session, None, "no_such_thing")


@pytest.mark.both_databases
def test_history_cannot_be_rewritten(cast, session):
    row = put(session, "lock_minutes", "20")

    def rewrite():
        session.get(Parameter, row.id).value = "99"
        session.flush()

    with acting_as(SYSTEM), pytest.raises((DatabaseError, RuleError)):
        write(session, rewrite)
    assert parameter(session, None, "lock_minutes") == 20
