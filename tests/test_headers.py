"""Strict headers on every answer: pages, errors, files (04 S7)."""

from __future__ import annotations

import re

import pytest

PATHS = ("/login/", "/healthz", "/no-such-page", "/", "/static/appbuilder/css/flags/flags16.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_hardened(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "script-src 'self' 'nonce-" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_pages_are_not_cached_and_assets_are(client):
    assert "no-store" in client.get("/login/").headers["Cache-Control"]
    assert "no-store" not in client.get(PATHS[-1]).headers["Cache-Control"]


def test_the_nonce_is_new_for_each_answer_and_is_the_one_in_the_page(client):
    first, second = client.get("/login/"), client.get("/login/")
    nonces = [re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1] for answer in (first, second)]
    assert nonces[0] != nonces[1]
    in_page = set(re.findall(r'<script[^>]*nonce="([^"]*)"', first.text))
    assert in_page <= {nonces[0]}
    assert not re.findall(r"<script(?![^>]*(?:nonce|src)=)", first.text)


def test_production_demands_tls_of_the_browser(app, client):
    app.config["PRODUCTION"] = True
    try:
        assert "max-age" in client.get("/login/").headers["Strict-Transport-Security"]
    finally:
        app.config["PRODUCTION"] = False


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/login/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.csrf
def test_an_unsafe_request_without_a_token_is_refused(client):
    assert client.post("/login/", data={"username": "a", "password": "b"}).status_code == 400
