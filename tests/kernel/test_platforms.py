"""企业微信, 钉钉, 飞书: which addresses are theirs, how a message is signed, what their answers mean."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from app.kernel.errors import RuleError
from app.kernel.outbox.outbound import Undelivered
from app.kernel.outbox.platforms import check_robot, read_answer, request_of
from app.kernel.outbox.records import Platform

GOOD = {
    Platform.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f-1",
    Platform.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=ab12",
    Platform.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/ab-12",
}


@pytest.mark.parametrize("platform", Platform)
def test_their_own_addresses_are_taken(platform):
    check_robot(platform, GOOD[platform], "SEC1", ())


@pytest.mark.parametrize(
    ("platform", "address", "secret", "field"),
    [
        (Platform.WECOM, GOOD[Platform.DINGTALK], "", "address"),
        (Platform.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/gettoken?key=1", "", "address"),
        (Platform.DINGTALK, GOOD[Platform.DINGTALK], "", "secret"),
        (Platform.FEISHU, GOOD[Platform.FEISHU], "", "secret"),
        (Platform.FEISHU, "https://open.feishu.cn/open-apis/im/v1/messages", "s", "address"),
    ],
)
def test_what_is_none_of_their_robots_is_refused(platform, address, secret, field):
    with pytest.raises(RuleError) as refusal:
        check_robot(platform, address, secret, ())
    assert refusal.value.field == field


def test_the_operator_may_allow_a_relay_of_his_own():
    with pytest.raises(RuleError):
        check_robot(Platform.WECOM, "https://relay.example.cn/in", "", ())
    check_robot(Platform.WECOM, "https://relay.example.cn/in", "", ("relay.example.cn",))


def test_wecom_takes_plain_text():
    request = request_of(Platform.WECOM, GOOD[Platform.WECOM], "", "你好", 1)
    assert request.address == GOOD[Platform.WECOM]
    assert json.loads(request.body) == {"msgtype": "text", "text": {"content": "你好"}}


def test_dingtalk_signs_in_the_address():
    # HMAC-SHA256 of «1700000000000\nSEC-key» under «SEC-key», by openssl
    request = request_of(Platform.DINGTALK, GOOD[Platform.DINGTALK], "SEC-key", "你好", 1_700_000_000)
    asked = parse_qs(urlsplit(request.address).query)
    assert asked["access_token"] == ["ab12"]
    assert asked["timestamp"] == ["1700000000000"]
    assert asked["sign"] == ["YcS0uKu4Tv2fGKD1iJPiqINpIAACWgUOaTTcNLGJZJo="]
    assert "SEC-key" not in request.address + request.body.decode()


def test_feishu_signs_in_the_body():
    # HMAC-SHA256 of nothing under «1700000000\nSEC-key», by openssl
    request = request_of(Platform.FEISHU, GOOD[Platform.FEISHU], "SEC-key", "你好", 1_700_000_000)
    body = json.loads(request.body)
    assert body == {
        "timestamp": "1700000000",
        "sign": "hsSK0IlMR+7y9NPwLsl2uSftbpFkFyqHcXSkBWZ+Yu8=",
        "msg_type": "text",
        "content": {"text": "你好"},
    }
    assert request.address == GOOD[Platform.FEISHU]


@pytest.mark.parametrize(
    ("platform", "body"),
    [
        (Platform.WECOM, b'{"errcode":0,"errmsg":"ok"}'),
        (Platform.DINGTALK, b'{"errcode":0,"errmsg":"ok"}'),
        (Platform.FEISHU, b'{"code":0,"msg":"success","data":{}}'),
        (Platform.FEISHU, b'{"StatusCode":0,"StatusMessage":"success"}'),
    ],
)
def test_taken(platform, body):
    assert read_answer(platform, body) == "已收下"


@pytest.mark.parametrize(
    ("platform", "body", "words"),
    [
        (Platform.WECOM, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "93000 invalid webhook url"),
        (Platform.DINGTALK, b'{"errcode":310000,"errmsg":"sign not match"}', "310000"),
        (Platform.FEISHU, b'{"code":19021,"msg":"sign match fail"}', "19021"),
        (Platform.WECOM, b"<html>", "看不懂"),
        (Platform.WECOM, b"[]", "看不懂"),
        (Platform.FEISHU, b"{}", "拒收"),
    ],
)
def test_refused(platform, body, words):
    with pytest.raises(Undelivered, match=words):
        read_answer(platform, body)
