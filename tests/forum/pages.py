"""Pages of threads and boards, the index, the touch page, the form to log in."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from forum.data import Board, Member, Shown, Thread, View
from forum.frame import Visit, framed, minute, moment, pager, user
from forum.posts import post_frame

LOGIN = "member.php?mod=logging&amp;action=login"
_QUESTIONS = ("安全提问(未设置请忽略)", "母亲的名字", "爷爷的名字", "父亲出生的城市", "您其中一位老师的名字")


def thread_page(visit: Visit, thread: Thread, view: View, filters: dict[str, str], part: str | None) -> str:
    forum, tid, fid = visit.forum, thread.tid, thread.fid
    board = forum.boards[fid]
    subject, name = escape(thread.subject), escape(board.name)
    numbered = f" - 第{view.page}页" if view.page > 1 else ""
    base = _pager_base(visit, thread, filters)
    numbers = pager(view.page, view.pages, base)
    home = visit.site + forum.thread_link(tid).replace("&amp;", "&")
    posts = "".join(post_frame(visit, thread, one, part) for one in view.posts)
    closed = '<img src="static/image/common/locked.gif" alt="关闭" title="关闭" class="vm" />' if thread.closed else ""
    content = f"""<script type="text/javascript">var fid = parseInt('{fid}'), tid = parseInt('{tid}');</script>
{_trail(visit, board)} <em>&rsaquo;</em> <a href="{forum.thread_link(tid)}">{subject}</a>
</div></div>
<div id="ct" class="wp cl">
<div id="pgt" class="pgs mbm cl "><div class="pgt">{numbers}</div>
<span class="y pgb"><a href="{forum.board_link(fid)}">返回列表</a></span></div>
<div id="postlist" class="pl bm">
<table cellspacing="0" cellpadding="0"><tr>
{_head_left(visit, thread, view)}
<td class="plc ptm pbn vwthd"><div class="y">
<a href="forum.php?mod=redirect&amp;goto=nextoldset&amp;tid={tid}" title="上一主题">上一主题</a></div>
<h1 class="ts"><span id="thread_subject">{subject}</span></h1>
<span class="xg1">{closed}
<a href="{forum.thread_link(tid)}" onclick="return copyThreadUrl(this, '{escape(forum.name)}')">[复制链接]</a></span>
</td></tr></table>
<table cellspacing="0" cellpadding="0" class="ad"><tr><td class="pls"></td><td class="plc"></td></tr></table>{posts}\
<div id="postlistreply" class="pl"><div id="post_new" class="viewthread_table" style="display: none"></div></div>
</div>
<form method="post" autocomplete="off" name="modactions" id="modactions">
<input type="hidden" name="formhash" value="{visit.formhash}" /></form>
<div class="pgs mtm mbm cl">{numbers}<span class="pgb y"><a href="{forum.board_link(fid)}">返回列表</a></span></div>
<div id="f_pst" class="pl bm bmw"><form method="post" id="fastpostform" \
action="forum.php?mod=post&amp;action=reply&amp;fid={fid}&amp;tid={tid}&amp;replysubmit=yes">
您需要登录后才可以回帖 <a href="{LOGIN}" class="xi2">登录</a></form></div>
</div>"""
    title = f"{subject}{numbered} - {name} -  {escape(forum.name)} - "
    head = f'<link href="{home}" rel="canonical" />\n'
    return framed(visit, title, 'id="nv_forum" class="pg_viewthread"', content, head=head, fid=fid)


def _head_left(visit: Visit, thread: Thread, view: View) -> str:
    """The counters, which only page 1 has, else who started the thread."""
    if view.page == 1:
        return (
            '<td class="pls ptn pbn"><div class="hm ptn"><span class="xg1">查看:</span> '
            f'<span class="xi1">{thread.views}</span><span class="pipe">|</span><span class="xg1">回复:</span> '
            f'<span class="xi1">{thread.replies}</span></div></td>'
        )
    starter = thread.posts[0].author
    picture = f'<img src="{visit.site}uc_server/avatar.php?uid={starter.uid}&size=small" />'
    face = f'<a href="home.php?mod=space&amp;uid={starter.uid}" title="{escape(starter.name)}">{picture}</a>'
    return f'<td class="pls ptm pbm"><div id="tath" class="cl">{face}楼主: {user(starter)}</div></td>'


def _pager_base(visit: Visit, thread: Thread, filters: dict[str, str]) -> str:
    """The address of another page, with a place for its number. Only plain ones are rewritten."""
    if visit.forum.rewrite and not filters:
        return f"thread-{thread.tid}-{{0}}-1.html"
    kept = "".join(f"&amp;{name}={value}" for name, value in filters.items())
    return f"forum.php?mod=viewthread&amp;tid={thread.tid}&amp;extra={kept}&amp;page={{0}}"


def _trail(visit: Visit, board: Board) -> str:
    return (
        '<div id="pt" class="bm cl"><div class="z">'
        f'<a href="./" class="nvhm" title="首页">{escape(visit.forum.name)}</a>'
        '<em>&raquo;</em><a href="forum.php">论坛</a> <em>&rsaquo;</em> <a href="forum.php?gid=1">闲话</a> <em>&rsaquo;'
        f'</em> <a href="{visit.forum.board_link(board.fid)}">{escape(board.name)}</a>'
    )


# --- Lists ------------------------------------------------------------------------------------------------------------


def board_page(visit: Visit, board: Board, threads: list[Thread], number: int) -> str:
    """A page of a board; a page past the end is the last one."""
    forum, fid, name = visit.forum, board.fid, escape(board.name)
    pages = max(1, -(-len(threads) // forum.threads_per_page))
    number = min(max(number, 1), pages)
    shown = threads[(number - 1) * forum.threads_per_page : number * forum.threads_per_page]
    plain = f"forum.php?mod=forumdisplay&fid={fid}&amp;page={{0}}"
    numbers = pager(number, pages, f"forum-{fid}-{{0}}.html" if forum.rewrite else plain)
    rows = "".join(_row(visit, thread, number) for thread in shown if thread.sticky)
    rows += '<tbody id="separatorline"><tr class="ts"><td>&nbsp;</td><th>版块主题</th><td>&nbsp;</td><td>&nbsp;</td>'
    rows += "<td>&nbsp;</td></tr></tbody>\n"
    rows += "".join(_row(visit, thread, number) for thread in shown if not thread.sticky)
    content = f"""{_trail(visit, board)}</div></div>
<div class="boardnav"><div id="ct" class="wp cl"><div class="mn">
<div class="bm bml pbn"><div class="bm_h cl"><h1 class="xs2"><a href="{forum.board_link(fid)}">{name}</a>
<span class="xs1 xw0 i">今日: <strong class="xi1">2</strong><span class="pipe">|</span>主题: \
<strong class="xi1">{len(threads)}</strong></span></h1></div></div>
<div id="pgt" class="bm bw0 pgs cl"><span id="fd_page_top">{numbers}</span></div>
<div id="threadlist" class="tl bm bmw"><div class="bm_c"><form method="post" name="moderate" id="moderate" \
action="forum.php?mod=topicadmin&amp;action=moderate&amp;fid={fid}">
<input type="hidden" name="formhash" value="{visit.formhash}" />
<table summary="forum_{fid}" cellspacing="0" cellpadding="0" id="threadlisttableid">
{rows}</table></form></div></div>
<div class="bm bw0 pgs cl"><span id="fd_page_bottom">{numbers}</span></div>
</div></div></div>"""
    numbered = f" - 第{number}页" if number > 1 else ""
    title = f"{name}{numbered} - {escape(forum.name)} - "
    return framed(visit, title, 'id="nv_forum" class="pg_forumdisplay"', content, fid=fid)


def _row(visit: Visit, thread: Thread, page: int) -> str:
    if visit.forum.rewrite:
        link = f"thread-{thread.moved_to or thread.tid}-1-{page}.html"
    else:
        link = f"forum.php?mod=viewthread&amp;tid={thread.moved_to or thread.tid}&amp;extra=page%3D{page}"
    kind, icon, word = "normal", "folder_common.gif", "新窗口打开"
    if thread.sticky:
        kind, icon, word = "stick", "pin_1.gif", "本版置顶主题 - 新窗口打开"
    elif thread.closed or thread.moved_to:
        icon, word = "folder_lock.gif", "关闭的主题 - 新窗口打开"
    first, last = thread.posts[0], thread.last_post
    replies, views = ("-", "-") if thread.moved_to else (thread.replies, thread.views)
    by = quote(last.author.name, safe="", encoding=visit.forum.charset)
    jump = f"forum.php?mod=redirect&tid={thread.moved_to or thread.tid}&goto=lastpost#lastpost"
    return f"""<tbody id="{kind}thread_{thread.tid}"><tr>
<td class="icn"><a href="{link}" title="{word}" target="_blank"><img src="static/image/common/{icon}" /></a></td>
<th class="{"lock" if "lock" in icon else "common"}">{" 移动:" if thread.moved_to else ""}\
<a href="{link}" onclick="atarget(this)" class="s xst">{escape(thread.subject)}</a></th>
<td class="by"><cite>{user(first.author)}</cite><em><span>{moment(first.time).split()[0]}</span></em></td>
<td class="num"><a href="{link}" class="xi2">{replies}</a><em>{views}</em></td>
<td class="by"><cite><a href="home.php?mod=space&username={by}" c="1">{escape(last.author.name)}</a></cite>\
<em><a href="{jump}">{minute(last.time)}</a></em></td></tr></tbody>
"""


def index_page(visit: Visit) -> str:
    forum = visit.forum
    rows = "".join(_board_row(visit, board) for board in forum.boards.values())
    content = f"""<div id="pt" class="bm cl"><div class="z">
<a href="./" class="nvhm" title="首页">{escape(forum.name)}</a>\
<em>&raquo;</em><a href="forum.php">论坛</a></div></div>
<div id="ct" class="wp cl"><div class="mn"><div class="fl bm"><div class="bm bmw cl">
<div class="bm_h cl"><h2><a href="forum.php?gid=1">闲话</a></h2></div>
<div id="category_1" class="bm_c"><table cellspacing="0" cellpadding="0" class="fl_tb">{rows}</table></div>
</div></div></div></div>"""
    return framed(visit, f"论坛 - {escape(forum.name)} - ", 'id="nv_forum" class="pg_index"', content)


def _board_row(visit: Visit, board: Board) -> str:
    threads = visit.forum.threads_of(board.fid)
    latest = max(threads, key=lambda thread: thread.last_post.time, default=None)
    cell = "从未"
    if latest is not None:
        post, link = latest.last_post, f"forum.php?mod=redirect&amp;tid={latest.tid}&amp;goto=lastpost#lastpost"
        words = f"{minute(post.time)} {escape(post.author.name)}"
        cell = f'<a href="{link}" class="xi2">{escape(latest.subject)}</a> <cite>{words}</cite>'
    link = visit.forum.board_link(board.fid)
    count = sum(len(thread.posts) for thread in threads)
    return f"""<tr class="fl_row">
<td class="fl_icn"><a href="{link}"><img src="static/image/common/forum.gif" alt="{escape(board.name)}" /></a></td>
<td><h2><a href="{link}">{escape(board.name)}</a></h2></td>
<td class="fl_i"><span class="xi2">{len(threads)}</span><span class="xg1"> / {count}</span></td>
<td class="fl_by"><div>{cell}</div></td></tr>
"""


# --- Doors ------------------------------------------------------------------------------------------------------------


def board_password(visit: Visit, board: Board) -> str:
    action = f"forum.php?mod=forumdisplay&amp;fid={board.fid}&amp;action=pwverify"
    content = f"""{_trail(visit, board)}</div></div>
<div id="ct" class="wp cl"><div class="mn"><div class="nfl"><div class="f_c">
<h3 class="xs2 xi2 mbm">本版块需要密码，您必须在下面输入正确的密码才能浏览这个版块</h3>
<div class="o"><form method="post" autocomplete="off" action="{action}">
<input type="hidden" name="formhash" value="{visit.formhash}" />
<input type="password" name="pw" class="px vm" size="25" />
</form></div></div></div></div></div>"""
    title = f"{escape(board.name)} - {escape(visit.forum.name)} - "
    return framed(visit, title, 'id="nv_forum" class="pg_forumdisplay"', content, fid=board.fid)


def login_page(visit: Visit) -> str:
    """The form to log in. Its captcha is drawn by a script, as in a browser, or is a field that stands there."""
    hash_, referer = visit.forum.loginhash, escape(visit.request.query.get("referer") or visit.site)
    questions = "".join(f'<option value="{number}">{words}</option>' for number, words in enumerate(_QUESTIONS))
    captcha = {
        "": "",
        "script": (
            '<span id="seccode_cSWld6O7"></span>\n<script type="text/javascript" reload="1">'
            "updateseccode('cSWld6O7', '<div class=\"rfm\"><sec></div>', 'member::logging');</script>"
        ),
        "field": (
            '<div class="rfm"><input name="seccodehash" type="hidden" value="cSWld6O7" />'
            '<input name="seccodeverify" id="seccodeverify_cSWld6O7" type="text" class="txt px vm" /></div>'
        ),
    }[visit.forum.captcha]
    action = f"{LOGIN}&amp;loginsubmit=yes&amp;loginhash={hash_}"
    content = f"""<div id="ct" class="ptm wp w cl">
<div class="nfl" id="main_succeed" style="display: none"><div class="f_c altw"><div class="alert_right">
<p id="succeedmessage"></p></div></div></div>
<div class="mn" id="main_message"><div class="bm">
<div class="bm_h bbs"><span class="y"><a href="member.php?mod=register">立即注册</a></span>
<h3 class="xs2">登录</h3></div>
<div><div id="main_messaqge_{hash_}"><div id="layer_login_{hash_}">
<form method="post" autocomplete="off" name="login" id="loginform_{hash_}" class="cl" action="{action}">
<div class="c cl">
<input type="hidden" name="formhash" value="{visit.formhash}" />
<input type="hidden" name="referer" value="{referer}" />
<div class="rfm"><select name="loginfield" id="loginfield_{hash_}"><option value="username">用户名</option>\
<option value="email">Email</option></select>
<input type="text" name="username" id="username_{hash_}" autocomplete="off" class="px p_fre" value="" /></div>
<div class="rfm"><label for="password3_{hash_}">密码:</label>\
<input type="password" id="password3_{hash_}" name="password" class="px p_fre" /></div>
<div class="rfm">安全提问: <select id="loginquestionid_{hash_}" name="questionid">{questions}</select></div>
<div class="rfm" id="loginanswer_row_{hash_}" style="display:none">答案: \
<input type="text" name="answer" id="loginanswer_{hash_}" class="px p_fre" /></div>
{captcha}
<div class="rfm"><input type="checkbox" class="pc" name="cookietime" value="2592000" />自动登录</div>
<div class="rfm mbw bw0"><button class="pn pnc" type="submit" name="loginsubmit" value="true">\
<strong>登录</strong></button></div>
</div></form>
</div></div></div></div></div></div>"""
    return framed(visit, f"登录 - {escape(visit.forum.name)} - ", 'id="nv_member" class="pg_logging"', content)


def welcome(member: Member, referer: str) -> str:
    """What the message page says after a login: a script, and no words of its own."""
    words = f"欢迎您回来，论坛元老 {escape(member.author.name)}，现在将转入登录前页面"
    go = escape(referer).replace("'", "%27")
    return (
        f'<script type="text/javascript">setTimeout("window.location.href =\'{go}\';", 3000);'
        f"$('succeedmessage_href').href = '{go}';$('succeedlocation').innerHTML = '{words}';</script>"
    )


# --- The touch page ---------------------------------------------------------------------------------------------------


def touch_page(visit: Visit, thread: Thread, view: View) -> str:
    """A thread as phones get it, always in UTF-8."""
    posts = "\n".join(_touch_post(one) for one in view.posts)
    base = f"forum.php?mod=viewthread&amp;tid={thread.tid}&amp;extra=&amp;mobile=2&amp;page={{0}}"
    here = f"{visit.site}forum.php?mod=viewthread&tid={thread.tid}&mobile=no"
    return f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{escape(thread.subject)} - 手机版 - Powered by Discuz!</title><base href="{visit.site}" /></head>
<body class="bg">
<header class="header"><div class="nav"><span class="name">{escape(visit.forum.name)}</span></div></header>
<div class="postlist"><h2>{escape(thread.subject)}</h2>
{posts}
<div id="post_new"></div>{pager(view.page, view.pages, base)}</div>
<div class="footer"><div><a href="{here}">电脑版</a></div></div></body></html>"""


def _touch_post(one: Shown) -> str:
    post = one.post
    floor = "楼主" if one.floor == 1 else f"{one.floor}<sup>#</sup>"
    space = f"home.php?mod=space&amp;uid={post.author.uid}&amp;mobile=2"
    name = f'<a href="{space}" class="blue">{escape(post.author.name)}</a>'
    return f"""<div class="plc cl" id="pid{post.pid}"><div class="display pi" href="#replybtn_{post.pid}">
<ul class="authi"><li class="grey"><em>{floor}</em><b>{name}</b></li>
<li class="grey rela">{moment(post.time)}</li></ul>
<div class="message">{"<br />".join(map(escape, post.text.split(chr(10))))}</div></div></div>"""
