"""The kinds of page a forum has: how each is known, and what to tell a caller who wanted another kind."""

from __future__ import annotations

from dataclasses import dataclass

from discuz_scrape._html import Node, first, select


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page, known by the words of its `body` tag or, where a skin took those away, by its structure."""

    name: str
    """A plain identifier: "board", "archiver"."""
    what: str
    """What it is, for a message: "a board page (forumdisplay)"."""
    advice: str = ""
    """What the caller can do about it; "" where it is no page at all."""
    body: frozenset[str] = frozenset()
    """Words of `body[id]` and `body[class]` that only this kind has."""
    marks: str = ""
    """A CSS selector that matches on this kind only."""
    shape: str = ""
    """A CSS selector that has to match too, where other kinds have the same words on their `body` tag."""
    content: str = ""
    """A CSS selector of what it shows, where its marks are not, or not all, of that."""
    face: str = ""
    """The face for phones that it is a page of, "touch" or "mobile"; "" where the marks tell that too."""
    reads: str = ""
    """The module of `pages` that reads it; "" where none does."""

    def instead_of(self, wanted: str) -> str:
        """One line that names this kind to someone who wanted another: "a board page, not a thread page: …"."""
        return f"{self.what}, not {wanted}: {self.advice}" if self.advice else self.what


_DESKTOP = "give the desktop page of the thread (mobile=no)"
_OPEN = "open one of the threads it lists"
_MEMBER = "give a thread, such as one of those that the member started"
_TOUCH = 'script[src*="/js/mobile/"], link[href*="/image/mobile/"]'
"""What pages of the touch template load, from `static` or from the owner's own place for it."""
_OWN_LIST = '.header:has(a[href*="mycenter"] + span:not(.category)) ~ .threadlist'
"""A list of a member's own up to X3.4: its header has a button back to the member; that of favourites is a menu."""
_TO_POST = 'a[href*="goto=findpost"]'


def _kind(
    name: str,
    what: str,
    advice: str = "",
    *,
    body: str = "",
    marks: str = "",
    shape: str = "",
    content: str = "",
    reads: str = "",
) -> Kind:
    return Kind(name, what, advice, frozenset(body.split()), marks or shape, shape, content, reads=reads)


def _phone_kind(face: str, what: str, advice: str, *, marks: str, content: str = "", reads: str = "") -> Kind:
    """One of the pages for phones that are no threads: their marks count on a page of that face only."""
    return Kind(face, what, advice, marks=marks, content=content, face=face, reads=reads)


BOARD = _kind(
    "board",
    "a board page (forumdisplay)",
    _OPEN,
    body="pg_forumdisplay",
    marks='#threadlisttableid, table[summary^="forum_"], ul#waterfall, [id^="normalthread_"], [id^="subforum_"]',
    reads="lists.board",
)
"""The one kind that is also known without a tree, for its pages are many."""

KINDS: tuple[Kind, ...] = (
    # The other faces of the forum come first: their pages share classes with the desktop ones.
    _kind(
        "archiver",
        "an archiver thread page",
        "give the thread page that its last link leads to",
        marks="#header ~ #content > p.author",
        reads="plain.archiver",
    ),
    _kind(
        "archiver",
        "an archiver board page",
        _OPEN,
        marks='#header ~ #content ul[type="1"]',
        reads="plain.archiver_board",
    ),
    _kind(
        "archiver",
        "an archiver index page",
        "open one of its boards",
        marks="center#header ~ #content",
        content="center#header ~ #content li",
        reads="plain.archiver_index",
    ),
    _kind(
        "touch",
        "a touch thread page (mobile=2)",
        _DESKTOP,
        marks='.plc[id^="pid"] .message, .plc .display.pi .message',
        reads="phones.touch",
    ),
    _phone_kind(
        "touch",
        "a touch guide page (mobile=2)",
        _OPEN,
        marks='ul.hotlist, .user_fun .on a[href*="mod=guide"], .dhnv a[href*="mod=guide"]',
        reads="phones.touch_guide",
    ),
    _phone_kind(
        "touch",
        "a touch page of search results (mobile=2)",
        "open one of the threads it found",
        marks=".searchform ~ .threadlist, .searchform ~ .threadlist_box",
        reads="phones.touch_search",
    ),
    _phone_kind("touch", "a touch search page (its form only)", "give the page of results", marks=".searchform"),
    _phone_kind(
        "touch",
        "a touch list of a user's replies (mobile=2)",
        _OPEN,
        marks=f'body#home.pg_space .threadlist {_TO_POST}, {_OWN_LIST} {_TO_POST}',
        reads="phones.touch_posts",
    ),
    _phone_kind(
        "touch",
        "a touch list of a user's threads (mobile=2)",
        _OPEN,
        marks=f"body#home.pg_space .threadlist_foot, {_OWN_LIST}",
        reads="phones.touch_member_threads",
    ),
    _phone_kind(
        "touch",
        "a touch page of a user's profile (mobile=2)",
        _MEMBER,
        marks=".userinfo .user_avatar",
        reads="phones.touch_profile",
    ),
    _phone_kind(
        "touch",
        "a touch board page (mobile=2)",
        _OPEN,
        marks=(
            '.header a[href*="action=newthread"], .forumdisplay-top a[href*="action=newthread"],'
            '#dhnav_li a[href*="mod=forumdisplay"], .pg_forumdisplay .threadlist'
        ),
        content=".threadlist",
        reads="phones.touch_board",
    ),
    _phone_kind(
        "touch",
        "the touch forum index (mobile=2)",
        "open a board, then a thread",
        marks='[id^="sub_forum_"], [id^="sub-forum_"]',
        reads="phones.touch_index",
    ),
    _kind(
        "touch",
        "a touch page (mobile=2)",
        "give the desktop page (mobile=no)",
        marks=_TOUCH,
    ),
    _kind(
        "mobile",
        "a thread page of the old mobile template (mobile=1)",
        _DESKTOP,
        marks='.bm_user[id^="pid"], [id^="post_"] > .bm_user',
        reads="phones.mobile",
    ),
    _phone_kind(
        "mobile",
        "a board page of the old mobile template (mobile=1)",
        _OPEN,
        marks=".tl > .bm, .box.flif",
        reads="phones.mobile_board",
    ),
    _phone_kind(
        "mobile",
        "the forum index of the old mobile template (mobile=1)",
        "open a board, then a thread",
        marks=".fl > .bm",
        reads="phones.mobile_index",
    ),
    _kind(
        "mobile",
        "a page of the old mobile template (mobile=1)",
        "give the desktop page (mobile=no)",
        marks='meta[name="MobileOptimized"]',
    ),
    _kind(
        "print",
        "a print view (action=printable)",
        "give the thread page itself",
        marks='a[onclick*="window.print()"]',
        reads="plain.printable",
    ),
    _kind(
        "album",
        "the album view of a thread (from=album)",
        "drop from=album from its URL",
        marks="#imagelist_nav, #imagelistthumb",
        reads="plain.album",
    ),
    _kind(
        "preview",
        "a preview of a thread (from=preview, from=portal)",
        "drop from= from its URL",
        marks='dl.bbda em[id^="author_"], .fastpreview [id^="post_"], .vw > .d .pcb',
        reads="plain.preview",
    ),
    # What the software writes on the body tag of its own pages.
    _kind(
        "user_posts",
        "a list of one's own replies (mod=guide&view=my)",
        _OPEN,
        body="pg_guide",
        shape='#threadlist .tl_reply, #threadlist .a[href*="type=reply"], #threadlist .a[href*="type=postcomment"]',
        reads="members.user_posts",
    ),
    _kind(
        "guide",
        "a guide page (mod=guide)",
        _OPEN,
        body="pg_guide",
        marks='#thread_types a[href*="mod=guide"]',
        reads="lists.guide",
    ),
    BOARD,
    _kind(
        "group",
        "the home of a group (mod=group)",
        _OPEN,
        body="pg_group",
        shape="#groupnav .a:first-child",
        reads="lists.group",
    ),
    _kind("group", "the index of groups", "open a group, then a thread", body="nv_group", shape="#nv_group.pg_index"),
    _kind(
        "index",
        "the forum index",
        "open a board, then a thread",
        body="pg_index",
        marks='#category_lk, [id^="category_"]',
        content='[id^="category_"], :is(h2, h3, h4, dt) > a:is([href*="forumdisplay"], [href*="forum-"])',
        reads="lists.index",
    ),
    _kind(
        "search",
        "a page of search results",
        "open one of the threads it found",
        body="nv_search",
        shape=".sttl, .slst",
        reads="lists.search",
    ),
    _kind(
        "search_form", "a search page (its form only)", "give the page of results", body="nv_search", marks="#scform"
    ),
    _kind(
        "tag_index",
        "the index of tags",
        "open a tag, then a thread",
        body="pg_tag",
        shape=".taglist",
        reads="lists.tag_index",
    ),
    _kind("tag", "a tag page (mod=tag)", _OPEN, body="pg_tag", marks='#pt a[href*="mod=tag"]', reads="lists.tag"),
    _kind(
        "announcement",
        "an announcement page",
        "it has no thread",
        body="pg_announcement",
        marks="#annofilter",
        reads="lists.announcements",
    ),
    _kind("form", "a post form", "nothing has been posted here yet", body="pg_post", marks="form#postform"),
    _kind("form", "the registration form", "no thread is behind it", body="pg_register", marks="form#registerform"),
    _kind(
        "profile",
        "a user's profile",
        _MEMBER,
        body="nv_home",
        shape=".u_profile, #pbbs, #psts",
        reads="members.profile",
    ),
    _kind(
        "user_posts",
        "a list of a user's replies",
        _OPEN,
        body="nv_home",
        shape='form#delform a[href*="findpost"], .tbmu .a[href*="type=reply"], .tbmu .a[href*="type=postcomment"]',
        reads="members.user_posts",
    ),
    _kind(
        "member_threads",
        "a list of a user's threads",
        _OPEN,
        body="nv_home",
        shape="#delform",
        reads="members.member_threads",
    ),
    _kind(
        "profile",
        "the first page of a user's space",
        _MEMBER,
        body="pg_follow",
        shape="#uhd .h",
        reads="members.profile",
    ),
    _kind("space", "a user's space", _OPEN, body="nv_home", marks="#uhd"),
    _kind(
        "portal",
        "a portal page",
        "only threads of the forum are read",
        body="nv_portal",
        marks="#article_content",
    ),
    _kind("group", "a group page", "give the home of the group or the list of its threads", body="nv_group"),
    _kind(
        "goods",
        "a goods page (do=tradeinfo)",
        "give the thread that it belongs to",
        marks=".spvimg + .spi",
        reads="threads.goods",
    ),
    _kind(
        "old",
        "a page of Discuz! 6 or 7",
        "only Discuz! X is read",
        marks='td.postauthor, .t_msgfont, #wrap.s_clear, a[href^="viewthread.php?tid="]',
    ),
)
"""Every kind that can be told by its tree, in the order in which they are tried."""

EMPTY = Kind("empty", "an empty page")
BINARY = Kind("binary", "binary data, not text")
FEED = Kind("feed", "an RSS or Atom feed", "open one of the threads it links to", reads="feed")
AJAX = Kind("ajax", "an ajax fragment without a post", "give the whole page (without inajax=1)", reads="ajax")
API = Kind("api", "an answer of the JSON API", "give the desktop page of the thread", reads="api.answer")


def kind_of(root: Node, around: Node | None = None) -> Kind | None:
    """The kind of a page by its tree: the words on its body tag first, then its structure, or that `around` a part."""
    words = _body_words(root)
    for kind in KINDS if words else ():
        if kind.body & words and (not kind.shape or select(root, kind.shape)):
            return kind
    face = _face_of(root)
    marked = (kind for kind in KINDS if kind.marks and kind.face in ("", face))
    return next((kind for kind in marked if select(around or root, kind.marks)), None)


def content_around(node: Node) -> Node | None:
    """The content of the page that a part of it stands in, without header and footer; None where nothing tells."""
    box = node.parent
    while box is not None and box.id not in ("ct", "wp"):
        box = box.parent
    return box


def _face_of(root: Node) -> str:
    """Which face for phones a page is of, by what its head asks for; "" for all others."""
    found = select(root, f'meta[name="MobileOptimized"], {_TOUCH}')
    if any(node.tag == "meta" for node in found):
        return "mobile"
    return "touch" if found else ""


def shown_kind(root: Node, around: Node | None = None) -> Kind | None:
    """The kind whose content a page shows `around` a part, whatever its body tag says: a message has none of any."""
    face = _face_of(root)
    shown = (kind for kind in KINDS if kind.reads and kind.face in ("", face))
    return next((kind for kind in shown if select(around or root, kind.content or kind.marks)), None)


def _body_words(root: Node) -> frozenset[str]:
    """Id and classes of the body tag; none on the touch pages of X3.5, which have the classes without the `nv_` id."""
    body = first(root, "body")
    name = (body.attributes.get("id") or "") if body is not None else ""
    if body is None or not name.startswith("nv_"):
        return frozenset()
    return frozenset([name, *(body.attributes.get("class") or "").split()])


def is_discuz(root: Node, text: str) -> bool:
    """Whether a page says in its frame that Discuz! made it."""
    if _body_words(root) or ("discuz_uid" in text and "STYLEID" in text):
        return True
    return any(
        "discuz" in (node.attributes.get("content") or "").lower()
        for node in select(root, 'meta[name="generator"], meta[name="author"]')
    )
