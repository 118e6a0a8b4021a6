"""Files of a post: from the markup at their place in the text, their hidden menus, and the list below the body.

Discuz shows one file in up to three places. Each place adds what it knows to one record under the file's aid.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, has_class, one_line, pass_over, text_of
from discuz_scrape._source import Source
from discuz_scrape._urls import aid_in_token

__all__ = ["Files", "Menu", "MenuLine", "aid_of_id", "best_source", "is_placeholder", "menu_number", "picture"]

_SIZE = re.compile(r"(?<![\d.,])([\d.,]{1,20})\s{0,9}(Bytes|B|KB|MB|GB|TB)\b", re.IGNORECASE)
_FACTOR = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_DOWNLOADS = "下[载載]次[数數]|downloads?"
_COUNT = re.compile(
    rf"(?:({_DOWNLOADS})\s*|(售[价價])\s{{0,9}}|[阅閱][读讀][权權]限\s{{0,9}})[:：]\s{{0,9}}(\d{{1,18}})",
    re.IGNORECASE,
)
_UPLOADED = re.compile(r"(.{0,40}?)\s{0,9}上[传傳]$")
_UPLOADED_ENDS = ("上传", "上傳")
_PLAIN_TIME = re.compile(r"\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}")
_COUNT_BEHIND = re.compile(rf"\s*(?:{_DOWNLOADS})\s*[:：]\s*\d+$", re.IGNORECASE)
_MENU_WORDS = ("点击文件名下载附件", "點擊文件名下載附件")
_FACTS = re.compile(rf"{_SIZE.pattern}|{_COUNT.pattern}", re.IGNORECASE)
_MENU_ID = re.compile(r"(?:aimg_|attach_|aid)(\d+)_menu")
_FILE_ID = re.compile(r"(?:aimg_|attach_|aid)(\d+)")
_PLACEHOLDER = re.compile(
    r"(?:none|blank|loading|lazy(?:load)?|placeholder|transparent|spacer|pixel|gr[ae]y|1x1|dot)\.(?:gif|png|svg|jpe?g)",
    re.IGNORECASE,
)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp)$", re.IGNORECASE)
_PIXELS = re.compile(r"(\d{1,5})(?:px)?\s*$")
_LAZY = ("zoomfile", "file", "data-original", "data-src", "data-lazy-src", "data-lazy", "data-url", "data-echo")
_SOURCES = (*_LAZY, "src")

A, DL, EM, IMG, P, SPAN, STRONG = (TAG_IDS[name] for name in ("a", "dl", "em", "img", "p", "span", "strong"))
_MARKED = frozenset({A, EM, SPAN})  # no description stands in one of these

Record = dict[str, Any]


def aid_of_id(ident: str | None) -> int | None:
    """The aid in an element id such as `attach_5` or `aid5`."""
    found = _FILE_ID.fullmatch(ident) if ident else None
    return int(found[1]) if found and len(found[1]) < 19 else None


def menu_number(ident: str | None) -> str | None:
    """The aid in the id of the hidden menu of a file, as written."""
    found = _MENU_ID.fullmatch(ident) if ident and ident.endswith("_menu") else None
    return found[1] if found is not None else None


def is_placeholder(src: str | None) -> bool:
    """Whether an image source only holds the place until a script loads the picture."""
    return not src or src.startswith("data:") or _PLACEHOLDER.match(src, src.rfind("/") + 1) is not None


def best_source(attributes: dict[str, str | None]) -> str | None:
    """The address of a picture: the first of its lazy-loading attributes that is no placeholder."""
    for name in _SOURCES:
        source = attributes.get(name)
        if source and not is_placeholder(source):
            return source
    return None


def _bytes(found: re.Match[str]) -> int | None:
    try:
        return round(float(found[1].replace(",", "")) * _FACTOR[found[2][0].upper()])
    except ValueError:  # "1.2.3 KB"
        return None


def _pixels(text: str | None) -> int | None:
    found = _PIXELS.match(text) if text else None
    return int(found[1]) or None if found else None


def picture(
    page: Source, attributes: dict[str, str | None], aid: int | None, source: str | None = None
) -> Record | None:
    """A picture in the content, by its `img` and, where that is known, its best source; None where this is none."""
    source = source or best_source(attributes)
    url = page.absolute(source)
    if url is None:
        return None
    smaller = attributes.get("file")
    thumbnail = page.absolute(smaller) if smaller and smaller != source and not is_placeholder(smaller) else None
    return {
        "url": url,
        "thumbnail_url": thumbnail if thumbnail != url else None,
        "aid": aid,
        "width": _pixels(attributes.get("width")),
        "height": _pixels(attributes.get("height")),
    }


class MenuLine(NamedTuple):
    """A line of words in a menu: when the file came, or what is said of it."""

    words: str
    bare: bool = True
    """Whether it stands in no tag of its own, as a description does."""
    title: str | None = None
    """The title of what stands right before it."""


class Menu(NamedTuple):
    """The hidden menu of a file."""

    filename: str | None
    hrefs: list[str]
    lines: list[MenuLine]
    facts: str
    """Words that tell size and counts."""


class Files:
    """The attachments of one post, gathered from wherever the page shows them."""

    __slots__ = ("_page", "listed", "records")

    def __init__(self, page: Source) -> None:
        self.listed: list[Record] = []
        """The pictures below the body, for the content's images."""
        self.records: dict[int, Record] = {}
        """What was gathered by aid, in page order, ready for the model."""
        self._page = page

    def record(self, aid: int) -> Record:
        """The record of one file, begun where it is new."""
        found = self.records.get(aid)
        if found is None:
            found = self.records[aid] = {"aid": aid, "is_image": False, "inline": False}
        return found

    def add_picture(
        self, aid: int, attributes: dict[str, str | None], *, inline: bool, source: str | None = None
    ) -> Record:
        """A picture by its `img` and, where that is known, its best source; `file` or `src` may be smaller."""
        record = self.record(aid)
        record["is_image"] = True
        if inline:
            record["inline"] = True
        source = source or best_source(attributes)
        best = self._page.absolute(source)
        if "guestviewthumb_cur" in (attributes.get("class") or "") or "mod=image&" in (source or ""):
            record["thumbnail_url"] = best  # the original is nowhere on such a page
            return record
        record["url"] = best
        for smaller in (attributes.get("file"), attributes.get("src")):
            if smaller == source or not is_placeholder(smaller):
                if smaller != source and (url := self._page.absolute(smaller)) != best:
                    record["thumbnail_url"] = url
                break
        return record

    def add_file(self, aid: int, span: Node) -> None:
        """A file placed in the text: `span#attach_AID` with its link, size and count."""
        record = self.record(aid)
        record["inline"] = True
        for node in descendants(span):
            if node.tag_id == A:
                self._link(record, node)
        record["is_image"] = record["is_image"] or _has_picture_icon(span)
        self._facts(record, _words_beside(span))

    def add_menu_box(self, box: Node, number: str) -> None:
        """The hidden menu of a file by its box."""
        if len(number) <= 18:
            self.add_menu(int(number), _menu_in(box))

    def add_menu(self, aid: int, menu: Menu) -> None:
        """The hidden menu of a file: for a picture in the text the only place with name, size and time."""
        record = self.record(aid)
        if menu.filename:
            record.setdefault("filename", menu.filename)
        for href in menu.hrefs:
            self._take_address(record, href, named=False)
        for line in menu.lines:
            self._menu_line(record, line)
        self._facts(record, menu.facts)

    def _menu_line(self, record: Record, line: MenuLine) -> None:
        """A bare line: the time of the upload (a recent one stands in a title before the word), or the description."""
        words, bare, title = line
        if words.endswith(_UPLOADED_ENDS) and (uploaded := _UPLOADED.match(words)) is not None:
            record["uploaded_at"] = self._page.clock.read(title or uploaded[1])
        elif _PLAIN_TIME.fullmatch(words):  # up to 7.2
            record["uploaded_at"] = self._page.clock.read(words)
        elif bare and title is None and self._is_description(words):
            record.setdefault("description", words)

    def _is_description(self, words: str) -> bool:
        """Whether a line is none of those that Discuz writes."""
        if words in _MENU_WORDS or words in "[]" or _FACTS.search(words):
            return False
        return self._page.clock.read(words) is None

    def add_list(self, box: Node) -> None:
        """The list below the body: a `dl.tattl` for each file."""
        for node in descendants(box):
            if node.tag_id == DL:
                self.add_entry(node)

    def add_entry(self, entry: Node) -> None:
        """One file of a list: its `dl.tattl`."""
        record: Record | None = None
        for node in descendants(entry):
            tag, ident = node.tag_id, node.id
            if (number := menu_number(ident)) is not None:
                self.add_menu_box(node, number)
            elif tag == A and ident and (aid := aid_of_id(ident)) is not None:
                record = self.record(aid)
                self._link(record, node)
            elif tag == IMG and (aid := aid_of_id(ident)) is not None:
                attributes = node.attributes
                record = self.add_picture(aid, attributes, inline=False)
                record.setdefault("filename", one_line(attributes.get("title") or attributes.get("alt")))
                if (image := picture(self._page, attributes, aid)) is not None:
                    self.listed.append(image)
            elif tag == P and record is not None and (words := _description(node)):
                record.setdefault("description", words)
        if record is not None:
            self._facts(record, _words_beside(entry))

    def add_box(self, aid: int, box: Node, *, inline: bool = False) -> None:
        """A file on a page for phones: one box that holds its link and all that is told of it."""
        record = self.record(aid)
        record["inline"] = record["inline"] or inline
        name = next((node for node in descendants(box) if has_class(node, "link")), None)
        if name is not None and (words := one_line(text_of(name))):
            record.setdefault("filename", words)
        lines = []
        walk = descendants(box)
        for node in walk:
            tag = node.tag_id
            if tag == A and aid in (aid_of_id(node.id), aid_in_token(node.attributes.get("href"))):
                self._link(record, node)
            elif tag == P and (words := _description(node)):
                record.setdefault("description", words)
                pass_over(walk, node)
            elif tag == IMG and "filetype/image." in (node.attributes.get("src") or ""):
                record["is_image"] = True
            elif tag == TEXT and (words := one_line(node.text_content)) and words != record.get("filename"):
                lines.append(words)
        self._facts(record, " ".join(lines))
        moments = (self._page.clock.read(words) for words in lines)
        record.setdefault("uploaded_at", next((moment for moment in moments if moment is not None), None))

    def add_caption(self, aid: int, words: str | None) -> None:
        """The words on a picture where nothing else names it: what the uploader said, else the name of the file."""
        if words:
            name = "filename" if _PICTURE_NAME.search(words) else "description"
            self.record(aid).setdefault(name, words)

    def _link(self, record: Record, link: Node, *, named: bool = True) -> None:
        """A link to the file; those that buy it or list who bought it lead elsewhere."""
        href = link.attributes.get("href")
        if named and "filename" not in record and (words := one_line(text_of(link))):
            record["filename"] = words
        if href:
            self._take_address(record, href, named=named)

    def _take_address(self, record: Record, href: str, *, named: bool) -> None:
        if "url" not in record and "action=" not in href and (named or aid_in_token(href) == record["aid"]):
            record["url"] = self._page.absolute(href)

    def _facts(self, record: Record, words: str) -> None:
        if "size" not in record and (size := _SIZE.search(words)):
            record["size"] = _bytes(size)
        for downloads, price, number in _COUNT.findall(words):
            record.setdefault("downloads" if downloads else "price" if price else "read_permission", int(number))


def _menu_in(box: Node) -> Menu:
    filename = None
    hrefs: list[str] = []
    lines: list[MenuLine] = []
    for node in descendants(box, blank=False):
        tag = node.tag_id
        if tag == TEXT:
            if (words := one_line(node.text_content)) and (place := _tag_around(node)) != STRONG:
                lines.append(MenuLine(words, place not in _MARKED, _title_before(node)))
        elif tag == STRONG:
            filename = filename or one_line(text_of(node))
        elif tag == A and (href := node.attributes.get("href")):
            hrefs.append(href)
            if "attachment" in href and (title := one_line(node.attributes.get("title"))):
                filename = _COUNT_BEHIND.sub("", title)  # up to X2 the name stands here, and the count
                lines.append(MenuLine(title, bare=False))
    return Menu(filename, hrefs, lines, " ".join([line.words for line in lines]))


def _has_picture_icon(span: Node) -> bool:
    """Whether the icon before a file says picture: so are those shown that were not paid for."""
    node = span.prev
    while node is not None and node.tag_id == TEXT:
        node = node.prev
    return node is not None and node.tag_id == IMG and "filetype/image." in (node.attributes.get("src") or "")


def _description(line: Node) -> str | None:
    """The uploader's words; in the touch template of X3.5 they are alone in a box behind the link."""
    classes = line.attributes.get("class") or ""
    box = line.parent
    told = "xg2" in classes or (classes == "f_9" and box is not None and not box.attributes)
    return one_line(text_of(line)) if told else None


def _tag_around(node: Node) -> int | None:
    parent = node.parent
    return parent.tag_id if parent is not None else None


def _title_before(node: Node) -> str | None:
    """The title of a `span` right before a node."""
    before = node.prev
    return before.attributes.get("title") if before is not None and before.tag_id == SPAN else None


def _words_beside(entry: Node) -> str:
    """Text of an entry without its links, for a name may look like a size, and without its menu."""
    parts = []
    stack: list[Node] = []
    node = entry.first_child
    while node is not None or stack:
        if node is None:
            node = stack.pop().next
            continue
        if node.tag_id == TEXT:
            parts.append(node.text_content or "")
        elif (child := node.first_child) is not None and node.tag_id != A and menu_number(node.id) is None:
            stack.append(node)
            node = child
            continue
        node = node.next
    return " ".join(parts)
