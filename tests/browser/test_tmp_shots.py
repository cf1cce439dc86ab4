from app.features.customers.rotation.choices import Channel, Presence, Visitor
from app.features.customers.rotation.effects import assign, set_presence
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry
from app.features.customers.rotation.rules import Asked
from app.features.customers.rotation.views.screen import screen_url
from app.kernel.actors import acting_as
from app.kernel.base import now
from tests.factories import saved
from tests.features.deals import orders


def test_shots(app, cast, server, desks):
    s = cast.session
    orders.customer(cast)
    place = saved(s, ReceptionPlace(project_id=cast.project_ids["a"], name="案场"))
    saved(s, ReceptionPlace(project_id=cast.project_ids["a"], name="上海展厅", position=2))
    for n, login in enumerate(("consultant1", "consultant2", "supervisor", "supervisor2"), 1):
        saved(
            s,
            RotaEntry(
                project_id=place.project_id,
                day=now().date(),
                place_id=place.id,
                person_id=cast.person_ids[login],
                position=n,
            ),
        )
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        for v in (Visitor.NEW, Visitor.NEW, Visitor.PEER):
            assign(s, clerk, place.id, Channel.VISIT, Asked(v))
        set_presence(s, clerk, place.id, cast.person_ids["supervisor2"], Presence.MEAL)
        set_presence(s, clerk, place.id, cast.person_ids["supervisor"], Presence.LEAVE)
        for v in (Visitor.NEW, Visitor.UNREGISTERED):
            assign(s, clerk, place.id, Channel.VISIT, Asked(v))
    with app.test_request_context():
        wall = screen_url(place)
    s.remove()
    sup, con = desks.at("supervisor"), desks.at("consultant1")
    for page in (sup, con):
        page.set_default_timeout(60_000)
    sup.goto(server.url + "/rotation/")
    for d in sup.locator("details.fold").all():
        d.evaluate("e => { e.open = true }")
    sup.screenshot(path="/tmp/s-desk.png", full_page=True)
    sup.goto(server.url + "/rotation/report/")
    sup.screenshot(path="/tmp/s-report.png", full_page=True)
    sup.goto(server.url + "/reception/")
    sup.screenshot(path="/tmp/s-reception.png", full_page=True)
    sup.goto(server.url + wall)
    sup.screenshot(path="/tmp/s-wall.png")
    con.set_viewport_size({"width": 390, "height": 844})
    con.goto(server.url + "/rotation/")
    con.screenshot(path="/tmp/p-desk.png", full_page=True)
    con.goto(server.url + "/reception/")
    con.screenshot(path="/tmp/p-reception.png", full_page=True)
    con.get_by_role("combobox", name="姓名").press_sequentially("wangw")
    con.get_by_role("option").first.wait_for()
    con.screenshot(path="/tmp/p-find.png")
    con.get_by_role("option").first.click()
    con.wait_for_selector("[data-beside] .card")
    con.screenshot(path="/tmp/p-known.png", full_page=True)
    con.goto(server.url + "/rotation/report/")
    con.screenshot(path="/tmp/p-report.png", full_page=True)
    con.goto(server.url + wall)
    con.screenshot(path="/tmp/p-wall.png")
    sup.goto(server.url + "/rotation-turn/list/")
    sup.screenshot(path="/tmp/s-log.png", full_page=True)
