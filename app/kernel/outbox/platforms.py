"""How 企业微信, 钉钉 and 飞书 take a message: address, signature, body, and what their answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from app.kernel.errors import RuleError
from app.kernel.outbox.outbound import Undelivered, check_address
from app.kernel.outbox.records import Platform

HOSTS = {
    Platform.WECOM: ("qyapi.weixin.qq.com",),
    Platform.DINGTALK: ("oapi.dingtalk.com",),
    Platform.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
}
PATHS = {
    Platform.WECOM: "/cgi-bin/webhook/send",
    Platform.DINGTALK: "/robot/send",
    Platform.FEISHU: "/open-apis/bot/v2/hook/",
}
SIGNED = frozenset({Platform.DINGTALK, Platform.FEISHU})


@dataclass(frozen=True)
class Request:
    """One POST to a platform."""

    address: str
    body: bytes


def hosts_of(platform: Platform, further: tuple[str, ...]) -> tuple[str, ...]:
    """Hosts that a robot of this platform may talk to: the platform's own and those that the operator allows."""
    return HOSTS[platform] + further


def check_robot(platform: Platform, address: str, secret: str, further: tuple[str, ...]) -> None:
    """Raises RuleError for an address that is none of the platform's robots, or a missing secret of a signed one."""
    check_address(address, hosts_of(platform, further))
    parts = urlsplit(address)
    if parts.hostname in HOSTS[platform] and not parts.path.startswith(PATHS[platform]):
        raise RuleError("这不是{platform}群机器人的地址，请在群机器人设置里复制完整的 Webhook 地址", field="address",
                        platform=platform.label)  # fmt: skip
    if platform in SIGNED and not secret:
        raise RuleError("{platform}机器人请打开「加签」并填写密钥", field="secret", platform=platform.label)


def request_of(platform: Platform, address: str, secret: str, text: str, seconds: int) -> Request:
    """The POST for this text. seconds: Unix time of the signature, which the platforms accept for an hour or less."""
    if platform is Platform.WECOM:
        return Request(address, _json({"msgtype": "text", "text": {"content": text}}))
    if platform is Platform.DINGTALK:
        moment = str(seconds * 1000)
        sign = _hmac(secret.encode(), f"{moment}\n{secret}".encode())
        joint = "&" if urlsplit(address).query else "?"
        signed = address + joint + urlencode({"timestamp": moment, "sign": sign})
        return Request(signed, _json({"msgtype": "text", "text": {"content": text}}))
    body = {"timestamp": str(seconds), "sign": _hmac(f"{seconds}\n{secret}".encode(), b""), "msg_type": "text"}
    return Request(address, _json({**body, "content": {"text": text}}))


def read_answer(platform: Platform, body: bytes) -> str:
    """«已收下»; raises Undelivered with the platform's own words when it refused the message."""
    try:
        answer = json.loads(body)
        code = answer.get("code", answer.get("StatusCode")) if platform is Platform.FEISHU else answer.get("errcode")
        words = str(answer.get("msg") or answer.get("errmsg") or "")
    except (ValueError, AttributeError) as error:
        raise Undelivered("对方的回答看不懂") from error
    if code != 0:
        raise Undelivered(f"对方拒收：{code} {words}"[:200])
    return "已收下"


def _hmac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
