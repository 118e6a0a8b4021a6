"""The page of one article for sale (`do=tradeinfo`), or the window of it: the only place that shows its own post.

That post is in no list of the thread, so the page gives a thread with this one post: what it says of the article, and
the article itself in `goods`. When it was written is not told.
"""

from __future__ import annotations

from typing import Any

from discuz_scrape import _urls
from discuz_scrape._attachments import best_source
from discuz_scrape._html import TEXT, Node, first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import count_of
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.threads._author import read_avatar
from discuz_scrape.pages.threads._head import read_head, thread_url
from discuz_scrape.pages.threads._post import PostReader
from discuz_scrape.pages.threads._special import labelled, photo
from discuz_scrape.pages.threads.thread import assemble, finish_posts

__all__ = ["read"]

_FIXED = 4  # facts that all articles have, before the place, which some have, and the number sold
_MOST_LINES = 4  # of a price: money and credits

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread with the post of the article."""
    root = page.root
    facts = first(root, ".spvimg + .spi")
    link = first(root, 'h1 > a[href*="tradeinfo"], .spi h4 > a[href*="tradeinfo"]')
    href = link.attributes.get("href") if link is not None else None
    pid = _urls.pid_in(href) or _urls.pid_in(page.url)
    if facts is None or pid is None:
        raise ParseError("a goods page that does not tell which post it is of", url=page.url)
    spots = {"pt": first(root, "#pt"), "thread_subject": first(root, ".ih dd a")}
    thread = read_head(page, root, {name: node for name, node in spots.items() if node is not None})
    if thread["tid"] is None:
        thread["tid"] = _urls.tid_in(href)
        thread["url"] = thread_url(page, thread["tid"])
    thread.update(page=None, total_pages=None, special="trade")
    if spots["thread_subject"] is None:
        thread["subject"] = None  # a window shows the name of the article only
    thread["goods"] = (_read_goods(page, root, facts, link, pid),)
    return assemble(page, thread, finish_posts(page, [_read_post(page, root, facts, pid)]))


def _words(node: Node, selector: str) -> str | None:
    """The words of the elements that a selector finds, in one line."""
    return one_line(" ".join(map(text_of, select(node, selector)[:_MOST_LINES])))


def _read_post(page: Source, root: Node, facts: Node, pid: int) -> PostReader:
    """The article's own post, by its seller."""
    box = facts.parent.parent if facts.parent is not None and facts.parent.parent is not None else root
    reader = PostReader(page, str(pid), box, "posts[0]")
    reader.dated = True  # it is no deleted floor, though no time is told
    if (body := first(box, ".mtw > .c")) is not None:
        reader.body_cell(body)
    for files in select(box, ".mtw > .pattl"):
        reader.files(files)
    if (seller := first(root, ".ih .avt a")) is not None:
        reader.author["uid"] = _urls.uid_in(seller.attributes.get("href"))
        for image in select(seller, "img"):
            read_avatar(page, reader.author, image)
    if (name := _read_name(root)) is not None:
        reader.author["name"] = name
    return reader


def _read_name(root: Node) -> str | None:
    """The seller's name: words of the line itself, between the links to write to him and the marks behind."""
    line = first(root, ".ih dt")
    node = line.first_child if line is not None else None
    while node is not None:
        if node.tag_id == TEXT and (words := one_line(node.text_content)) is not None:
            return words
        node = node.next
    return None


def _read_goods(page: Source, root: Node, facts: Node, link: Node | None, pid: int) -> Record:
    """The article; labels are in the forum's language, their order is not."""
    heading = one_line(text_of(link)) if link is not None else None
    image = first(root, ".spvimg img")
    told = [value for _, value in labelled(facts)]
    told = told[: len(told) - len(select(facts, ".nums dt, .nums ~ dl dt"))]
    goods: Record = {
        "pid": pid,
        "name": heading or page.title(set()) or "",
        "url": page.absolute(link.attributes.get("href")) if link is not None else None,
        "price": _words(facts, ".nums dd p") or _words(facts, ".nums dd"),
        "list_price": _words(facts, "del"),
        "image_url": photo(page, best_source(image.attributes)) if image is not None else None,
    }
    goods.update(zip(("condition", "shipping", "time_left"), told, strict=False))
    if len(told) > _FIXED:
        goods["amount"], goods["sold"] = count_of(told[_FIXED - 1] or ""), count_of(told[-1] or "")
        goods["place"] = told[_FIXED] if len(told) > _FIXED + 1 else None
    return goods
