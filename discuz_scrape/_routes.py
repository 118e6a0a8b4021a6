"""The addresses that Discuz knows: one table that reads and builds them.

A row names a script, the parameters it must have, and which parameter holds which field of `PageRef`. Rows are tried in
their order; the first that fits tells the kind. To build, the first row of the kind and face is taken whose fields are
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FACE_OF_MOBILE", "NOISE", "PAGED", "ROUTES", "ROUTES_OF", "SCRIPTS", "Route"]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table."""

    kind: str
    script: str
    """What follows the root of the site: `forum.php`."""
    fixed: tuple[tuple[str, tuple[str, ...]], ...]
    """Parameters that must have one of these values, the first of which is written; "" stands for a missing one."""
    fields: tuple[tuple[str, str], ...]
    """Parameter and field, in the order in which they are written."""
    told: tuple[tuple[str, str], ...]
    """Parameter and field, of those that are read but do not make the page another one."""
    needs: frozenset[str]
    """Fields of which one must be there; none where the script alone is enough."""
    noise: frozenset[str]
    """Parameters that do not change the page."""
    face: str
    """The face that this row is of; "" where `mobile=` and `inajax=` tell it."""
    sets: tuple[tuple[str, str], ...]
    """Fields that the row itself tells."""

    def fits(self, params: Mapping[str, str]) -> bool:
        """Whether the parameters are those of this row, as far as their values are fixed."""
        return all(params.get(name, "") in values for name, values in self.fixed)


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    split = (word.partition(":") for word in words.split())
    return tuple((name, field or name) for name, _, field in split)


def _route(
    kind: str, address: str, fields: str = "", needs: str = "", *, told: str = "", noise: str = "", face: str = "",
    **sets: str,
) -> Route:  # fmt: skip
    script, _, query = address.partition("?")
    fixed = tuple(
        (name, tuple(values.split("|"))) for name, _, values in (p.partition("=") for p in query.split("&") if p)
    )
    return Route(
        kind, script, fixed, _pairs(fields), _pairs(told), frozenset(needs.split()), frozenset(noise.split()), face,
        tuple(sets.items()),
    )  # fmt: skip


_VIEW = "tid page authorid ordertype"
_THREAD_NOISE = "from filter mycenter modthreadkey"
_FILE_NOISE = "request _f noupdate fid archiveid"
_LOGIN_NOISE = "referer loginsubmit loginhash lssubmit frommessage guestmessage viewlostpw lostpasswd"
_SEARCH = "search.php?mod=forum|&searchsubmit=yes|true|1|"
_OWN_LIST = "home.php?mod=space|&do=thread&view=me|&type="
_API = "api/mobile/index.php?module="

ROUTES: tuple[Route, ...] = (
    # ---- forum.php
    _route("thread", "forum.php?mod=viewthread&action=printable", "tid", "tid", told="fid", noise="page", face="print"),
    _route("goods", "forum.php?mod=viewthread&do=tradeinfo", "tid pid", "pid"),
    _route("thread", "forum.php?mod=viewthread&from=album", "tid page aid", "tid", told="fid", face="album"),
    _route("thread", "forum.php?mod=viewthread&from=preview", "tid page", "tid", told="fid", face="preview"),
    _route("thread", "forum.php?mod=viewthread&from=portal", "tid page", "tid", told="fid", face="portal"),
    _route("thread", "forum.php?mod=viewthread", "tid viewpid:pid", "pid", noise="page from inajax", face="ajax"),
    _route("thread", "forum.php?mod=viewthread", _VIEW, "tid", told="fid", noise=_THREAD_NOISE),
    _route("board", "forum.php?mod=forumdisplay&action=|list", "fid page", "fid board"),
    _route("group", "forum.php?mod=group&action=|list", "fid page", "fid board"),
    _route("redirect", "forum.php?mod=redirect&goto=findpost|", "ptid:tid pid", "pid", goto="findpost"),
    _route(
        "redirect", "forum.php?mod=redirect&goto=|findpost|postno&pid=", "ptid:tid postno authorid ordertype", "postno",
        goto="postno",
    ),
    _route("redirect", "forum.php?mod=redirect&goto=findpost|&pid=", "ptid:tid", "tid", goto="findpost"),
    _route("redirect", "forum.php?mod=redirect", "goto tid", "tid", noise="fid from"),
    _route("feed", "forum.php?mod=guide&rss=1", "view", "view", face="desktop"),
    _route("guide", "forum.php?mod=guide", "view page"),
    _route("feed", "forum.php?mod=rss", "fid", noise="auth", face="desktop"),
    _route("attachment", "forum.php?mod=attachment", "aid", "aid", noise=_FILE_NOISE, face="desktop"),
    _route("image", "forum.php?mod=image", "aid", "aid", noise="nocache atid ramdom", face="desktop"),
    _route("comments", "forum.php?mod=misc&action=commentmore", "tid pid page", "pid"),
    _route("ratings", "forum.php?mod=misc&action=viewratings", "tid pid", "pid"),
    _route("announcement", "forum.php?mod=announcement", "id"),
    _route("collection", "forum.php?mod=collection&action=view", "ctid:id page", "id"),
    _route("form", "forum.php?mod=post&action=newthread", "fid", "fid", do="newthread"),
    _route("form", "forum.php?mod=post&action=reply", "fid tid", "tid", noise="page", do="reply"),
    _route("form", "forum.php?mod=post&action=edit", "fid tid pid", "pid", noise="page", do="edit"),
    _route("index", "forum.php?mod=|index", "gid", noise="forumlist showmobile showoldetails"),
    # ---- home.php
    _route("user_posts", _OWN_LIST + "reply", "uid username page", noise="from order"),
    _route("user_threads", _OWN_LIST + "thread|", "uid username page", noise="from order"),
    _route("blog", "home.php?mod=space|&do=blog", "uid username id", "id", noise="from"),
    _route("space", "home.php?mod=space|", "uid username do view id page", noise="from mycenter"),
    _route("follow", "home.php?mod=follow", "uid do page", noise="from"),
    # ---- the rest
    _route("login", "member.php?mod=logging&action=login", noise=_LOGIN_NOISE),
    _route("register", "member.php?mod=register", noise="referer"),
    _route("tag", "misc.php?mod=tag", "id name page"),
    _route("search", _SEARCH, "searchid page", "searchid", told="kw:words", noise="adv srchtxt"),
    _route("search", _SEARCH, "srchtxt:words page", "words", noise="adv source"),
    _route("search", "search.php", "page", noise="adv source"),
    _route("article", "portal.php?mod=view", "aid:id page", "id"),
    _route("topic", "portal.php?mod=topic", "topicid:id topic:name", "id name"),
    _route("portal", "portal.php?mod=list", "catid:id page", "id"),
    _route("portal", "portal.php?mod=|index"),
    _route("groups", "group.php?mod=|index", "gid page"),
    _route("plugin", "plugin.php", "id:name", "name"),
    # ---- the JSON API, and the application on top of it
    _route("thread", _API + "viewthread", _VIEW + " viewpid:pid", "tid", told="fid", face="api"),
    _route("board", _API + "forumdisplay", "fid page", "fid board", face="api"),
    _route("index", _API + "forumindex", face="api"),
    _route("space", _API + "profile", "uid username", face="api"),
    _route("thread", "m/?a=viewthread", "tid page", "tid", face="app"),
    # ---- Discuz! 6 and 7
    _route("thread", "viewthread.php", _VIEW, "tid", told="fid", noise=_THREAD_NOISE, face="old"),
    _route("board", "forumdisplay.php", "fid page", "fid board", face="old"),
    _route("redirect", "redirect.php?goto=findpost|", "ptid:tid pid", "pid", face="old", goto="findpost"),
    _route("redirect", "redirect.php", "goto tid", "tid", noise="fid", face="old"),
    _route("space", "space.php", "uid username", "uid username", noise="from", face="old"),
    _route("attachment", "attachment.php", "aid", "aid", noise=_FILE_NOISE, face="old"),
    _route("feed", "rss.php", "fid", noise="auth", face="old"),
    _route("tag", "tag.php", "name page", "name", face="old"),
)  # fmt: skip
"""Every address with a meaning of its own; what else the scripts do is "misc"."""

ROUTES_OF: dict[str, tuple[Route, ...]] = {
    script: tuple(route for route in ROUTES if route.script == script) for script in {route.script for route in ROUTES}
}
"""The rows of each script."""

SCRIPTS = frozenset({route.script for route in ROUTES if route.script.endswith(".php")}) | {
    "index.php", "api.php", "admin.php", "connect.php", "userapp.php", "cp.php", "uc_server/index.php", "post.php",
    "logging.php", "register.php", "faq.php", "stats.php", "my.php", "pm.php", "profile.php", "magic.php", "medal.php",
    "topicadmin.php", "modcp.php", "eccredit.php", "trade.php", "digest.php", "relatekw.php", "seccode.php", "ajax.php",
    "api/mobile/index.php",
}  # fmt: skip

PAGED = frozenset({
    "thread", "board", "group", "user_threads", "user_posts", "guide", "tag", "search", "comments", "collection",
    "article", "portal", "groups",
})  # fmt: skip
"""Kinds that come in pages."""

NOISE = frozenset({
    # where somebody came from, and what a script wants to highlight
    "extra", "fromguid", "fromuid", "fromuser", "highlight", "referer", "isappinstalled",
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "spm", "fbclid", "gclid",
    # the session, the tokens of forms, the way a window asks
    "sid", "PHPSESSID", "formhash", "hash", "handlekey", "ajaxtarget", "inajax", "infloat", "_dsign", "rand", "_",
    # which template shows it, as far as it does not make a face of its own
    "mobile", "simpletype", "showmobile", "styleid",
})  # fmt: skip
"""Parameters that do not change what a page shows."""

FACE_OF_MOBILE = {"1": "mobile", "2": "touch", "yes": "touch", "3": "wml"}
"""The faces that `mobile=` asks for; with any other value it asks for the desktop page."""
