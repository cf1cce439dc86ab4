"""What a good password is (04 S5): long enough, and not one that everybody tries first. One rule for screens and commands."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from app.kernel.errors import RuleError

SHORTEST, LONGEST = 8, 128
SAFE_LENGTH = 12  # from here on one kind of character is enough
# The words that come first in every list of guessed passwords; digits, signs and look-alikes around them change nothing.
COMMON_WORDS = frozenset(
    [
        "password",
        "passwd",
        "passcode",
        "admin",
        "administrator",
        "root",
        "guest",
        "user",
        "test",
        "demo",
        "login",
        "welcome",
        "hello",
        "letmein",
        "master",
        "manager",
        "secret",
        "qwerty",
        "iloveyou",
        "woaini",
        "aini",
        "mima",
        "zhanghao",
        "computer",
        "internet",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "shadow",
        "michael",
        "jordan",
        "charlie",
        "freedom",
        "whatever",
        "trustno",
        "access",
        "flower",
        "summer",
        "winter",
        "spring",
        "autumn",
        "default",
        "changeme",
        "google",
        "taobao",
        "weixin",
        "wechat",
        "alibaba",
        "huawei",
        "xiaomi",
        "beijing",
        "shanghai",
        "china",
        "zhongguo",
    ]
)
SITE_WORDS = frozenset(
    ["anchang", "guanjia", "shoulou", "loupan", "fangchan", "xiaokong", "anju", "jiangpan", "cuihu", "jpyl"]
)
KEY_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb", "!@#$%^&*()", "qazwsxedcrfv")
ALIKE = str.maketrans("013457@$!", "oieastasi")
RULES = (
    "至少 8 位，最多 128 位",
    "不足 12 位时，大写、小写、数字、符号中至少用三种",
    "不用账号、姓名、项目名，不用常见的词加几位数字",
    "不用连续或重复的字符、键盘上相邻的键",
)


def require_good_password(password: str, username: str, names: Iterable[str] = ()) -> None:
    """Raises RuleError (field «password») with the first reason why it is refused. names: the person's own words."""
    for sentence in _faults(password, username, names):
        raise RuleError(sentence, field="password")


def _faults(password: str, username: str, names: Iterable[str]) -> Iterator[str]:
    if len(password) < SHORTEST:
        yield "密码至少要 8 位"
    if len(password) > LONGEST:
        yield "密码最多 128 位"
    if any(unicodedata.category(sign) == "Cc" for sign in password):
        yield "密码不能含控制字符"
    low = unicodedata.normalize("NFKC", password).lower()
    if any(word and word.lower() in low for word in (username, *names)):
        yield "密码不能包含账号或姓名"
    if _repeats(low) or _runs(low):
        yield "密码不能是连续或重复的字符"
    if _is_known_word(low):
        yield "这个密码太常见，容易被猜到，请换一个"
    if len(password) < SAFE_LENGTH and len(_kinds(password)) < 3:
        yield "不足 12 位的密码，大写、小写、数字、符号中至少用三种"


def _kinds(password: str) -> set[str]:
    return {
        "upper" if sign.isupper() else "lower" if sign.islower() else "digit" if sign.isdigit() else "sign"
        for sign in password
    }


def _repeats(low: str) -> bool:
    """One chunk of up to four characters, over and over; or fewer than four different ones."""
    return len(set(low)) < 4 or re.fullmatch(r"(.{1,4})\1{2,}.{0,3}", low) is not None or _halves(low)


def _halves(low: str) -> bool:
    half, odd = divmod(len(low), 2)
    return not odd and low[:half] == low[half:]


def _runs(low: str) -> bool:
    """Most of it is one step after the other in the alphabet, in the digits or on the keyboard."""
    steps = sum(1 for a, b in itertools.pairwise(low) if abs(ord(a) - ord(b)) == 1 or _neighbours(a, b))
    return steps >= (len(low) - 1) * 0.7


def _neighbours(a: str, b: str) -> bool:
    return any(a + b in row or b + a in row for row in KEY_ROWS)


def _is_known_word(low: str) -> bool:
    """A common or site word, alone, doubled, or dressed up with digits and signs that add fewer than five characters."""
    for text in (low, low.translate(ALIKE)):
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
        letters = re.sub(r"[\W\d_]+", "", text)
        for word in COMMON_WORDS | SITE_WORDS:
            if core == word or letters in (word, word * 2) or (word in text and len(text) - len(word) < 5):
                return True
    return False
