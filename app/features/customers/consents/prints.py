"""The 告知同意书 to be signed by the customer."""

from __future__ import annotations

from pathlib import Path

from app.features.customers.consents.printed import consent_form
from app.features.customers.models import Customer
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).parents[1] / "sheets"


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("consent_form", "个人信息告知同意书", Customer, consent_form, sheets=SHEETS,
               offered=lambda customer: customer.anonymised_at is None)  # fmt: skip
