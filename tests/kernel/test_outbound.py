"""The only door to other servers (SSRF): who is refused, that no redirect is followed, that a certificate must be believed."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.kernel.errors import RuleError
from app.kernel.outbox import outbound
from app.kernel.outbox.outbound import Undelivered, check_address, is_public, post, public_address

HOST = "qyapi.weixin.qq.com"
GOOD = f"https://{HOST}/cgi-bin/webhook/send?key=1"


@pytest.mark.parametrize(
    "address",
    [
        f"http://{HOST}/cgi-bin/webhook/send", f"ftp://{HOST}/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/",
        "https://169.254.169.254/latest/meta-data", f"https://{HOST}.evil.cn/", f"https://evil.cn/{HOST}", f"https://{HOST}@evil.cn/",
        f"https://a:b@{HOST}/", f"https://{HOST}:8443/", f"https://{HOST}:99999/", f"https://{HOST}/#x", f"https://{HOST}/\r\nX: 1",
        f"https://{HOST}/ x", f"https://evil.cn\\@{HOST}/", "https:///cgi-bin", "", "https://2130706433/", "https://０.０.０.０/",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(address):
    with pytest.raises(RuleError) as refusal:
        check_address(address, (HOST,))
    assert refusal.value.field == "address"
    with pytest.raises(Undelivered):
        post(address, b"{}", (HOST,))


def test_the_platforms_own_address_passes():
    check_address(GOOD, (HOST,))
    check_address(f"https://{HOST}:443/x", (HOST,))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("119.29.29.29", True), ("2402:4e00::1", True), ("10.0.0.1", False), ("172.16.3.4", False), ("192.168.1.1", False),
        ("127.0.0.1", False), ("0.0.0.0", False), ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:10.0.0.1", False), ("2002:0a00:0001::", False),
        ("nonsense", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert is_public(address) is public


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """The host's name leads to these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)


def test_a_name_that_leads_inside_is_refused_before_any_connection(monkeypatch):
    def connected(*_a: Any, **_k: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", connected)
    for inside in (("10.0.0.8",), ("119.29.29.29", "192.168.0.2")):
        resolving(monkeypatch, *inside)
        with pytest.raises(Undelivered, match="内网"):
            post(GOOD, b"{}", (HOST,))
    resolving(monkeypatch, "119.29.29.29")
    assert public_address(HOST) == ("119.29.29.29", 443)


class Platform(BaseHTTPRequestHandler):
    """Answers what the test wants and remembers what it got."""

    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
    got: list[tuple[str, str, bytes]] = []  # noqa: RUF012 - emptied by the fixture

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.headers["Host"], self.path, body))
        status, headers, content = self.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def platform(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Platform]]:
    """A server with a certificate in the platform's name, which the site believes for this test."""
    cert = _certificate(tmp_path, HOST)
    server = HTTPServer(("127.0.0.1", 0), Platform)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Platform.answer, Platform.got = (200, {}, b'{"errcode":0}'), []
    monkeypatch.setattr(outbound, "public_address", lambda _host: ("127.0.0.1", server.server_address[1]))
    monkeypatch.setattr(outbound, "trust", lambda: ssl.create_default_context(cafile=str(cert)))
    yield Platform
    server.shutdown()
    server.server_close()
    thread.join()


def _certificate(folder: Any, name: str) -> Any:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begun = datetime.now(UTC) - timedelta(days=1)
    cert = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(begun).not_valid_after(begun + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    form = serialization.NoEncryption()
    path = folder / "platform.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, form)
        + cert.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_message_arrives(platform):
    assert post(GOOD, "你好".encode(), (HOST,)) == b'{"errcode":0}'
    assert platform.got == [(HOST, "/cgi-bin/webhook/send?key=1", "你好".encode())]


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_nothing_but_200_counts_and_no_redirect_is_followed(platform, status):
    platform.answer = (status, {"Location": "https://169.254.169.254/"}, b"")
    with pytest.raises(Undelivered, match=str(status)):
        post(GOOD, b"{}", (HOST,))
    assert len(platform.got) == 1


def test_a_strangers_certificate_is_refused(platform, monkeypatch):
    monkeypatch.setattr(outbound, "trust", ssl.create_default_context)
    with pytest.raises(Undelivered, match="证书"):
        post(GOOD, b"secret", (HOST,))
    assert platform.got == []


def test_a_silent_server_is_left_after_the_time(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(outbound, "SECONDS", 0.2)
        monkeypatch.setattr(outbound, "public_address", lambda _host: silent.getsockname())
        with pytest.raises(Undelivered, match="没有回答"):
            post(GOOD, b"{}", (HOST,))
