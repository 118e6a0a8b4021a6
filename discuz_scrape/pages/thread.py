"""The desktop thread page: from its text to a `Thread`."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._bounds import check_bounds
from discuz_scrape._dates import day_order
from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, elements, one_line, parse, select, text_of
from discuz_scrape._page import Page, offset_text, without_chrome
from discuz_scrape._words import PENDING, REPLIES, VIEWS
from discuz_scrape.models import Thread
from discuz_scrape.pages._author import read_name_link
from discuz_scrape.pages._post import LANDMARKS, PostReader
from discuz_scrape.pages._special import read_sort_fields, read_special

__all__ = ["read_thread"]

_A, _DIV, _H1, _I, _IMG, _INPUT, _SPAN, _STRONG, _TR = (
    TAG_IDS[name] for name in ("a", "div", "h1", "i", "img", "input", "span", "strong", "tr")
)
_BRACKETS = re.compile(r"[\[【]([^\[\]【】]{1,100})[\]】]")
_DIGITS = re.compile(r"\d+")
_LAST_NUMBER = re.compile(r"\D*(\d{1,9})\D*$").match
_YEAR_LAST = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b")
_PAGE_OF_TITLE = re.compile(r"第\s{0,9}(\d{1,9})\s{0,9}[页頁]")
_MODERATION = re.compile(r"由\s*(?P<by>.+?)\s*(?:[于於]|at)\s*(?P<at>.*?)\s+(?P<action>\S.*)$")
_PRICE = re.compile(r"支付\s{0,9}(\d{1,9})|[价價]格\s{0,9}[:：]\s{0,9}(\d{1,9})")
_DATE_REACH = 200  # characters behind the id of a date line in which its date stands
_PAGE_SIZE = 10  # what an install begins with

Record = dict[str, Any]


_POST_IDS = frozenset({"post_", "pid"})
_NAMES = frozenset({"pg", "pt", "tath", "thread_subject", *_POST_IDS, *LANDMARKS})
_SELECTOR = (
    "[id],h2,label.pdbts,div:not([id]):is(.attach_nopermission,.locked,.mobile-location,.pattl,.pg,.sign)"
)
"""All landmarks of the page in one selection; the tables here and in `_post` say what each is."""
_SPOTS = "#threadstamp,.modact,.pcbs,.ptg,.typeoption"
"""What the first post holds for the whole thread: stamp, moderator line, tags, sort form."""


def read_thread(page: Page, *, charset: str | None, formats: frozenset[str]) -> Thread | None:
    """The thread of a page; None where the tree has no post of a desktop page."""
    middle = page.middle()
    check_bounds(middle, page.url)
    root = parse(without_chrome(middle))
    _settle_date_order(page)
    head, readers = _read_landmarks(page, root, formats)
    if not _is_thread_page(page, head, readers):
        return None
    posts = _finish(page, readers)
    _look_for_lost_posts(page, readers)
    thread = _read_head(page, root, head)
    _number_posts(thread, posts, readers)
    _read_first_post(page, thread, posts[0], readers[0])
    _complete_posts(page, thread, posts)
    thread["posts"] = posts
    thread["site"] = _read_site(page, thread, charset)
    thread["issues"] = tuple(page.issues)
    return Thread.model_validate(thread)


def _look_for_lost_posts(page: Page, readers: list[PostReader]) -> None:
    """Say so where broken markup left the rest of the posts inside a body."""
    at = page.text.rfind('id="authorposton')
    number = page.text[at + 16 : at + 40].partition('"')[0]
    if at >= 0 and readers and not any(reader.number == number for reader in readers):
        page.note("posts", f"post {number} lies inside the body of another one: the page's markup is broken")


def _is_thread_page(page: Page, head: dict[str, Node], readers: list[PostReader]) -> bool:
    """Whether these are posts of a desktop page: two marks of Discuz!, and frames that are tables.

    Other software has an element `post_12` too, and the pages for phones have `pidN` boxes.
    """
    if any(reader.in_box for reader in readers):
        return False
    marks = [
        any(reader.posted is not None for reader in readers),
        any(reader.body is not None for reader in readers),
        "thread_subject" in head,
        page.number("tid") is not None,
        page.viewer_uid() is not None,
    ]
    return any(marks[:2]) and sum(marks) > 1


def _read_landmarks(page: Page, root: Node, formats: frozenset[str]) -> tuple[dict[str, Node], list[PostReader]]:
    """Go through the landmarks in page order: those before the first post, and for each post a reader fed with its own.

    What lies inside a body is no landmark, whatever its id says: somebody may have written HTML that looks like a post.
    """
    head: dict[str, Node] = {}
    readers: list[PostReader] = []
    reader: PostReader | None = None
    for node in root.css(_SELECTOR):
        ident = node.id
        name = _class_of(node) if ident is None else ident.rstrip("0123456789")
        if name not in _NAMES:
            continue
        if reader is not None and reader.body is not None and node.mem_id in reader.body.seen:
            continue
        read = LANDMARKS.get(name)
        if read is not None:
            if reader is not None:
                try:
                    read(reader, node)
                except Exception as error:  # noqa: BLE001 - whatever is wrong with one post, the others come out
                    reader.broken = f"{type(error).__name__}: {error}"
        elif ident is not None and name in _POST_IDS:
            number = ident[len(name) :]
            if number and len(number) < 19:
                if reader is None or reader.number != number:
                    reader = PostReader(page, number, node, formats, f"posts[{len(readers)}]")
                    readers.append(reader)
                if name == "pid":
                    reader.in_box = node.tag_id == _DIV
        elif reader is None:
            head.setdefault(name, node)
    return head, readers


def _class_of(node: Node) -> str:
    for name in (node.attributes.get("class") or "").split():
        if name in _NAMES:
            return name
    return node.tag or ""


def _finish(page: Page, readers: list[PostReader]) -> list[Record]:
    """The records of all posts that could be read; readers of the others are taken out."""
    posts = []
    for reader in readers[:]:
        try:
            if reader.broken is None:
                posts.append(reader.finish())
                continue
        except Exception as error:  # noqa: BLE001 - as above
            reader.broken = f"{type(error).__name__}: {error}"
        page.note(reader.path, f"post {reader.post['pid']} was left out: {reader.broken}")
        readers.remove(reader)
    return posts


# ------------------------------------------------------------ dates


def _settle_date_order(page: Page) -> None:
    """On a page whose dates end with the year, tell day from month by all of them."""
    text = page.text
    at = text.find("authorposton")
    if at < 0 or not _YEAR_LAST.search(text, at, at + _DATE_REACH):
        return
    words = [page.footer_words] if page.footer_words else []
    while at >= 0:
        words.append(text[at : at + _DATE_REACH])
        at = text.find("authorposton", at + 1)
    page.order_dates(day_order(words, page.now) or day_order([text], page.now))


# ------------------------------------------------------------ head


def _read_head(page: Page, root: Node, spots: dict[str, Node]) -> Record:
    """What stands before the first post: subject, counters, breadcrumb, pager."""
    thread: Record = {"tid": page.number("tid"), "closed": False}
    subject = spots.get("thread_subject")
    place = subject if subject is not None else _find_heading(root)
    thread["subject"] = (one_line(text_of(place)) if place is not None else None) or page.title()
    if thread["subject"] is None and not page.is_fragment:
        page.note("subject", "the page has neither a subject nor a title")
    if subject is not None:
        _read_heading(thread, subject)
    crumbs = spots.get("pt")
    links = _links(page, crumbs) if crumbs is not None else _find_crumbs(page, root)
    thread["breadcrumbs"] = tuple(links)
    thread["forum"] = _read_forum(page, links)
    canonical = page.absolute(page.canonical())
    if thread["tid"] is None:
        thread["tid"] = next(
            (tid for tid in (_urls.tid_in(canonical), _urls.tid_in(page.url)) if tid is not None),
            _urls.tid_in(links[-1]["url"]) if links else None,
        )
    thread["url"] = canonical or _thread_url(page, thread["tid"])
    _read_pager(page, thread, spots.get("pg"))
    starter = spots.get("tath")
    if starter is not None:
        thread["author"] = _read_starter(starter)
    return thread


def _find_heading(root: Node) -> Node | None:
    """The first heading, where no element is marked as the subject and one stands before the posts."""
    found = select(root, 'h1,[id^="post_"],[id^="pid"]')
    return found[0] if found and found[0].tag_id == _H1 else None


def _thread_url(page: Page, tid: int | None) -> str | None:
    return page.absolute(f"forum.php?mod=viewthread&tid={tid}") if tid is not None else None


def _read_heading(thread: Record, subject: Node) -> None:
    """Around the subject: type and sort before it, state words and icons behind it, counters in the same row."""
    brackets: list[tuple[str, str]] = []
    node = subject.prev
    while node is not None:
        words = text_of(node)
        href = (node.attributes.get("href") or "") if node.tag_id == _A else ""
        brackets = [(found.strip(), href) for found in _BRACKETS.findall(words) if found.strip()] + brackets
        node = node.prev
    for words, href in brackets:
        name = "sort_name" if "sortid=" in href or "type_name" in thread else "type_name"
        thread.setdefault(name, words)
    box = subject.parent
    while box is not None and box.tag_id not in (_H1, _TR):
        box = box.parent
    if box is None:
        return
    cell = box.parent if box.tag_id == _H1 else box
    for node in elements(cell) if cell is not None else ():
        tag = node.tag_id
        if (tag == _IMG and "locked" in (node.attributes.get("src") or "")) or (
            tag == _I and "fico-lock" in (node.attributes.get("class") or "")
        ):
            thread["closed"] = True
    behind = box.next
    while behind is not None:
        if behind.tag_id == _SPAN and PENDING.search(text_of(behind)):
            thread["_pending"] = True
        behind = behind.next
    row = cell
    while row is not None and row.tag_id != _TR:
        row = row.parent
    _read_counters(thread, row)


def _read_counters(thread: Record, row: Node | None) -> None:
    """Views and replies, by the words beside them; in another language by their place in the first cell."""
    cell = row.first_child if row is not None else None
    while cell is not None and cell.tag_id == TEXT:
        cell = cell.next
    if cell is None or (cell.next is None and cell.prev is None):
        return
    words = one_line(text_of(cell)) or ""
    views, replies = VIEWS.search(words), REPLIES.search(words)
    if views is None and replies is None and "tath" not in (cell.id or ""):
        numbers = [one_line(text_of(node)) or "" for node in select(cell, ".xi1")]
        if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
            thread["views"], thread["replies"] = (int(number[:18]) for number in numbers)
    else:
        thread["views"] = int(views[1][:18]) if views else None
        thread["replies"] = int(replies[1][:18]) if replies else None


def _links(page: Page, box: Node) -> list[Record]:
    links = []
    for node in elements(box):
        if node.tag_id == _A:
            words = one_line(text_of(node))
            url = page.absolute(node.attributes.get("href"))
            if words and url:
                links.append({"url": url, "text": words})
    return links


def _find_crumbs(page: Page, root: Node) -> list[Record]:
    """A breadcrumb in a skin's own box: the links around the last link to the board before the posts."""
    fid = page.number("fid")
    board: Node | None = None
    for link in select(root, "a[href]"):
        ident = (link.id or "").rstrip("0123456789")
        if ident == "postnum":
            break
        href = link.attributes.get("href") or ""
        if text_of(link).strip() and _urls.is_board(href) and (fid is None or _urls.fid_in(href) == fid):
            parent = link.parent
            if board is None or (parent is not None and len(select(parent, "a")) > 1):
                board = link
    return _links(page, board.parent) if board is not None and board.parent is not None else []


def _read_forum(page: Page, links: list[Record]) -> Record | None:
    """The board: its number from the page's own script, its name from the last link of the breadcrumb that is one."""
    fid = page.number("fid")
    board = None
    for link in reversed(links):
        if _urls.is_board(link["url"]):
            if fid is None or _urls.fid_in(link["url"]) == fid:
                board = link
                break
            board = board or link
    if board is None and len(links) > 2:
        board = links[-2]  # the last is the thread itself
    if board is None:
        return {"fid": fid} if fid is not None else None
    return {"fid": fid if fid is not None else _urls.fid_in(board["url"]), "name": board["text"]}


def _read_pager(page: Page, thread: Record, pager: Node | None) -> None:
    if pager is None and page.is_fragment:
        thread["page"] = thread["total_pages"] = None
        return
    if pager is None:
        found = _PAGE_OF_TITLE.search(page.title_words() or "")
        thread["page"] = int(found[1]) if found else 1
        thread["total_pages"] = thread["page"]
        return
    current = total = None
    last = 0
    for node in elements(pager):
        tag = node.tag_id
        if tag == _A or (tag == _STRONG and current is None):
            found = _LAST_NUMBER(text_of(node))
            if found is not None:
                number = int(found[1])
                if tag == _A:
                    last = max(last, number)
                else:
                    current = number
        elif tag == _INPUT and current is None:
            value = node.attributes.get("value") or ""
            current = int(value[:9]) if value.isdecimal() else None
        elif tag == _SPAN and (found := _DIGITS.search(node.attributes.get("title") or text_of(node))) is not None:
            total = int(found.group()[:9])
    thread["page"] = current or 1
    thread["total_pages"] = max(last if total is None else total, thread["page"])


def _read_starter(box: Node) -> Record | None:
    """On later pages the head names the author of the thread."""
    author: Record = {}
    for node in descendants(box):
        if node.tag_id == _A:
            href = node.attributes.get("href") or ""
            words = one_line(text_of(node))
            uid = _urls.uid_in(href)
            if words:
                read_name_link(author, node, href, words)
            elif uid is not None:
                author.setdefault("uid", uid)
    if "name" not in author and (words := one_line(text_of(box))) and "uid" not in author:
        author = {"kind": "anonymous", "anonymous": True}
    return author or None


# ------------------------------------------------------------ posts among each other


def _number_posts(thread: Record, posts: list[Record], readers: list[PostReader]) -> None:
    """Tell the first post, and give a floor to those whose link carries none."""
    inferred = False
    for post, reader in zip(posts, readers, strict=True):
        post["is_first"] = False
        if post.get("floor") is None and not post.get("recommended"):
            post["floor_inferred"] = inferred = True
    first, href = posts[0], readers[0].floor_href
    if thread.get("page") in (1, None) and first.get("floor") in (1, None) and not first.get("sticky"):
        first["is_first"] = href is None or ("findpost" not in href and "pid=" not in href)
    if inferred:
        _infer_floors(thread, posts)


def _infer_floors(thread: Record, posts: list[Record]) -> None:
    """Floors by order: from a neighbour that has one, else from the page and the number of posts on it."""
    own = [post for post in posts if not post.get("sticky") and not post.get("recommended")]
    known = [(place, post["floor"]) for place, post in enumerate(own) if post.get("floor") is not None]
    step = 1
    if len(known) > 1 and known[-1][1] < known[-2][1]:
        step = -1
    page_number = thread.get("page") or 1
    last_page = page_number == (thread.get("total_pages") or page_number)
    size = max(len(own), _PAGE_SIZE) if last_page else len(own)
    for place, post in enumerate(own):
        if post.get("floor") is None:
            if known:
                near, floor = min(known, key=lambda pair: abs(pair[0] - place))
                post["floor"] = max(floor + step * (place - near), 1)
            else:
                post["floor"] = (page_number - 1) * size + place + 1


def _read_first_post(page: Page, thread: Record, post: Record, reader: PostReader) -> None:
    """What the first post tells of the whole thread."""
    if not post["is_first"]:
        return
    thread.setdefault("author", post["author"])
    spots = _find_spots(reader)
    if (stamp := spots.get("threadstamp")) is not None:
        for node in descendants(stamp):
            if node.tag_id == _IMG:
                thread["stamp"] = one_line(node.attributes.get("title") or node.attributes.get("alt"))
    if (line := spots.get("modact")) is not None:
        thread["moderation"] = _read_moderation(page, line)
    if (tags := spots.get("ptg")) is not None:
        thread["tags"] = tuple(
            words for link in select(tags, "a") if (words := one_line(text_of(link))) and "tag" in (link.attributes.get("href") or "")
        )
    if (form := spots.get("typeoption")) is not None:
        name, fields = read_sort_fields(form)
        thread["sort_fields"] = fields
        if name:
            thread.setdefault("sort_name", name)
    thread.update(read_special(page, reader.node))
    if "special" not in thread and "pcbs" in spots:
        thread["special"] = "plugin"
    for notice in reader.notices:
        if notice["kind"] == "paid" and (found := _PRICE.search(notice["text"])):
            thread["price"] = int(found[1] or found[2])
    told = f"{thread.get('stamp') or ''} {(thread.get('moderation') or {}).get('action') or ''}"
    if "精华" in told or "精華" in told:
        thread["digest"] = "解除精" not in told
    if "置顶" in told or "置頂" in told:
        thread["sticky"] = "解除置" not in told
    if thread.pop("_pending", False) and post.get("status", "normal") == "normal":
        post["status"] = "pending"
        post["notices"] = (*post.get("notices", ()), {"kind": "pending", "text": "审核中"})


def _find_spots(reader: PostReader) -> dict[str, Node]:
    """The boxes of `_SPOTS` by id and class; those in the body are the author's own."""
    seen = reader.body.seen if reader.body is not None else ()
    spots: dict[str, Node] = {}
    for box in select(reader.node, _SPOTS):
        if box.mem_id not in seen:
            for name in (box.id or "", *(box.attributes.get("class") or "").split()):
                spots.setdefault(name, box)
    return spots


def _read_moderation(page: Page, line: Node) -> Record | None:
    """`本主题由 NAME 于 TIME ACTION`; the time may stand in a title."""
    words = one_line(text_of(line))
    if words is None:
        return None
    found = _MODERATION.search(words)
    titles = [title for node in descendants(line) if node.tag_id == _SPAN and (title := node.attributes.get("title"))]
    at = page.clock.read(titles[0]) if titles else page.clock.read(words)
    if found is None:
        return {"action": words, "at": at}
    action = re.sub(r"^[\d:]+(?:\s*[AP]M)?\s+", "", found["action"])
    if titles:
        shown = [one_line(text_of(node)) for node in descendants(line) if node.tag_id == _SPAN and node.attributes.get("title")]
        action = words.partition(shown[0] or "\0")[2].strip() or action
    return {"by": found["by"], "at": at, "action": action}


def _complete_posts(page: Page, thread: Record, posts: list[Record]) -> None:
    tid = thread["tid"]
    starter = (thread.get("author") or {}).get("uid")
    permalink = page.absolute(f"forum.php?mod=redirect&goto=findpost&ptid={tid}&pid=") if tid is not None else None
    for post in posts:
        post["tid"] = tid
        if permalink is not None:
            post["url"] = f"{permalink}{post['pid']}"
        if post["is_first"]:
            post["is_starter"] = True
            post["subject"] = thread["subject"]
        elif starter is not None and post["author"].get("uid") == starter:
            post["is_starter"] = True


def _read_site(page: Page, thread: Record, charset: str | None) -> Record:
    crumbs = thread["breadcrumbs"]
    return {
        "name": page.site_name() or (crumbs[0]["text"] if crumbs else None),
        "url": page.base,
        "version": page.version(),
        "charset": charset,
        "utc_offset": offset_text(page.clock.offset, page.rendered_at),
        "utc_offset_assumed": page.offset_assumed,
        "rendered_at": page.rendered_at,
        "viewer_uid": page.viewer_uid(),
    }
