"""The language: Chinese unless chosen, whatever the browser prefers; kept with the account; known before a sign-in."""

from __future__ import annotations

import pytest
from flask_babel import refresh

from app.kernel.posts import Post
from tests.kernel.test_login import sign_in

CHINESE, ENGLISH = "待我审批", "For my approval"


@pytest.fixture
def reader(app, session, people):
    person = people.add(session, "linxiao", Post.CONSULTANT)
    client = app.test_client()
    sign_in(client)
    return person, client


def home(client, **more):
    refresh()  # the tests' application context outlives a request
    return client.get("/", **more).get_data(as_text=True)


def test_chinese_whatever_the_browser_prefers(reader):
    page = home(reader[1], headers={"Accept-Language": "en-US,en;q=0.9"})
    assert CHINESE in page and ENGLISH not in page
    assert '<html lang="zh-CN">' in page


def test_the_choice_is_kept_with_the_account(app, session, reader):
    _person, client = reader
    answer = client.post("/language", data={"language": "en", "next": "/profile"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile")
    page = home(client)
    assert ENGLISH in page and CHINESE not in page and '<html lang="en">' in page
    elsewhere = app.test_client()
    refresh()
    sign_in(elsewhere)
    assert ENGLISH in home(elsewhere)
    client.post("/language", data={"language": "zh"})
    assert CHINESE in home(client)


def test_a_language_that_the_site_does_not_speak(session, reader):
    _person, client = reader
    assert client.post("/language", data={"language": "fr"}).status_code == 404
    assert client.get("/language").status_code in (404, 405)
    assert client.post("/language", data={"language": "en", "next": "//evil.example"}).headers["Location"] == "/"


def test_before_a_sign_in_the_cookie_knows(app, session, people):
    people.add(session, "linxiao", Post.CONSULTANT)
    client = app.test_client()
    refresh()
    client.get("/lang/en")
    refresh()
    assert "Sign in" in client.get("/login/").get_data(as_text=True)
    sign_in(client)
    assert ENGLISH in home(client)
