"""Which posts decide: pure functions over a policy's chain (02 §2.1.4, 07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.kernel.errors import RuleError
from app.kernel.posts import NEXT_UP, POSTS, Post, Side
from app.kernel.states import Choice


class Mode(Choice):
    """How a chain is walked."""

    IN_TURN = ("in_turn", "顺序")
    DIRECT = ("direct", "直达")


@dataclass(frozen=True)
class Link:
    """A post of the chain and how far its authority goes; None = without limit."""

    post: Post
    limit: Decimal | None


@dataclass(frozen=True)
class Leg:
    """A station of one request: a post that decides, or is only informed (知会)."""

    post: Post
    informed: bool = False


_BY_LABEL = {facts.label: post for post, facts in POSTS.items()}


def parse_chain(text: str) -> list[Link]:
    """Read «销售主管 0.5» lines, «不限» for no limit. Raises RuleError naming the line."""
    links: list[Link] = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        parts = line.split()
        post = _BY_LABEL.get(parts[0])
        if post is None or len(parts) != 2:
            raise RuleError(
                "审批链第 {n} 行「{line}」看不懂，请写成「岗位 上限」，例如「销售主管 0.5」",
                field="chain",
                n=number,
                line=line.strip(),
            )
        links.append(Link(post, _limit(parts[1], number)))
    if not links:
        raise RuleError("审批链至少要有一个岗位", field="chain")
    if links[-1].limit is not None:
        raise RuleError("审批链最后一个岗位的上限应为「不限」", field="chain")
    return links


def _limit(text: str, number: int) -> Decimal | None:
    if text in ("不限", "—"):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise RuleError(
            "审批链第 {n} 行的上限「{text}」不是数字，没有上限请写「不限」", field="chain", n=number, text=text
        ) from None
    if not value.is_finite() or value < 0:
        raise RuleError("审批链第 {n} 行的上限不能小于 0", field="chain", n=number)
    return value


def chain_text(links: Iterable[Link]) -> str:
    """The readable form that parse_chain reads."""
    return "\n".join(f"{POSTS[k.post].label} {'不限' if k.limit is None else k.limit.normalize():f}" if k.limit is not None
                     else f"{POSTS[k.post].label} 不限" for k in links)  # fmt: skip


def route(
    links: list[Link],
    mode: Mode,
    measure: Decimal | None,
    *,
    at_least: Post | None = None,
    without: frozenset[Post] = frozenset(),
    higher: int = 0,
) -> list[Leg]:
    """The stations of one request.

    顺序: every post up to the first whose limit covers the measure. 直达: that post decides, those below are informed.
    at_least: nobody below this post suffices (under the floor price); it decides last where the chain, as a site has written it,
    has neither this post nor one above it. without: posts whose authority does not count now.
    higher: so many posts above the one that would suffice (over budget, 07), as far as the chain goes.
    """
    if at_least is not None and not any(_reaches(k.post, at_least) for k in links):
        links = [*links, Link(at_least, None)]
    enough = next(
        (i for i, k in enumerate(links) if _covers(k, measure, without) and not _below(links, i, at_least)),
        len(links) - 1,
    )
    enough = min(enough + higher, len(links) - 1)
    walked = links[: enough + 1]
    if mode is Mode.DIRECT:
        return [Leg(k.post, informed=True) for k in walked[:-1]] + [Leg(walked[-1].post)]
    return [Leg(k.post) for k in walked if k.post not in without or k is walked[-1]]


def _covers(link: Link, measure: Decimal | None, without: frozenset[Post]) -> bool:
    return link.post not in without and (link.limit is None or (measure is not None and measure <= link.limit))


def _below(links: list[Link], index: int, at_least: Post | None) -> bool:
    if at_least is None:
        return False
    posts = [k.post for k in links]
    first = (
        posts.index(at_least) if at_least in posts else next(i for i, p in enumerate(posts) if _reaches(p, at_least))
    )
    return index < first


def _reaches(post: Post, at_least: Post) -> bool:
    """Whether a post is this one or above it: by the way up (02 §2.1.2), and 甲方 above the agency."""
    if POSTS[post].side is Side.DEVELOPER and POSTS[at_least].side is Side.AGENCY:
        return True
    up: Post | None = at_least
    while up is not None and up is not post:
        up = NEXT_UP.get(up)
    return up is post
