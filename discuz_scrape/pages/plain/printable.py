"""The print view of a thread: its first hundred posts, oldest first, as a stream between rules.

A post begins with a rule, then a line with two bold labels: author and time. The labels are whatever the first of
these lines has, for they are in the language of the forum.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any, NamedTuple

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, first, one_line, select, text_of
from discuz_scrape._notices import notice_kind
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.plain._stream import StreamBody, after, mark_starter, only_text, own_marks, read_time
from discuz_scrape.pages.threads._floors import settle_floors
from discuz_scrape.pages.threads._head import thread_url
from discuz_scrape.pages.threads._opening import price_in
from discuz_scrape.pages.threads._post import take_over

__all__ = ["read"]

_B, _BR, _EM, _STRONG = (TAG_IDS[name] for name in ("b", "br", "em", "strong"))
_BUTTON = 'a[onclick*="window.print()"]'
_LINE = 8  # nodes of the line that begins a post
_MOST_POSTS = 100  # a longer thread is cut here
_STATUSES = frozenset({"author_banned", "shielded", "password", "author_only"})

Record = dict[str, Any]


class _Line(NamedTuple):
    """The line that begins a post."""

    rule: Node
    labels: tuple[str, str]
    author: str
    time: list[Node]
    body: Node | None
    """Where the text begins; None where the page breaks off."""


def read(page: Source) -> Thread:
    """The thread of a print view."""
    page.forget_footer()
    rules = select(page.root, "hr")
    lines = _find_lines(rules)
    if not lines:
        raise ParseError("a print view without a post", url=page.url)
    places = {rule.mem_id: place for place, rule in enumerate(rules)}
    last = places[lines[-1].rule.mem_id]
    end = rules[-1] if last + 1 < len(rules) else None
    page.settle_date_order(node.text_content or "" for line in lines for node in line.time)
    thread = _read_head(page)
    stops = [*(line.rule for line in lines[1:]), end]
    label = _subject_label(page.root)
    posts = thread["posts"] = [
        {"tid": thread["tid"], **_read_post(page, line, stop, label, f"posts[{index}]")}
        for index, (line, stop) in enumerate(zip(lines, stops, strict=True))
    ]
    whole = len(posts) < _MOST_POSTS
    thread.update(page=1, total_pages=1 if whole else None)
    settle_floors(thread, posts, None)
    mark_starter(posts)
    posts[0]["subject"] = thread["subject"]
    thread["author"] = posts[0]["author"]
    if (price := price_in(posts[0].get("notices", ()))) is not None:
        thread["price"] = price
    thread["issues"] = tuple(page.issues)
    return Thread.model_validate(thread)


def _read_head(page: Source) -> Record:
    """The site's name is the heading; the subject stands between its label and the button that prints."""
    heading = first(page.root, "h1")
    name = one_line(text_of(heading)) if heading is not None else None
    before = _before_button(page.root)
    words = one_line(text_of(before)) if before is not None and before.tag_id == TEXT else None
    tid = _urls.tid_in(page.address())
    return {
        "tid": tid,
        "url": thread_url(page, tid),
        "subject": words or page.title({name or ""}),
        "site": page.site(name),
    }


def _before_button(root: Node) -> Node | None:
    button = first(root, _BUTTON)
    while button is not None and button.tag_id != _B:
        button = button.parent
    return button.prev if button is not None else None


def _subject_label(root: Node) -> str | None:
    """What stands before a subject, in the language of the forum."""
    node = _before_button(root)
    while node is not None and node.tag_id != _B:
        node = node.prev
    return _label(node)


# ------------------------------------------------------------ one post


def _find_lines(rules: list[Node]) -> list[_Line]:
    """The lines that begin posts: all have the labels of the first one, and lie where somebody's own cannot."""
    found = [line for rule in rules if (line := _read_line(rule)) is not None]
    alike = [line for line in found if line.labels == found[0].labels]
    own = {rule.mem_id for rule in own_marks([line.rule for line in alike], rules[-1] if rules else None)}
    return [line for line in alike if line.rule.mem_id in own]


def _read_line(rule: Node) -> _Line | None:
    """What stands behind a rule: a label, a name, a label and a time."""
    nodes = list(takewhile(lambda node: node.tag_id != _BR, islice(after(rule), _LINE)))
    bold = [place for place, node in enumerate(nodes) if node.tag_id == _B]
    if len(bold) < 2 or bold[0] != 0:
        return None
    labels = (_label(nodes[0]), _label(nodes[bold[1]]))
    name, time = nodes[1 : bold[1]], nodes[bold[1] + 1 :]
    if labels[0] is None or labels[1] is None or not time or any(node.tag_id != TEXT for node in name):
        return None
    line_end = next((node for node in islice(after(time[-1]), 1) if node.tag_id == _BR), None)
    words = one_line("".join(node.text_content or "" for node in name)) or ""
    return _Line(rule, (labels[0], labels[1]), words, time, line_end.next if line_end is not None else None)


def _label(node: Node | None) -> str | None:
    words = only_text(node) if node is not None and node.tag_id == _B else None
    return words if words is not None and words.endswith((":", "：")) else None


def _read_post(page: Source, line: _Line, stop: Node | None, label: str | None, path: str) -> Record:
    """One post; `label` is what stands before a subject."""
    post: Record = {"author": _read_author(line.author), **read_time(page, line.time, path)}
    first = line.body
    nodes = list(_up_to(first, stop))
    tags = [node.tag_id for node in nodes[:3]]
    if label is not None and tags == [_B, TEXT, _BR] and _label(nodes[0]) == label:
        post["subject"] = one_line(nodes[1].text_content)
        del nodes[:3]
        first = nodes[0] if nodes else None
    if (notice := _read_notice(nodes, is_first=path == "posts[0]")) is not None:
        take_over(post, None, page.formats)
        return {**post, "notices": (notice,), "status": notice["kind"]}
    body = StreamBody(page)
    body.read_up_to(first, stop)
    take_over(post, body, page.formats)
    if body.notices:
        post["notices"] = tuple(body.notices)
    return post


def _up_to(first: Node | None, stop: Node | None) -> Iterator[Node]:
    """A node and those behind it in its box, without blanks, up to the next post."""
    end = stop.mem_id if stop is not None else 0
    if first is not None and first.mem_id != end:
        if first.tag_id != TEXT or text_of(first).strip():
            yield first
        yield from takewhile(lambda node: node.mem_id != end, after(first))


def _read_author(name: str) -> Record:
    """One word stands for guests and for members who hide."""
    return {"name": name} if name and name not in ANONYMOUS else {"kind": "anonymous", "anonymous": True}


def _read_notice(nodes: list[Node], *, is_first: bool) -> Record | None:
    """The sentence that stands in place of a text: a label and one emphasis, or the price of the whole thread."""
    while nodes and nodes[-1].tag_id == _BR:
        nodes.pop()
    tags = [node.tag_id for node in nodes[:4]]
    if tags not in ([TEXT, _EM], [TEXT, _STRONG, TEXT]) or only_text(nodes[1]) is None:
        return None
    words = one_line("".join(map(text_of, nodes))) or ""
    kind = notice_kind(words, nodes[1])
    if kind in _STATUSES if tags[1] == _EM else is_first and kind == "paid":
        return {"kind": kind, "text": words}
    return None
