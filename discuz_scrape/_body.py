"""One walk of a post's body: what its author wrote goes into pieces, what the forum added goes where it belongs.

Whatever is not known to be the forum's own stays text: nothing that a person wrote may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._attachments import Files, aid_of_id, best_source, menu_number, picture
from discuz_scrape._code import code_lines
from discuz_scrape._content import BLANK, BREAK, CELL, CODE, EDGE, TAB, Close, Open, Piece, to_text
from discuz_scrape._html import (
    BLOCK_TAGS,
    TAG_IDS,
    TEXT,
    Node,
    beginning_of,
    children,
    descendants,
    elements,
    has_class,
    is_hidden,
    one_line,
    outermost,
    text_of,
)
from discuz_scrape._notices import notice_kind, notice_words
from discuz_scrape._quotes import Header, last_line_header, quote_header
from discuz_scrape._source import Source
from discuz_scrape._words import CHINESE, EDIT, PLAIN_EDIT

__all__ = ["Body"]

_SMILEY = re.compile(r"/(?:smil(?:ey|eys|ies|es?)?|emot(?:icon|ion)?s?|stickers?|emojis?)/", re.IGNORECASE)
_CHROME_IMAGE = re.compile(r"(?:static/image|images)/", re.IGNORECASE)
_FEW = 40  # nodes of the forum's own marks: what may nest without end is read no further
_LONGEST_EDIT = 400  # characters
_EDITED = " 编辑編輯"  # what the notice of an edit ends with, behind the date
_ICON_SIZE = 32  # CSS pixels: a picture that is stated to be no larger is a smiley or an icon
_PLAYER = re.compile(
    r"""detectPlayer\([^,]+,[^,]+,\s*["']([^"']+)["']
    | ["']src["']\s*,\s*(?:encodeURI\(\s*)?["']([^"']+)["']
    | <i?frame[^>]{0,200}?\ssrc=["']([^"']+)["']
    | \bfile=([^&"']+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCRIPT_LIMIT = 20_000

_T = TAG_IDS
_BR, _IMG, _A, _DIV, _SPAN, _BLOCKQUOTE = (_T[n] for n in ("br", "img", "a", "div", "span", "blockquote"))
_CELLS = frozenset({_T["td"], _T["th"]})
_FRAMES = frozenset(_T[name] for name in ("iframe", "embed", "video", "audio", "source", "object"))
_DROPPED = frozenset(_T[name] for name in ("style", "select", "input", "button", "option"))

Record = dict[str, Any]
Enter = tuple[Piece, ...] | None
"""What follows an element's content once it is left; None where the element is not entered."""


class Body:
    """What the body of one post holds."""

    __slots__ = (
        "_blank_until", "_inner_links", "_players", "edit", "ended", "files", "images", "links", "mentions", "notices",
        "page", "pieces", "quoted", "quotes", "rich", "seen",
    )  # fmt: skip

    def __init__(self, page: Source, *, rich: bool, quoted: bool = False) -> None:
        self.page = page
        self.rich = rich
        self.quoted = quoted  # a quote inside a quote is text of the quoted one
        self.pieces: list[Piece] = []
        self.quotes: list[Record] = []
        self.links: list[Record] = []
        self.images: list[Record] = []
        self.mentions: list[Record] = []
        self.notices: list[Record] = []
        self.edit: Record | None = None
        self.ended = False
        """Whether the next post was met: broken markup left it inside this body."""
        self.files = Files(page)
        self.seen: set[int] = set()
        self._blank_until = 0
        self._players: set[str] = set()
        self._inner_links: set[int] = set()
        """Links inside of links, which only broken markup has: the words are those of the outer one."""

    def read(self, cell: Node) -> None:
        """Walk the body cell once, in reading order."""
        self._walk(cell.first_child)
        if self.edit is None and not self.quoted:
            self._plain_edit()

    def read_text(self, words: str) -> None:
        """Take a body that has no markup left."""
        self.pieces.append(words)
        if "[" in words and self.edit is None and not self.quoted:
            self._plain_edit()

    def _plain_edit(self) -> None:
        """The edit notice as plain text in brackets, where a post's codes are off or an old version wrote it."""
        for position, piece in enumerate(self.pieces):
            if isinstance(piece, str) and (words := piece.lstrip(BLANK)):
                found = PLAIN_EDIT.match(words) if "[" in words else None
                at = self.page.clock.read(found["at"]) if found is not None else None
                if found is not None and at is not None:
                    self.edit = {"by": one_line(found["by"]), "at": at}
                    self.pieces[position] = words[found.end() :]
                return

    # ------------------------------------------------------------ the walk

    def _walk(self, node: Node | None) -> None:
        """Read a node, those that follow it, and all that is in them."""
        out = self.pieces
        add = out.append
        enter = self._enter
        left: list[tuple[Node, tuple[Piece, ...]]] = []
        while True:
            while node is not None:
                tag = node.tag_id
                if tag == TEXT:
                    add(node.text_content or "")
                elif tag == _BR:
                    add(BREAK)
                else:
                    closing = enter(node, tag)
                    if self.ended:
                        return
                    if closing is not None:
                        if (child := node.first_child) is not None:
                            left.append((node, closing))
                            node = child
                            continue
                        out += closing
                node = node.next
            if not left:
                return
            parent, closing = left.pop()
            out += closing
            node = parent.next

    def _enter(self, node: Node, tag: int | None) -> Enter:
        """Decide on one element: open it (and say what closes it), or read it whole and return None."""
        attributes = node.attributes
        classes = ""
        if attributes:
            self.seen.add(node.mem_id)
            classes = attributes.get("class") or ""
            ident = attributes.get("id")
            if ident is not None and (number := menu_number(ident)) is not None:
                self.files.add_menu_box(node, number)
                return None
            if "jammer" in classes or "gutter" in classes or is_hidden(attributes):
                return None
        handler = _HANDLERS.get(tag)
        if handler is not None:
            return handler(self, node, attributes, classes)
        return self._open(node, attributes, tag)

    def _open(self, node: Node, attributes: dict[str, str | None], tag: int | None) -> Enter:
        """Enter an element for its content."""
        if tag in BLOCK_TAGS:
            self.pieces.append(EDGE)
            if self.rich:
                name = node.tag or ""
                self.pieces.append(Open(name, attributes))
                return (EDGE, Close(name))
            return (EDGE,)
        if not self.rich:
            return ()
        name = node.tag or ""
        if name.startswith("-"):  # a comment or another node that is no element
            return None
        self.pieces.append(Open(name, attributes))
        return (Close(name),)

    def _leads(self) -> bool:
        """Whether nothing but blanks was read so far."""
        pieces = self.pieces
        for position in range(self._blank_until, len(pieces)):
            piece = pieces[position]
            if isinstance(piece, str) and piece.strip(BLANK):
                return False
            self._blank_until = position + 1
        return True

    # ------------------------------------------------------------ elements

    def _div(self, node: Node, attributes: dict[str, str | None], classes: str) -> Enter:
        ident = attributes.get("id")
        if ident is not None and ident.startswith("post_") and ident[5:] in self.page.unclosed_posts:
            self.seen.discard(node.mem_id)
            self.ended = True
            return None
        if classes:
            names = classes.split()
            if ("quote" in names or "reply_wrap" in names) and not self.quoted:  # the latter is that of the JSON API
                return self._quote(node, attributes)
            if "blockcode" in names:
                return self._code(node, lines_in="li")
            if "locked" in names:
                return self._notice(node)
            if "attach_nopermission" in names:
                return self._guest_tip(node)
            if "media" in names:
                return self._media(node)
            if "guestviewthumb" in names:
                return self._guest_thumbnail(node)
            if "a_pr" in names or ("_pr" in classes and any(name.endswith("_pr") for name in names) and self._leads()):
                return None
        if self._leads() and _is_banner(node):
            return None
        return self._open(node, attributes, _DIV)

    def _blockquote(self, node: Node, attributes: dict[str, str | None], classes: str) -> Enter:
        if "quote" in classes.split() and not self.quoted:
            return self._quote(node, attributes)
        return self._open(node, attributes, _BLOCKQUOTE)

    def _span(self, node: Node, attributes: dict[str, str | None], classes: str) -> Enter:
        ident = attributes.get("id")
        if ident is not None and ident.startswith("attach_") and ident[7:].isdecimal() and len(ident) < 26:
            self.files.add_file(int(ident[7:]), node)
            return None
        if classes == "xg1" and (words := one_line(beginning_of(node, _FEW))) in ("待审核", "待審核"):
            self.notices.append({"kind": "pending", "text": words})
            return None
        return self._open(node, attributes, _SPAN)

    def _italic(self, node: Node, attributes: dict[str, str | None], classes: str) -> Enter:
        if "pstatus" in classes and self.edit is None and self._leads():
            inside = islice(descendants(node), _FEW)
            titles = (inner.attributes.get("title") for inner in inside if inner.tag_id == _SPAN)
            if self.take_edit(beginning_of(node, _FEW), next(filter(None, titles), None)):
                return None
        return self._open(node, attributes, node.tag_id)

    def take_edit(self, words: str, title: str | None) -> bool:
        """Take the notice of an edit, whose full date may stand in a title; False where the words are no notice."""
        line = one_line(words[:_LONGEST_EDIT]) or ""
        found = EDIT.search(line)
        if found is None and CHINESE.search(line):  # Chinese words that are not Discuz's are the author's
            return False
        at = self.page.clock.read(title or line[found.end() if found else 0 :].rstrip(_EDITED))
        if at is not None:
            self.edit = {"by": (one_line(found["by"]) if found else None), "at": at}
        return at is not None

    def _cell(self, node: Node, attributes: dict[str, str | None], _classes: str) -> Enter:
        before = node.prev
        while before is not None:
            if before.tag_id in _CELLS:
                self.pieces.append(TAB)
                break
            before = before.prev
        if self.rich:
            name = node.tag or "td"
            self.pieces.append(Open(name, attributes))
            return (CELL, Close(name))
        return (CELL,)

    def _preformatted(self, node: Node, _attributes: dict[str, str | None], _classes: str) -> Enter:
        return self._code(node, lines_in=None)

    def _dropped(self, _node: Node, _attributes: dict[str, str | None], _classes: str) -> Enter:
        return None

    def _rule(self, _node: Node, _attributes: dict[str, str | None], _classes: str) -> Enter:
        self.pieces.append(EDGE)
        if self.rich:
            self.pieces.append(Open("hr", {}))
        return None

    # ------------------------------------------------------------ links and media

    def _anchor(self, node: Node, attributes: dict[str, str | None], classes: str) -> Enter:
        href = attributes.get("href")
        if not href:
            return self._open(node, attributes, _A)
        url = self.page.absolute(href)
        if url is None:
            return ()
        words = text_of(node, shown=True) if node.mem_id not in self._inner_links else ""
        if words and (first := node.first_child) is not None and (first.tag_id != TEXT or first.next is not None):
            self._inner_links.update(inner.mem_id for inner in elements(node) if inner.tag_id == _A)
        self.add_link(href, url, words, classes)
        if self.rich:
            self.pieces.append(Open("a", {"href": url}))
            return (Close("a"),)
        return ()

    def add_link(self, href: str, url: str, words: str, classes: str = "") -> None:
        """Take a link, or the name of a member that it is around."""
        line = one_line(words)
        if line and line[0] == "@" and len(line) > 1 and ("space" in href or _urls.uid_in(href) is not None):
            self.mentions.append({"name": line[1:], "uid": _urls.uid_in(href), "url": url})
        elif "relatedlink" not in classes:  # those the forum links by itself
            self.links.append({"url": url, "text": line})

    def _player_link(self, source: str | None) -> None:
        url = self.page.absolute(source)
        if url is not None and url not in self._players:
            self._players.add(url)
            self.links.append({"url": url, "text": None})

    def _media(self, node: Node) -> Enter:
        for child in descendants(node):
            if child.tag_id == _A:
                self._player_link(child.attributes.get("href"))
        return None

    def _frame(self, node: Node, attributes: dict[str, str | None], _classes: str) -> Enter:
        self._player_link(attributes.get("src") or attributes.get("data-src") or attributes.get("data"))
        return self._inside_player(node)

    def _inside_player(self, node: Node) -> Enter:
        for child in descendants(node):
            if child.tag_id in _FRAMES:
                self._player_link(child.attributes.get("src"))
        return None

    def _script(self, node: Node, _attributes: dict[str, str | None], _classes: str) -> Enter:
        child = node.first_child
        source = child.text_content if child is not None else None
        if source and "(" in source:
            for found in _PLAYER.finditer(source[:_SCRIPT_LIMIT]):
                self._player_link(next(group for group in found.groups() if group))
        return None

    def _image(self, _node: Node, attributes: dict[str, str | None], _classes: str) -> Enter:
        self.add_image(attributes)
        return None

    def add_image(self, attributes: dict[str, str | None]) -> None:
        """Take a picture, unless it is a smiley or one of the forum's own."""
        if "smilieid" in attributes:
            return
        source = best_source(attributes)
        aid = _aid_of(attributes, source)
        if aid is not None:
            self.files.add_picture(aid, attributes, inline=True, source=source)
        image = picture(self.page, attributes, aid, source) if source is not None else None
        if source is None or image is None or (aid is None and self._is_icon(source, image, attributes)):
            return
        self.images.append(image)
        if self.rich:
            words = attributes.get("alt") or attributes.get("title")
            sizes = {name: attributes.get(name) for name in ("width", "height")}
            self.pieces.append(Open("img", {"src": image["url"], "alt": words, **sizes}))

    def _is_icon(self, source: str, image: Record, attributes: dict[str, str | None]) -> bool:
        """Whether a picture is a smiley or one of the forum's own icons; a picture of stated size is what it is."""
        sizes = [size for size in (image["width"], image["height"]) if size is not None]
        if sizes:
            if max(sizes) > 3 * _ICON_SIZE:
                return False
            if len(sizes) == 2 and max(sizes) <= _ICON_SIZE:
                return True
        own = source.removeprefix(self.page.base or "\0")
        if _CHROME_IMAGE.match(own.removeprefix("./")):
            return True
        classes = attributes.get("class") or ""
        return _SMILEY.search(f"/{source}") is not None or "sticker" in classes or "emoji" in classes

    # ------------------------------------------------------------ what the forum put in

    def _notice(self, node: Node) -> Enter:
        self.pieces.append(EDGE)
        words = notice_words(node)
        if words:
            self.notices.append({"kind": notice_kind(words, node) or "login_to_view", "text": words})
        self.pieces.append(EDGE)
        return None

    def _heading(self, node: Node, attributes: dict[str, str | None], _classes: str) -> Enter:
        """The title of a box of revealed text is the forum's; any other heading is the author's."""
        box = node.parent
        if (
            box is not None
            and box.tag_id == _DIV
            and "showhide" in (box.attributes.get("class") or "")
            and next(children(box)).mem_id == node.mem_id
        ):
            if words := one_line(text_of(node)):
                self.notices.append({"kind": notice_kind(words, node) or "reply_to_view", "text": words})
            return None
        return self._open(node, attributes, _T["h4"])

    def _label(self, node: Node, attributes: dict[str, str | None], _classes: str) -> Enter:
        """The word above a quote, which the forum put there up to 7.2."""
        box = node.parent
        below = node.next
        if box is not None and has_class(box, "quote") and below is not None and below.tag_id == _BLOCKQUOTE:
            return None
        return self._open(node, attributes, _T["h5"])

    def _guest_tip(self, node: Node) -> Enter:
        if words := notice_words(node):
            self.notices.append({"kind": "login_to_view", "text": words})
        return None

    def _guest_thumbnail(self, node: Node) -> Enter:
        """A small rendering for guests, with a link that asks them to log in."""
        for child in descendants(node):
            if child.tag_id == _IMG:
                self._image(child, child.attributes, "")
        return self._guest_tip(node)

    def _quote(self, node: Node, attributes: dict[str, str | None]) -> Enter:
        block: Node | None = node
        if node.tag_id != _BLOCKQUOTE:
            block = node if "reply_wrap" in (attributes.get("class") or "") else None
            for child in children(node):
                if child.tag_id == _BLOCKQUOTE:
                    block = child
                    break
        if block is None:
            return self._open(node, attributes, node.tag_id)
        label = self._quote_label(node, block)
        reader = self._for_quote()
        header = quote_header(block, self.page.clock, label)
        if header is None:
            header = last_line_header(block, self.page.clock)
            if header is None:  # it is the author's own
                return self._open(node, attributes, node.tag_id)
            reader.read(block)
            text = to_text(reader.pieces).rpartition("\n")[0].strip("\n")  # but for the line of the header
        elif header.ends is not None:
            reader._walk(header.ends.next)
            text = to_text(reader.pieces)
        else:
            reader.read(block)
            first, _, text = to_text(reader.pieces).removeprefix(label).lstrip().partition("\n")
            text = f"{header.rest_of(first)}\n{text}".strip("\n")
        self.add_quote(header, text)
        self.seen.update([inner.mem_id for inner in elements(block)])
        self.pieces.append(EDGE)
        return None

    def add_quote(self, header: Header, text: str) -> None:
        """Take a quote by its header."""
        pid, tid = _urls.post_in(header.href)
        self.quotes.append({"pid": pid, "tid": tid, "author": header.author, "timestamp": header.at, "text": text})

    def _for_quote(self) -> Body:
        """What reads the text of a quote."""
        return Body(self.page, rich=False, quoted=True)

    def _quote_label(self, _box: Node, _block: Node) -> str:
        """A word that the forum puts before every quote; none on the desktop page."""
        return ""

    def _code(self, node: Node, lines_in: str | None) -> Enter:
        items = list(outermost(node, lines_in)) if lines_in else []
        inner = next((child for child in descendants(node) if child.tag == "pre"), None) if lines_in else None
        blocks = items or [inner or node]
        lines: list[str] = []
        for block in blocks:
            read = code_lines(block)
            if items and len(read) > 1 and not read[-1]:
                read.pop()  # each item but the last ends with a stray br
            lines += read
        while lines and not lines[-1]:
            lines.pop()
        self.pieces.append(EDGE)
        if self.rich:
            self.pieces.append(Open("pre", {}))
        for position, line in enumerate(lines):
            if position:
                self.pieces.append(BREAK)
            self.pieces.append(CODE + line)
        if self.rich:
            self.pieces.append(Close("pre"))
        self.pieces.append(EDGE)
        return None


_Handler = Callable[[Body, Node, dict[str, str | None], str], Enter]
_HANDLERS: dict[int | None, _Handler] = {
    _A: Body._anchor,
    _IMG: Body._image,
    _BLOCKQUOTE: Body._blockquote,
    _DIV: Body._div,
    _SPAN: Body._span,
    _T["i"]: Body._italic,
    _T["em"]: Body._italic,
    _T["hr"]: Body._rule,
    _T["h4"]: Body._heading,
    _T["h5"]: Body._label,
    _T["pre"]: Body._preformatted,
    _T["script"]: Body._script,
    **dict.fromkeys(_CELLS, Body._cell),
    **dict.fromkeys(_FRAMES, Body._frame),
    **dict.fromkeys(_DROPPED, Body._dropped),
}


def _aid_of(attributes: dict[str, str | None], source: str | None) -> int | None:
    aid = attributes.get("aid")
    if aid is not None and aid.isdecimal() and len(aid) < 19:
        return int(aid)
    if "showMenu" in (attributes.get("onmouseover") or "") and (named := aid_of_id(attributes.get("id"))) is not None:
        return named  # before X2.5 the id alone tells; that of a picture from elsewhere is drawn by lot
    return _urls.aid_in_token(source)


def _is_banner(node: Node) -> bool:
    """Whether a leading block has the shape of an ad: a styled box with one outside link round one image."""
    attributes = node.attributes
    if not attributes.get("class") or not re.search("width|margin|float", attributes.get("style") or ""):
        return False
    links = images = 0
    for child in descendants(node):
        if child.tag_id == TEXT:
            if (child.text_content or "").strip():
                return False
        elif child.tag_id == _A:
            links += 1
        elif child.tag_id == _IMG:
            images += 1
        if links > 1 or images > 1:
            return False
    return links == images == 1


