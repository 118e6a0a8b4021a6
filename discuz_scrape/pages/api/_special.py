"""What makes a thread special, and its sort form, out of the JSON API."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape._source import Source
from discuz_scrape.pages.api._values import moment, number, positive, record, records, text, values

__all__ = ["SPECIAL", "read_sort_fields", "read_special"]

SPECIAL = {1: "poll", 2: "trade", 3: "reward", 4: "activity", 5: "debate"}
"""Number of what makes a thread special; plugins have others."""
_PRICE = re.compile(r"(-?\d{1,9})\s?(.*)")
_WINNERS = {1: "pro", 2: "con", 3: "draw"}
_CONDITIONS = {1: "全新商品", 2: "二手商品"}
_GENDERS = {0: "不限", 1: "男", 2: "女"}
_OVER = -1
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,9})?").fullmatch

Record = dict[str, Any]


def read_special(page: Source, data: Record, about: Record) -> Record:
    """`special`, and the field named after it where the answer has the facts."""
    sort = number(about.get("special"))
    if not sort:
        return {}
    special = SPECIAL.get(sort, "plugin")
    facts = data.get(f"special_{special}")
    if not facts:
        return {"special": special}
    if special == "trade":
        return {"special": special, "goods": tuple(filter(None, (_read_goods(page, row) for row in records(facts))))}
    return {"special": special, special: _READERS[special](page, record(facts), about)}


def _read_poll(page: Source, poll: Record, about: Record) -> Record:
    hidden = bool(number(poll.get("visiblepoll")))  # it is 1 where votes show to those only who voted
    multiple = bool(number(poll.get("multiple")))
    ends_at = moment(poll.get("expirations"), page.clock.offset)
    over = ends_at is not None and not _holds_a_number(poll.get("remaintime"))
    return {
        "options": tuple(_read_option(page, row, hidden=hidden) for row in records(poll.get("polloptions"))),
        "multiple": multiple,
        "max_choices": positive(poll.get("maxchoices")) if multiple else 1,
        "voters": number(poll.get("voterscount")),
        "closed": over or bool(number(about.get("closed"))),
        "ends_at": None if over or ends_at is None else ends_at.replace(second=0),
        "results_visible": not hidden,
    }


def _holds_a_number(value: object) -> bool:
    """Whether a list holds anything but nothing: the days, hours and minutes that are left."""
    return any(map(number, values(value)))


def _read_option(page: Source, row: Record, *, hidden: bool) -> Record:
    option: Record = {"text": text(row.get("polloption")) or ""}
    if not hidden:
        option["votes"] = number(row.get("votes"))
        option["percent"] = _percent(row.get("percent"))
    picture = record(row.get("imginfo"))
    option["image_url"] = page.absolute(text(picture.get("big")) or text(picture.get("small")))
    return option


def _percent(value: object) -> float | None:
    words = text(value)
    return float(words) if words is not None and _PERCENT(words) else None


def _read_reward(_page: Source, reward: Record, about: Record) -> Record:
    offered = _PRICE.match(text(reward.get("rewardprice")) or "")
    price = number(about.get("price"))
    best = record(reward.get("bestpost"))
    return {
        "price": abs(int(offered[1])) if offered else abs(price) if price is not None else None,
        "unit": offered[2] or None if offered else None,
        "solved": bool(best) or (price is not None and price < 0),
        "best_answer": _read_best_answer(best) if best else None,
    }


def _read_best_answer(best: Record) -> Record:
    """The chosen answer. Beside it the API tells whence its author came, which is nobody's business."""
    hidden = number(best.get("anonymous"))
    author = {"name": text(best.get("author")), "uid": positive(best.get("authorid"))}
    return {
        "pid": positive(best.get("pid")),
        "author": {"kind": "anonymous", "anonymous": True} if hidden else author,
        "text": text(best.get("message")) or "",
    }


def _read_activity(page: Source, event: Record, _about: Record) -> Record:
    begins, ends = text(event.get("starttimefrom")), text(event.get("starttimeto"))
    places, applied = positive(event.get("number")), number(event.get("allapplynum"))
    accepted = number(event.get("applynumber"))
    facts: Record = {
        "kind": text(event.get("class")),
        "starts": f"{begins} 至 {ends} 商定" if begins and ends and ends != "0" else begins,
        "place": text(event.get("place")),
        "gender": _GENDERS.get(number(event.get("gender")) or 0),
        "cost": text(event.get("cost")) if positive(event.get("cost")) else None,
        "applied": accepted if applied is None else applied,
        "places_left": max(places - (accepted or 0), 0) if places is not None else None,
        "apply_until": _read_time(page, event.get("expiration")),
        "poster_url": page.absolute(text(event.get("attachurl")) or text(event.get("thumb"))),
    }
    return facts


def _read_time(page: Source, value: object) -> Any:
    words = text(value)
    return moment(value, page.clock.offset) or (page.clock.read(words) if words is not None else None)


def _read_debate(page: Source, debate: Record, _about: Record) -> Record:
    return {
        "pro": _read_side(debate, "affirm"),
        "con": _read_side(debate, "nega"),
        "ends_at": moment(debate.get("dbendtime"), page.clock.offset) or _read_time(page, debate.get("endtime")),
        "umpire": text(debate.get("umpire")),
        "winner": _WINNERS.get(number(debate.get("winner")) or 0),
        "verdict": text(debate.get("umpirepoint")),
    }


def _read_side(debate: Record, side: str) -> Record:
    return {
        "text": text(debate.get(f"{side}point")),
        "votes": number(debate.get(f"{side}votes")),
        "debaters": number(debate.get(f"{side}debaters")),
    }


def _read_goods(page: Source, goods: Record) -> Record | None:
    name, pid, tid = text(goods.get("subject")), positive(goods.get("pid")), positive(goods.get("tid"))
    if name is None:
        return None
    days, hours = number(goods.get("expiration")), number(goods.get("expirationhour"))
    left = f"{days or 0}天{hours or 0}小时" if days is not None or hours is not None else None
    return {
        "pid": pid,
        "name": name,
        "url": page.absolute(f"forum.php?mod=viewthread&do=tradeinfo&tid={tid}&pid={pid}") if tid and pid else None,
        "price": _amount(goods.get("price")),
        "list_price": _amount(goods.get("costprice")),
        "condition": _CONDITIONS.get(number(goods.get("quality")) or 0),
        "time_left": "成交结束" if days == _OVER else left,
        "amount": number(goods.get("amount")),
        "sold": number(goods.get("totalitems")),
        "place": text(goods.get("locus")),
        "image_url": page.absolute(text(goods.get("attachurl")) or text(goods.get("thumb"))),
    }


def _amount(value: object) -> str | None:
    words = text(value)
    return f"{words} 元" if words and words.strip("0.") else None


_READERS = {"poll": _read_poll, "reward": _read_reward, "activity": _read_activity, "debate": _read_debate}


def read_sort_fields(form: Record) -> tuple[str | None, tuple[Record, ...]]:
    """Name of the sort, and what its form says."""
    fields = []
    for row in records(form.get("optionlist")):
        if (name := text(row.get("title"))) is not None:
            value, unit = text(row.get("value")), text(row.get("unit"))
            fields.append({"name": name, "value": f"{value} {unit}" if value and unit else value})
    return text(form.get("threadsortname")), tuple(fields)
