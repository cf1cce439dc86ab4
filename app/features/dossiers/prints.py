"""The household's file — as it is now and as it was sent — and the 交接单 of a batch."""

from __future__ import annotations

from pathlib import Path

from app.features.customers.models import Customer
from app.features.dossiers import printed
from app.features.dossiers.models import BatchState, DossierBatch, DossierFile, Standing
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("customer_file", "客户电子档案", Customer, printed.customer_file, sheets=SHEETS, personal=True,
               offered=lambda customer: customer.anonymised_at is None)  # fmt: skip
    paper_kind("dossier_file", "报送的客户电子档案", DossierFile, printed.dossier_file, sheets=SHEETS, personal=True,
               offered=lambda one: one.standing in (Standing.SENT, Standing.REPLACED))  # fmt: skip
    paper_kind("dossier_slip", "客户档案交接单", DossierBatch, printed.dossier_slip, sheets=SHEETS,
               offered=lambda batch: batch.state in (BatchState.SUBMITTED, BatchState.RETURNED, BatchState.RECEIVED))  # fmt: skip
