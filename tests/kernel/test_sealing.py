"""The fingerprint of what is being decided: values, so that the next version's wording voids nothing (07 §7.1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.features.pricing import models
from app.features.pricing.models import sales_schemes
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.kinds import KINDS, Kind
from app.kernel.approval.records import RequestState
from app.kernel.approval.routing import Mode
from app.kernel.approval.sealing import content_hash, is_unchanged
from app.kernel.states import Choice
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.features.pricing import papers


class Colour(Choice):
    RED = ("red", "红")


def kind(*content: str, before: tuple[tuple[str, ...], ...] = ()) -> Kind:
    return Kind("k", "事项", SimpleNamespace, Mode.IN_TURN, "销售主管 不限", content=content, content_before=before)


def paper(**values: Any) -> Any:
    return SimpleNamespace(**values)


def test_a_closed_list_counts_by_its_code_not_by_its_word():
    sealed = content_hash(kind("colour"), paper(colour=Colour.RED))
    assert sealed == content_hash(kind("colour"), paper(colour="red"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Decimal("0.99"), Decimal("0.98")),
        (date(2026, 11, 1), date(2026, 11, 2)),
        ([["按时签约", Decimal("0.99")]], [["按时签约", Decimal("0.98")]]),
        ({"due": date(2026, 11, 1)}, {"due": date(2026, 11, 2)}),
        (None, ""),
        (1, True),
    ],
)
def test_every_other_value_is_another_paper(before, after):
    assert not is_unchanged(kind("value"), paper(value=after), content_hash(kind("value"), paper(value=before)))


def test_a_record_is_refused_for_its_text_is_wording():
    with pytest.raises(TypeError, match="name its columns"):
        content_hash(kind("customer"), paper(customer=SimpleNamespace()))


def test_a_seal_of_an_earlier_version_stays_good_until_the_paper_changes():
    old, new = kind("amount", "words"), kind("amount", before=(("amount", "words"),))
    sealed = content_hash(old, paper(amount=1, words="一"))
    assert is_unchanged(new, paper(amount=1, words="一"), sealed)
    assert not is_unchanged(new, paper(amount=2, words="一"), sealed)


def asked(cast: Any) -> int:
    """A 销售方案 waiting for the project manager; returns its id."""
    made = papers.sales(cast, papers.IN_TIME, papers.FIXED, state=models.SchemeState.DRAFT)
    with acting_as(cast.actor("site_manager")) as actor:
        write(cast.session, lambda: fire(cast.session, made, "submit", actor))
    return made.id


def approve(cast: Any, key: int) -> Any:
    with acting_as(SYSTEM):
        request = open_of(cast.session, cast.session.get(models.SalesScheme, key))
    actor = cast.actor("project_manager")
    with acting_as(actor):
        return decide(cast.session, request.id, current_step(request).id, actor, "approve", "")


def test_a_scheme_in_approval_survives_other_wording_and_not_another_discount(cast, monkeypatch):
    key = asked(cast)
    monkeypatch.setattr(sales_schemes, "rate_words", lambda *_: "九九折")
    assert approve(cast, key).state is RequestState.PENDING  # on to 甲方负责人
    with acting_as(SYSTEM):
        scheme = cast.session.get(models.SalesScheme, key)
        kind_ = KINDS["sales_scheme"]
        sealed = content_hash(kind_, scheme)
        scheme.discounts[0].factor = Decimal("0.97")
        assert not is_unchanged(kind_, scheme, sealed)
        cast.session.rollback()


def test_a_scheme_sealed_by_the_version_before_can_still_be_approved(cast):
    key = asked(cast)
    kind_ = KINDS["sales_scheme"]
    with acting_as(SYSTEM):
        scheme = cast.session.get(models.SalesScheme, key)
        request = open_of(cast.session, scheme)
        old = Kind("k", "", models.SalesScheme, Mode.IN_TURN, "", content=kind_.content_before[0])
        write(cast.session, lambda: setattr(request, "content_hash", content_hash(old, scheme)))
    assert approve(cast, key).state is RequestState.PENDING
