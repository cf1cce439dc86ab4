"""What a good password is: 04 S5."""

from __future__ import annotations

import pytest

from app.kernel.errors import RuleError
from app.kernel.passwords import require_good_password

COMMON = """
12345678 123456789 1234567890 87654321 password password1 password123 Password1! P@ssw0rd Passw0rd123 iloveyou
iloveyou1 qwertyui qwerty123 Qwerty123! 1qaz2wsx 1q2w3e4r zxcvbnm1 asdfghjk abcdefgh abcd1234 aaaaaaaa
11111111 88888888 00000000 abcabcabc 12341234 admin123 Admin@123 administrator welcome1 Welcome123 letmein1
monkey12 dragon123 sunshine princess1 football superman1 michael1 jordan23 charlie1 trustno1 computer internet
corvette mercedes jennifer 19900101 20260101 13800138000 woaini1314 woaini520 5201314a a1234567 a12345678
aa123456 abc12345 qq123456 zhang123 wang1234 china2008 beijing2008 Anchang123 anchang2026 Anchang@2026
loupan888 fangchan1 hello123 test1234 guest123 root1234 secret12 master123 shadow12
""".split()  # noqa: SIM905 - a list of words reads better as words


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(RuleError) as refusal:
        require_good_password(password, "linxiao")
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password", ["Hq7#mZ2v", "Quiet-Lake-27", "correct horse battery", "紫藤花开在四月的院子里呢", "x" * 4 + "Kp9_tRw2"]
)
def test_long_or_mixed_ones_are_taken(password: str) -> None:
    require_good_password(password, "linxiao", ("林晓",))


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Kp9_tRw", "至少要 8 位"),
        ("Kp9_" * 40, "最多 128 位"),
        ("Kp9_\x00tRw2", "控制字符"),
        ("LinXiao#Kp9", "不能包含账号"),
        ("Kp9_林晓_Rw2", "姓名"),
        ("kpwmtrwq", "至少用三种"),
        ("Kp9_Kp9_Kp9_", "连续或重复"),
    ],
)
def test_the_sentence_says_what_is_wrong(password: str, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        require_good_password(password, "linxiao", ("林晓",))
