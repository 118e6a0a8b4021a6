"""The boxes of special threads, in and around the first post: poll, reward, activity, debate, trade, sort form."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._attachments import best_source
from discuz_scrape._html import Node, first, has_class, one_line, select, text_of
from discuz_scrape._source import Source

__all__ = [
    "MAX_CHOICES", "MULTIPLE", "NUMBER", "NUMBERING", "OVER", "PERCENT", "VOTERS", "VOTES", "end_of_poll", "labelled",
    "photo", "price_of", "read_best_answer", "read_event", "read_sort_fields", "read_special",
]  # fmt: skip

_SELECTOR = "form#poll,.rwd,.act,.ds,.trdb,.trdc"
_FLAGS = re.IGNORECASE
VOTERS = re.compile(r"共有\s{0,9}(\d{1,9})\s{0,9}人|(\d{1,9})\s{0,9}(?:人[参參][与與]|voters|people)", _FLAGS)
MAX_CHOICES = re.compile(r"最多可[选選]\s{0,9}(\d{1,9})|up to (\d{1,9})", _FLAGS)
MULTIPLE = re.compile(r"多[选選]|multiple", _FLAGS)
OVER = re.compile(r"已[经經]?[结結]束|已[关關][闭閉]|[过過]期|closed|ended", _FLAGS)
_LEFT = re.compile(r"(?:(\d{1,6})\s?天)?\s?(?:(\d{1,6})\s?小[时時])?\s?(?:(\d{1,6})\s?分)?")
NUMBERING = re.compile(r"^\d{1,4}\s?[.、]\s{0,9}")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,9})?)\s?%")
VOTES = re.compile(r"\((\d{1,9})\)|(\d{1,9})\s?票")
NUMBER = re.compile(r"\d{1,9}")
_FINDPOST = re.compile(r"\bpid=(\d{1,18})")

Record = dict[str, Any]


def read_special(page: Source, first_post: Node) -> Record:
    """What makes a thread special, by the boxes in its first post: `special` and the field named after it."""
    boxes = select(first_post, _SELECTOR)
    boxes = [box for box in boxes if not _in_body(box, first_post)]
    found: Record = {}
    for box in boxes:
        if box.id == "poll":
            found.setdefault("poll", _read_poll(page, box))
        elif has_class(box, "rwd"):
            found.setdefault("reward", _read_reward(first_post, box))
        elif has_class(box, "act"):
            found.setdefault("activity", _read_activity(page, first_post, box))
        elif has_class(box, "ds"):
            found.setdefault("debate", _read_debate(page, first_post, box))
        else:
            found.setdefault("trade", ())
    if not found:
        return {}
    special = next(iter(found))
    if special == "trade":
        return {"special": special, "goods": tuple(_read_goods(page, first_post))}
    return {"special": special, special: found[special]}


def _in_body(box: Node, top: Node) -> bool:
    """Whether somebody's own HTML imitates a box: it lies inside the body cell."""
    node = box.parent
    while node is not None and node.mem_id != top.mem_id:
        if (node.id or "").startswith("postmessage_"):
            return True
        node = node.parent
    return False


def _words(node: Node, selector: str) -> str | None:
    found = first(node, selector)
    return one_line(text_of(found)) if found is not None else None


def labelled(box: Node) -> list[tuple[str, str | None]]:
    """Label and value of each `dt`, `dd` pair."""
    pairs: list[tuple[str, str | None]] = []
    label: str | None = None
    for node in select(box, "dt,dd"):
        words = one_line(text_of(node))
        if node.tag == "dt":
            label = words.rstrip(":：") if words else None
        elif label:
            pairs.append((label, words))
            label = None
    return pairs


# ------------------------------------------------------------ poll


def _read_poll(page: Source, form: Node) -> Record:
    about = _words(form, ".pinf") or ""
    timer = first(form, ".ptmr")
    time_words = one_line(text_of(timer)) or "" if timer is not None else ""
    whole = one_line(text_of(form)) or ""
    voters = VOTERS.search(about)
    most = MAX_CHOICES.search(about)
    multiple = MULTIPLE.search(about) is not None
    options = _picture_options(page, form) or _text_options(form)
    visible = any(option["votes"] is not None for option in options)
    closed = bool(OVER.search(time_words)) or bool(re.search("已[经經][关關][闭閉]或者[过過]期", whole))
    return {
        "options": tuple(options),
        "multiple": multiple,
        "max_choices": int(most[1] or most[2]) if most else (None if multiple else 1),
        "voters": int(voters[1] or voters[2]) if voters else None,
        "closed": closed,
        "ends_at": None if closed or timer is None else end_of_poll(page, _words(timer, "strong")),
        "results_visible": visible,
    }


def end_of_poll(page: Source, left: str | None) -> Any:
    """The page's clock plus the time left; both are minutes."""
    found = _LEFT.fullmatch(left.rstrip("钟鐘 ")) if left else None
    now = page.rendered_at or page.clock.now
    if found is None or now is None or not any(found.groups()):
        return None
    days, hours, minutes = (int(group or 0) for group in found.groups())
    try:
        end = now + timedelta(days=days, hours=hours, minutes=minutes)
    except OverflowError:
        return None
    return end.astimezone(page.clock.offset).replace(second=0, microsecond=0)


def _text_options(form: Node) -> list[Record]:
    options: list[Record] = []
    for cell in select(form, ".pvt,.pcht td"):
        if has_class(cell, "pvt"):
            words = one_line(text_of(cell)) or ""
            options.append({"text": NUMBERING.sub("", words), "votes": None, "percent": None})
        elif options and options[-1]["votes"] is None:
            words = one_line(text_of(cell)) or ""
            percent, votes = PERCENT.search(words), VOTES.search(words)
            if percent and votes:
                options[-1].update(percent=float(percent[1]), votes=int(votes[1] or votes[2]))
    return options


def _picture_options(page: Source, form: Node) -> list[Record]:
    options = []
    for cell in select(form, '[id^="polloption_"]'):
        image = first(cell, "img")
        result = _words(cell, ".imgfc") or ""
        votes, percent = VOTES.search(result), PERCENT.search(result)
        options.append({
            "text": _words(cell, "p.xi2") or "",
            "votes": int(votes[1] or votes[2]) if votes else None,
            "percent": float(percent[1]) if percent else None,
            "image_url": page.absolute(best_source(image.attributes)) if image is not None else None,
        })
    return options


# ------------------------------------------------------------ reward


def _read_reward(post: Node, box: Node) -> Record:
    price = first(box, ".rusld,.rsld")
    amount = _words(box, "cite")
    digits = NUMBER.search(amount) if amount else None
    unit = None
    if price is not None:
        tail = (one_line(text_of(price)) or "").partition(amount or "\0")[2]
        unit = re.sub("未解[决決]|已解[决決]|[悬懸][赏賞]", "", tail).strip() or None
    best = first(post, ".rwdbst")
    return {
        "price": int(digits.group()) if digits else None,
        "unit": unit,
        "solved": best is not None or (price is not None and has_class(price, "rsld")),
        "best_answer": read_best_answer(best) if best is not None else None,
    }


def read_best_answer(box: Node) -> Record:
    """The answer that was chosen."""
    author: Record = {}
    for link in select(box, ".psta a") + select(box, ".psti a.xw1,.muser a"):
        if words := one_line(text_of(link)):
            author = {"name": words, "uid": _urls.uid_in(link.attributes.get("href"))}
            break
    pid = None
    for link in select(box, "a"):
        target = f"{link.attributes.get('onclick') or ''} {link.attributes.get('href') or ''}"
        if "findpost" in target and (found := _FINDPOST.search(target)):
            pid = int(found[1])
            break
    return {"pid": pid, "author": author, "text": _words(box, ".mtn,.mtxt") or ""}


# ------------------------------------------------------------ activity

_ACTIVITY_LABELS = (
    ("kind", re.compile("[类類]型|type", _FLAGS)),
    ("starts", re.compile("[开開]始|start", _FLAGS)),
    ("place", re.compile("地[点點]|place|location", _FLAGS)),
    ("gender", re.compile("性[别別]|gender", _FLAGS)),
    ("cost", re.compile("花[销銷]|[费費]用|cost", _FLAGS)),
    ("applied", re.compile("已[报報]名|applied", _FLAGS)),
    ("places_left", re.compile("剩[余餘]|left", _FLAGS)),
    ("apply_until", re.compile("截止|until|deadline", _FLAGS)),
)


def _read_activity(page: Source, post: Node, box: Node) -> Record:
    activity = read_event(page, labelled(box))
    poster = first(box, ".spvimg img")
    source = best_source(poster.attributes) if poster is not None else None
    activity["poster_url"] = photo(page, source)
    activity["applicants"] = tuple(_applicants(post))
    return activity


def read_event(page: Source, pairs: list[tuple[str, str | None]]) -> Record:
    """What the labels of an event say."""
    activity: Record = {"fields": tuple({"name": name, "value": value} for name, value in pairs)}
    for label, value in pairs:
        for name, pattern in _ACTIVITY_LABELS:
            if name not in activity and value is not None and pattern.search(label):
                activity[name] = value
                break
    for name in ("applied", "places_left"):
        digits = NUMBER.search(activity.get(name) or "")
        activity[name] = int(digits.group()) if digits else None
    until = activity.get("apply_until")
    activity["apply_until"] = page.clock.read(until) if until else None
    return activity


def photo(page: Source, source: str | None) -> str | None:
    """A picture, unless it is the one that says that there is none."""
    return page.absolute(source) if source and "nophoto" not in source else None


def _applicants(post: Node) -> list[str]:
    names = []
    for row in select(post, "table.dt tr"):
        for link in select(row, "td a"):
            if (words := one_line(text_of(link))) and _urls.uid_in(link.attributes.get("href")) is not None:
                names.append(words)
                break
    return names


# ------------------------------------------------------------ debate


def _read_debate(page: Source, post: Node, box: Node) -> Record:
    debate: Record = {"pro": _read_side(post, box, "1"), "con": _read_side(post, box, "2")}
    about = _words(post, "p.dtm") or ""
    if about:
        ends, _, umpire = re.sub("^[^:：]*[:：]", "", about, count=1).partition("裁判")
        debate["ends_at"] = page.clock.read(ends)
        debate["umpire"] = umpire.lstrip(":： ").strip() or None
    verdict = first(post, "#umpirepoint")
    if verdict is not None and (words := one_line(text_of(verdict))):
        debate["verdict"] = words
        for winner, pattern in (("pro", "正方[获獲][胜勝]"), ("con", "反方[获獲][胜勝]"), ("draw", "平局")):
            if re.search(pattern, words):
                debate["winner"] = winner
    return debate


def _read_side(post: Node, box: Node, number: str) -> Record:
    side: Record = {"text": _words(box, f".si_{number} .point p")}
    votes = NUMBER.search(_words(box, f".si_{number} .point strong") or "")
    debaters = NUMBER.search(_words(post, f".dr .sr_{number} h5") or "")
    side["votes"] = int(votes.group()) if votes else None
    side["debaters"] = int(debaters.group()) if debaters else None
    return side


# ------------------------------------------------------------ trade


def _read_goods(page: Source, post: Node) -> list[Record]:
    goods = []
    for box in select(post, ".trdb .trdl"):
        link = first(box, "h4 a")
        name = one_line(text_of(link)) if link is not None else _words(box, "h4")
        if not name:
            continue
        href = link.attributes.get("href") if link is not None else None
        image = first(box, ".tt img")
        digits = (box.id or "").removeprefix("trade")
        item: Record = {
            "pid": _urls.pid_in(href) or (int(digits) if digits.isdecimal() and len(digits) < 19 else None),
            "name": name,
            "url": page.absolute(href),
            "list_price": _words(box, "del"),
            "image_url": photo(page, best_source(image.attributes)) if image is not None else None,
        }
        for label, value in labelled(box):
            item["condition" if re.search("[类類]型", label) else "time_left"] = value
        item["price"] = price_of(box)
        goods.append(item)
    return goods


def price_of(box: Node) -> str | None:
    """The amount with the unit behind it."""
    amount = next((node for node in select(box, "strong") if NUMBER.search(text_of(node))), None)
    if amount is None:
        return None
    unit = amount.next
    words = text_of(amount) + " " + (unit.text_content or "" if unit is not None and unit.tag == "-text" else "")
    return one_line(words)


# ------------------------------------------------------------ sort form


def read_sort_fields(box: Node) -> tuple[str | None, tuple[Record, ...]]:
    """Name of the sort, and the rows of its form; a dash is no value."""
    fields = []
    for row in select(box, "tr"):
        cells = select(row, "th,td")
        if len(cells) >= 2 and (name := one_line(text_of(cells[0]))):
            value = one_line(text_of(cells[1]))
            fields.append({"name": name.rstrip(":："), "value": None if value == "-" else value})
    return _words(box, "caption"), tuple(fields)
