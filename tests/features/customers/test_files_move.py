"""The files of a customer follow him: after he moved to a colleague nothing of them answers his former owner (04 §3 D)."""

from __future__ import annotations

import io

from sqlalchemy import select

from app.features.customers.models import Customer
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment
from app.kernel.file_texts import read_file
from app.kernel.workflow import fire
from tests.kernel import pdfs
from tests.kernel.test_file_checks import picture

PARTS = ("", "?inline=1", "/view", "/thumb", "/page/1")


def test_after_a_move_the_former_owner_finds_nothing(session, cast, client_as, registered):
    customer = registered("consultant1", "王伟", "10000000001").id
    before, after = client_as("consultant1"), client_as("consultant2")
    content = [(io.BytesIO(pdfs.pdf("意向书 首付三成 团购")), "意向.pdf"), (io.BytesIO(picture()), "名片.jpg")]
    sent = before.post(f"/files/customer/{customer}", data={"file": content}, content_type="multipart/form-data")
    assert sent.status_code == 302
    with acting_as(SYSTEM):
        session.rollback()
        ids = list(session.scalars(select(Attachment.id).order_by(Attachment.id)))
        for file_id in ids:
            read_file(session, file_id)
    place = "附件「意向.pdf」"
    assert place in before.get("/search?q=首付三成").text and place not in after.get("/search?q=首付三成").text
    assert {before.get(f"/files/{ids[0]}{part}").status_code for part in PARTS} == {200}
    assert {after.get(f"/files/{i}{part}").status_code for i in ids for part in PARTS} == {404}

    head = cast.actor("site_manager")
    with acting_as(head):
        person = cast.person_ids["consultant2"]
        fire(session, session.get(Customer, customer), "change_owner", head, note="组间调整", owner_id=str(person))
    assert {before.get(f"/files/{i}{part}").status_code for i in ids for part in PARTS} == {404}
    assert before.post(f"/files/{ids[0]}/remove").status_code == 404, "though he brought it"
    assert place not in before.get("/search?q=首付三成").text
    assert {after.get(f"/files/{ids[0]}{part}").status_code for part in PARTS} == {200}
    assert place in after.get("/search?q=首付三成").text
