"""What the forum answers to a request when nothing goes wrong."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from forum import pages
from forum.data import File, Post, Refusal, Shown, Thread, page_of, view_of
from forum.faults import Scene
from forum.frame import Visit, ajax, message
from forum.login import log_in
from forum.posts import post_table
from forum.remarks import all_ratings, comments
from forum.wire import Answer, Request, page, redirect

if TYPE_CHECKING:
    from forum.site import Forum

_LAST_MODIFIED = "Sun, 17 Mar 2024 12:14:00 GMT"
_MESSAGES: dict[str, tuple[str, str, bool, int]] = {
    "thread": ("抱歉，指定的主题不存在或已被删除或正在被审核", "alert_error", False, 404),
    "board": ("抱歉，指定的版块不存在", "alert_error", False, 200),
    "post": ("没有找到帖子", "alert_error", False, 200),
    "file": ("抱歉，该附件无法读取", "alert_error", False, 200),
    "page": ("未定义操作", "alert_error", False, 200),
    "level": ("抱歉，本帖要求阅读权限高于 50 才能浏览", "alert_info", True, 200),
    "group": ("抱歉，您所在的用户组(游客)无法进行此操作", "alert_error", False, 200),
    "members": ("抱歉，您尚未登录，没有权限访问该版块", "alert_info", True, 200),
}

_FOR_ALL = ("gone", "password")
"""The refusals that a login does not end."""


def answer(forum: Forum, request: Request) -> Answer:
    """Answer a request, with whatever fault waits for it."""
    visit, fresh = _visit(forum, request)

    def normal() -> Answer:
        return _normal(visit)

    fault = forum.take_fault(request)
    if fault is None:
        given = normal()
    else:
        request.fault = fault.kind
        given = fault.answer(Scene(visit, normal))
    if fresh and (given.header("Content-Type") or "").startswith("text/html") and given.status == 200:
        given.headers.append(("Set-Cookie", f"{forum.cookie_prefix}saltkey={visit.salt}{forum.cookie_attributes}"))
    return _not_modified(given, request) if forum.etags or given.header("Last-Modified") else given


def _visit(forum: Forum, request: Request) -> tuple[Visit, bool]:
    """Who asks, and whether it is the first time."""
    cookies = request.cookies
    salt = cookies.get(forum.cookie_prefix + "saltkey")
    session = forum.sessions.get(cookies.get(forum.cookie_prefix + "auth", ""))
    return Visit(forum, request, salt or forum.new_salt(), session[0] if session else None), salt is None


def _not_modified(given: Answer, request: Request) -> Answer:
    if given.status != 200 or given.end or request.method == "POST":
        return given
    tag = f'"{sha256(given.body).hexdigest()[:16]}"'
    given.with_header("ETag", tag)
    if request.headers.get("if-none-match") == tag:
        given.status, given.body = 304, b""
    return given


def _normal(visit: Visit) -> Answer:
    forum, request = visit.forum, visit.request
    if request.script == "robots.txt":
        if forum.robots is None:
            return page("<html><head><title>404 Not Found</title></head></html>", status=404)
        return page(forum.robots, kind="text/plain").with_header("Last-Modified", _LAST_MODIFIED)
    if not request.script.startswith(forum.root):
        return page("<html><head><title>404 Not Found</title></head></html>", status=404)
    script, query = _dynamic(request.script.removeprefix(forum.root), request.query)
    if script.startswith("data/attachment/"):
        found = next((file for file in forum.files() if file.path == script), None)
        return _file(found) if found else page("<html>404</html>", status=404)
    if script == "member.php" and query.get("mod") == "logging":
        return log_in(visit) if request.method == "POST" else page(pages.login_page(visit), forum.charset)
    if not _let_in(visit):
        return redirect(visit.login_link)
    route = _ROUTES.get((script, query.get("mod")))
    return route(visit, query) if route else _told(visit, "page")


def _dynamic(script: str, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The script and query that an address below the root stands for, rewritten or not."""
    name, *numbers = script.removesuffix(".html").split("-")
    if script.endswith(".html") and all(number.isdigit() for number in numbers):
        if name == "thread" and len(numbers) == 3:
            return "forum.php", {"mod": "viewthread", "tid": numbers[0], "page": numbers[1], **query}
        if name == "forum" and len(numbers) == 2:
            return "forum.php", {"mod": "forumdisplay", "fid": numbers[0], "page": numbers[1], **query}
    if script in {"", "index.php"}:
        script = "forum.php"
    if script == "forum.php" and "goto" not in query and "postno" in query:
        query["goto"] = "postno"
    return script, query


def _let_in(visit: Visit) -> bool:
    """Take one page from the visitor's session, on a site for members only."""
    forum = visit.forum
    if forum.members_only_pages is None:
        return True
    token = visit.request.cookies.get(forum.cookie_prefix + "auth", "")
    member, left = forum.sessions.get(token, (None, 0))
    if member is None or left == 0:
        forum.sessions.pop(token, None)
        return False
    if left is not None:
        forum.sessions[token] = (member, left - 1)
    return True


def _told(visit: Visit, key: str, fid: int = 0) -> Answer:
    text, mood, login, status = _MESSAGES[key]
    if "inajax" in visit.request.query:
        inside = f'<h3 class="flb"><em>提示信息</em></h3><div class="c altw"><div class="{mood}">{text}</div></div>'
        return page(ajax(visit, inside), visit.forum.charset, status, "text/xml")
    return page(message(visit, text, mood, login=login, fid=fid), visit.forum.charset, status)


def _number(query: dict[str, str], name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


# --- Threads ----------------------------------------------------------------------------------------------------------


def _thread(visit: Visit, query: dict[str, str]) -> Answer:
    forum = visit.forum
    thread = forum.threads.get(_number(query, "tid"))
    if thread is not None and thread.moved_to is not None:
        return redirect(f"{visit.site}forum.php?mod=viewthread&tid={thread.moved_to}")
    if thread is None or not thread.posts:
        return _told(visit, "thread")
    refusal = thread.refusal or forum.boards[thread.fid].refusal
    if refusal is not None and (visit.member is None or refusal in _FOR_ALL):
        return _refused(visit, refusal, thread.fid)
    if "viewpid" in query:
        return _one_post(visit, thread, query)
    filters = {name: query[name] for name in ("authorid", "ordertype") if query.get(name, "").isdigit()}
    view = view_of(
        thread,
        _number(query, "page"),
        forum.per_page,
        authorid=int(filters["authorid"]) if "authorid" in filters else None,
        newest_first=filters.get("ordertype") == "1" or (thread.newest_first and filters.get("ordertype") != "2"),
    )
    if view.hole:
        thread.ordinals = True
        return redirect(visit.url)
    if not view.posts:
        return _told(visit, "post")
    if query.get("mobile") in {"2", "yes"}:
        return page(pages.touch_page(visit, thread, view))
    return page(pages.thread_page(visit, thread, view, filters, query.get("cp")), forum.charset)


def _refused(visit: Visit, refusal: Refusal, fid: int) -> Answer:
    if refusal == "wall":
        return redirect(visit.login_link)
    if refusal == "password":
        return redirect(f"forum.php?mod=forumdisplay&fid={fid}")
    return _told(visit, "thread" if refusal == "gone" else refusal, fid)


def _one_post(visit: Visit, thread: Thread, query: dict[str, str]) -> Answer:
    """The answer to a script that asks for one post, whole or a part of it."""
    post = _post(thread, _number(query, "viewpid"))
    if post is None:
        return _told(visit, "post")
    floor = thread.posts.index(post) + 1 if thread.ordinals else post.position
    fragment = post_table(visit, thread, Shown(post, floor), query.get("cp"))
    return page(ajax(visit, fragment), visit.forum.charset, kind="text/xml")


def _post(thread: Thread, pid: int) -> Post | None:
    return next((post for post in thread.posts if post.pid == pid), None)


def _redirect(visit: Visit, query: dict[str, str]) -> Answer:
    """Lead to the page of a post."""
    forum, goto = visit.forum, query.get("goto")
    thread = forum.threads.get(_number(query, "ptid") or _number(query, "tid"))
    if thread is None and goto == "findpost":
        thread = next((one for one in forum.threads.values() if _post(one, _number(query, "pid"))), None)
    if thread is None or not thread.posts:
        return _told(visit, "thread" if goto != "findpost" else "post")
    here = f"forum.php?mod=viewthread&tid={thread.tid}"
    if goto == "lastpost":
        last = view_of(thread, 1, forum.per_page).pages
        return redirect(here + (f"&page={last}" if last > 1 else "") + "#lastpost")
    if goto == "findpost":
        post = _post(thread, _number(query, "pid"))
    elif goto == "postno":
        view = view_of(thread, 1, max(1, thread.last_position))
        post = next((one.post for one in view.posts if one.floor == _number(query, "postno")), None)
    else:
        return _told(visit, "page")
    if post is None:
        return redirect(here, 301)
    number = page_of(thread, post, forum.per_page)
    return redirect(here + (f"&page={number}" if number > 1 else "") + f"#pid{post.pid}", 301)


def _misc(visit: Visit, query: dict[str, str]) -> Answer:
    """The further remarks and all ratings of a post, for a script."""
    thread = visit.forum.threads.get(_number(query, "tid"))
    post = _post(thread, _number(query, "pid")) if thread else None
    if thread is None or post is None:
        return _told(visit, "post")
    if query.get("action") == "commentmore":
        fragment = comments(visit, thread, post, max(1, _number(query, "page")), fragment=True)
    elif query.get("action") == "viewratings":
        fragment = all_ratings(post)
    else:
        return _told(visit, "page")
    return page(ajax(visit, fragment), visit.forum.charset, kind="text/xml")


# --- Lists and files --------------------------------------------------------------------------------------------------


def _board(visit: Visit, query: dict[str, str]) -> Answer:
    board = visit.forum.boards.get(_number(query, "fid"))
    if board is None:
        return _told(visit, "board")
    if board.refusal == "password":
        return page(pages.board_password(visit, board), visit.forum.charset)
    if board.refusal is not None and (visit.member is None or board.refusal in _FOR_ALL):
        return _refused(visit, board.refusal, board.fid)
    threads = visit.forum.threads_of(board.fid)
    return page(pages.board_page(visit, board, threads, _number(query, "page")), visit.forum.charset)


def _index(visit: Visit, _: dict[str, str]) -> Answer:
    return page(pages.index_page(visit), visit.forum.charset)


def _attachment(visit: Visit, query: dict[str, str]) -> Answer:
    token = query.get("aid", "")
    try:
        aid = b64decode(token, validate=True).split(b"|")[0].decode("ascii")
    except ValueError:
        aid = ""
    found = next((file for file in visit.forum.files() if str(file.aid) == aid), None)
    return _file(found, named=True) if found else _told(visit, "file")


def _file(file: File, *, named: bool = False) -> Answer:
    """The bytes of a file; through the script, with its name in the bytes of the page's charset."""
    kind = file.content_type or ("image/jpeg" if file.image else "application/octet-stream")
    given = Answer(200, file.data, [("Content-Type", kind), ("Last-Modified", _LAST_MODIFIED)])
    disposition = file.disposition
    if disposition is None and named:
        disposition = f'{"inline" if file.image else "attachment"}; filename="{file.name}"'
    if disposition is not None:
        given.with_header("Content-Disposition", disposition)
    return given


_ROUTES: dict[tuple[str, str | None], Callable[[Visit, dict[str, str]], Answer]] = {
    ("forum.php", None): _index,
    ("forum.php", "viewthread"): _thread,
    ("forum.php", "forumdisplay"): _board,
    ("forum.php", "redirect"): _redirect,
    ("forum.php", "misc"): _misc,
    ("forum.php", "attachment"): _attachment,
}
