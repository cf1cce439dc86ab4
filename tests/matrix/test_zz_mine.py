import pytest
from tests.cast import MEMBERS
from tests.matrix.requests import Person, asks
from tests.matrix.test_matrix import _find_personal, tried
MINE = ("/follow-desk", "/customer-timeline", "/customer-insight", "/customer-statistics", "/sales-script", "/intent-analysis", "/assist-request", "/customer/list", "/customer/show", "/customer/step/lower", "/customer/step/keep", "/contact/list")

@pytest.mark.timeout(3000)
@pytest.mark.parametrize("login", ["consultant1", "supervisor", "supervisor2", "clerk", "channel_officer", "assistant", "auditor", "site_manager", "finance", "developer_lead", "other_supervisor", "admin"])
def test_mine(world, login):
    person, faults, n = Person(login), [], 0
    _find_personal(world)
    for ask in asks(world, person):
        if ask.url.startswith(MINE):
            n += 1
            faults += [f"{ask}: {fault}" for fault in tried(world, person, ask)]
    print(login, n)
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:40])
