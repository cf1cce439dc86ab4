"""The only door for requests to other servers: https, hosts of a list, public addresses, no redirects, five seconds (SSRF)."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

from app.kernel.errors import RuleError

SECONDS = 5.0
LONGEST_ANSWER = 16 * 1024
PORT = 443


class Undelivered(Exception):
    """It did not get through; the sentence tells why and holds no secret."""


def check_address(address: str, hosts: tuple[str, ...]) -> None:
    """Raises RuleError (field «address») unless it is https on the usual port of one of these hosts, without a user name."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise RuleError("地址写错了，请重新复制", field="address") from error
    if any(sign.isspace() or not sign.isprintable() or not sign.isascii() for sign in address):
        raise RuleError("地址里有空格或不能用的字符，请重新复制", field="address")
    if parts.scheme != "https":
        raise RuleError("地址必须以 https:// 开头", field="address")
    if parts.username is not None or parts.password is not None or port not in (None, PORT) or parts.fragment:
        raise RuleError("地址里不能带账号、端口或 #", field="address")
    if parts.hostname not in hosts:
        raise RuleError(
            "只能填写 {hosts} 的地址；其他服务器须由运维先加入允许名单", field="address", hosts="、".join(hosts)
        )


def public_address(host: str) -> tuple[str, int]:
    """Where the host is, as (address, port). Raises Undelivered when it cannot be found or any of its addresses is not public."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise Undelivered("找不到对方服务器，请检查网络或域名解析") from error
    if not found or not all(is_public(one) for one in found):
        raise Undelivered("对方服务器解析到内网地址，已拒绝")
    return min(found, key=lambda one: ":" in one), PORT  # IPv4 first: many sites have no other way out


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet; a private one inside an IPv6 wrapping is none."""
    try:
        known = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour or (known.teredo[1] if known.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return known.is_global and not known.is_multicast


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was checked, whatever the name resolves to a moment later; the certificate is the name's."""

    def __init__(self, host: str, where: tuple[str, int], context: ssl.SSLContext) -> None:
        super().__init__(host, timeout=SECONDS, context=context)
        self._where, self._trust = where, context

    def connect(self) -> None:
        plain = socket.create_connection(self._where, SECONDS)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def trust() -> ssl.SSLContext:
    """Certificates that are believed: the system's."""
    return ssl.create_default_context()


def post(address: str, body: bytes, hosts: tuple[str, ...]) -> bytes:
    """The body of a 200 answer. Raises Undelivered for anything else; redirects are not followed."""
    try:
        check_address(address, hosts)
    except RuleError as error:
        raise Undelivered(str(error)) from error
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(str(parts.hostname), public_address(str(parts.hostname)), trust())
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise Undelivered(f"对方回答 {answer.status}，没有收下")
        return answer.read(LONGEST_ANSWER)
    except TimeoutError as error:
        raise Undelivered("对方 5 秒内没有回答") from error
    except ssl.SSLError as error:
        raise Undelivered("对方的证书不可信，已中断") from error
    except (OSError, http.client.HTTPException) as error:
        raise Undelivered(f"连接中断（{type(error).__name__}）") from error
    finally:
        connection.close()
