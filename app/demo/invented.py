"""Invented people: names put together from common parts, phone numbers from the range 100–109 that nobody has."""

from __future__ import annotations

import random
from collections.abc import Iterator

from stdnum.cn.ric import calc_check_digit

SURNAMES = "王李张刘陈杨黄赵周徐孙马朱胡郭高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶杜苏魏程吕丁沈任姚卢姜崔钟谭陆汪石廖贾夏韦方邹熊白孟"
LAST_OF_MEN = "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆博旭晨峰毅"
LAST_OF_WOMEN = "芳娜敏静丽艳娟霞秀燕玲桂梅琳洁颖倩雪慧婷欣怡蓉莉萍薇璐瑶菲岚"
MIDDLE = "建国志晓文海思雨家子明佳春永天小立云德玉正俊嘉一书新宏兴"


def name(chance: random.Random, *, male: bool) -> str:
    """A name of two or three characters."""
    last = chance.choice(LAST_OF_MEN if male else LAST_OF_WOMEN)
    middle = chance.choice(MIDDLE) if chance.random() < 0.6 else ""
    return chance.choice(SURNAMES) + middle + last


def phones(chance: random.Random) -> Iterator[str]:
    """Phone numbers, none of them twice."""
    given: set[str] = set()
    while True:
        number = f"10{chance.randrange(10)}{chance.randrange(10_000_000, 99_999_999)}"
        if number not in given:
            given.add(number)
            yield number


def id_card(chance: random.Random) -> str:
    """An identity number that passes every check and belongs to nobody: the county 000 was never given out (GB 11643)."""
    first = f"320000{chance.randrange(1962, 2000)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}{chance.randrange(1000):03d}"
    return first + calc_check_digit(first + "0")
