"""Complaints and service of the demo world: every state is there, one clock ran over, the league has lines."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.demo import complaints, organisation, service
from app.demo.world import World
from app.features.complaints.actions.models import ActionState, CorrectiveAction
from app.features.complaints.cases.models import CaseState, Complaint
from app.features.complaints.incidents.models import Dispute, EventState, Incident
from app.features.complaints.internal.models import InternalComplaint, InternalState
from app.features.complaints.suggestions.models import Suggestion, SuggestionState
from app.features.customers.choices import ContactKind, NoPhoneReason, Source
from app.features.customers.models import Contact
from app.features.service.checks.models import ServiceCheck, SheetState
from app.features.service.ratings.models import RatingDesk, ServiceRating
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now


@pytest.fixture
def world(session):
    made = World(session, now().date())
    with acting_as(SYSTEM):
        organisation.load(session, made)
        complaints.load(session, made)
        session.add(Contact(
            project_id=made.projects["JPYL"].id, at=made.at(2, 11), kind=ContactKind.FIRST_VISIT, source=Source.PASSING, called="访客",
            receiver_id=made.people["consultant1"].id, owner_id=made.people["consultant1"].id, no_phone_reason=NoPhoneReason.UNWILLING,
        ))  # fmt: skip
        session.commit()
        service.load(session, made)
        yield made


def test_every_state_is_there(session, world):
    def states(*models):
        return {state for model in models for state in session.scalars(select(model.state))}

    assert states(Complaint) >= set(CaseState) - {CaseState.HANDLING}
    assert states(InternalComplaint) >= {InternalState.REGISTERED, InternalState.RAISED, InternalState.CLOSED}
    assert states(Suggestion) >= set(SuggestionState) - {
        SuggestionState.HANDLED,
        SuggestionState.VOID,
        SuggestionState.NEW,
    }
    assert states(Incident, Dispute) >= set(EventState) - {EventState.VOID}
    assert states(CorrectiveAction) >= {ActionState.OPEN, ActionState.DONE, ActionState.PASSED}
    assert states(ServiceCheck) >= {SheetState.ISSUED, SheetState.CONFIRMED}
    assert session.scalar(select(func.count(Complaint.id)).where(Complaint.next_due_at < now())) >= 2
    assert session.scalar(select(func.count(RatingDesk.id))) == 3
    rated = list(session.execute(select(ServiceRating.owner_id, ServiceRating.contact_id)))
    assert len(rated) == 7  # of the visit, and six of the reception desk
    assert (world.people["consultant1"].id, session.scalar(select(Contact.id))) in [tuple(row) for row in rated]
