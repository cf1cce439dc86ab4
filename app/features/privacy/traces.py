"""What each table says of a person, and what stands there when he was erased; counters, days, sources and bands stay.

A new table that names or describes customers gets its line here; tests/features/privacy/test_traces.py walks all that have customer_id.
"""

from __future__ import annotations

from typing import Any

from app.features.complaints.suggestions.models import Suggestion
from app.features.customers.analysis.models import IntentAnalysis
from app.features.customers.assists.models import AssistRequest
from app.features.customers.channels.models import ChannelReport
from app.features.customers.claims.models import OwnershipClaim, Relative
from app.features.customers.consents.models import Consent
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.features.customers.owners.models import OwnershipChange
from app.features.customers.pool.models import PoolEntry
from app.features.customers.quotes.models import Quote
from app.features.customers.referrals.models import Referral
from app.features.customers.rotation.models import RotationPosting
from app.features.dossiers.models import DossierFile, LeftOut, Standing

NAME, GONE = "已匿名客户", "（已匿名处理）"
Trace = tuple[type[Any], str, dict[str, Any]]  # the table, its column with the customer, what is written

CUSTOMER: dict[str, Any] = {
    **dict.fromkeys((
        "wechat", "birthday", "occupation", "work_area", "referrer", "concerns", "resistance", "id_kind", "id_number", "id_digest",
        "id_address", "mail_address", "follow_due_on", "protected_until",
    )), "name": NAME,
}  # fmt: skip
TRACES: tuple[Trace, ...] = (
    (Customer, "id", CUSTOMER),
    (CustomerPhone, "customer_id", {"number": GONE, "digest": "", "tail_digest": "", "part_digest": None, "live": False}),
    (Contact, "customer_id", dict.fromkeys(("called", "companions", "needs", "liked", "doubts", "late_reason"))),
    (FollowUp, "customer_id", {"content": GONE}),
    (IntentAnalysis, "customer_id", {
        "situation": GONE, "doubts": "", "counter": "", "next_step": GONE, "advice": "", "outcome": "",
    }),
    (AssistRequest, "customer_id", {"question": GONE, "result": ""}),
    (OwnershipChange, "customer_id", {"note": ""}),
    (OwnershipClaim, "customer_id", {
        "customer_name": NAME, "phone": None, "id_number": None, "story": GONE, "proposal_why": "", "evidence": [], "ruling_why": "",
        "appeal_why": "", "final_why": "",
    }),
    (Relative, "customer_id", {"customer_name": NAME, "reason": GONE, "ended_why": ""}),
    (Relative, "relative_id", {"relative_name": NAME, "reason": GONE, "ended_why": ""}),
    (Referral, "customer_id", {"customer_name": NAME, "void_why": ""}),
    (Referral, "referrer_id", {"referrer_name": NAME, "paid_how": "", "void_why": ""}),
    (ChannelReport, "customer_id", {
        "called": NAME, "phone": GONE, "digest": None, "part_digest": "", "remark": None, "proposal_why": "", "judged_why": "",
    }),
    (PoolEntry, "customer_id", {"called": NAME, "reason": ""}),
    (RotationPosting, "customer_id", {"called": NAME, "phone": "", "evidence": None}),
    (Suggestion, "customer_id", {"proposer": NAME}),
    (DossierFile, "customer_id", {
        "customer_name": NAME, "phones": None, "occupation": "", "work_area": "", "concerns": "", "resistance": "", "changed": "", "correction": "",
        "published_at": None, "standing": Standing.STOPPED, "left_out_why": LeftOut.ANONYMISED,
    }),
    (Consent, "customer_id", {}),  # the proof of the time before; it names nobody but by number
    (Quote, "customer_id", {}),  # prices and a home
)  # fmt: skip
