"""What all pages have around their content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from forum.data import ZONE, Author, Member

if TYPE_CHECKING:
    from datetime import datetime

    from forum.site import Forum
    from forum.wire import Request

_XHTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">'
)


@dataclass(frozen=True)
class Visit:
    """Who asks, and what the pages need to know of it."""

    forum: Forum
    request: Request
    salt: str
    """The cookie that the form hash hangs on."""
    member: Member | None

    @property
    def site(self) -> str:
        """The root of the forum."""
        return f"http://{self.request.host}/{self.forum.root}"

    @property
    def url(self) -> str:
        """What is asked for."""
        return f"http://{self.request.host}{self.request.path}"

    @property
    def login_link(self) -> str:
        """Where guests are sent who may not come in."""
        return f"member.php?mod=logging&action=login&referer={quote(self.url, safe='')}"

    @property
    def formhash(self) -> str:
        return self.forum.formhash(self.salt, self.member)


def moment(when: datetime, form: str = "{0.year}-{0.month}-{0.day} {0:%H:%M:%S}") -> str:
    """A time as the forum prints it, without padding of the day."""
    return form.format(when.astimezone(ZONE))


def minute(when: datetime) -> str:
    return moment(when, "{0.year}-{0.month}-{0.day} {0:%H:%M}")


def spoken(when: datetime, now: datetime) -> str:
    """A time in words with the absolute one beside it, where it is of today; else the absolute one."""
    age = (now - when).total_seconds()
    if when.astimezone(ZONE).date() != now.astimezone(ZONE).date() or age <= 3600:
        return moment(when)
    return f'<span title="{moment(when)}">{int(age // 3600)}&nbsp;小时前</span>'


def user(author: Author, css: str = "") -> str:
    css = f' class="{css}"' if css else ""
    return f'<a href="home.php?mod=space&amp;uid={author.uid}"{css}>{escape(author.name)}</a>'


def pager(current: int, total: int, base: str) -> str:
    """The row of page numbers; none for a single page. `base` ends where the number is put."""
    if total < 2:
        return ""
    begin = 1 if total <= 10 else min(max(1, current - 4), total - 9)
    end = min(total, begin + 9)

    def link(page: int, text: object, css: str = "") -> str:
        return f'<a href="{base.format(page)}"{css}>{text}</a>'

    parts = [link(1, "1 ...", ' class="first"')] if begin > 1 else []
    parts += [link(current - 1, "&nbsp;&nbsp;", ' class="prev"')] if current > 1 else []
    parts += [f"<strong>{n}</strong>" if n == current else link(n, n) for n in range(begin, end + 1)]
    parts += [link(total, f"... {total}", ' class="last"')] if end < total else []
    parts.append(
        '<label><input type="text" name="custompage" class="px" size="2" title="输入页码，按回车快速跳转" '
        f'value="{current}" /><span title="共 {total} 页"> / {total} 页</span></label>'
    )
    parts += [link(current + 1, "下一页", ' class="nxt"')] if current < total else []
    return f'<div class="pg">{"".join(parts)}</div>'


def framed(visit: Visit, title: str, body: str, content: str, *, head: str = "", fid: int = 0) -> str:
    """A whole page: `body` is the id and class of its body, `content` what stands in #wp."""
    forum, site = visit.forum, visit.site
    name = escape(forum.name)
    return f"""{_XHTML}
<head>
<meta http-equiv="Content-Type" content="text/html; charset={forum.charset}" />
<title>{title} - Powered by Discuz!</title>
{head}<meta name="generator" content="Discuz! X3.4" />
<meta name="author" content="Discuz! Team and Comsenz UI Team" />
<base href="{site}" /><link rel="stylesheet" type="text/css" href="data/cache/style_1_common.css?p3W" />\
<script type="text/javascript">var STYLEID = '1', STATICURL = 'static/', IMGDIR = 'static/image/common', \
VERHASH = 'p3W', charset = '{forum.charset}', discuz_uid = '{visit.member.author.uid if visit.member else 0}', \
cookiepre = '{forum.cookie_prefix}', cookiedomain = '', cookiepath = '/', showusercard = '1', attackevasive = '0', \
disallowfloat = 'newthread', defaultstyle = '', REPORTURL = '', SITEURL = '{site}', JSPATH = 'static/js/';</script>
<link rel="archives" title="{name}" href="{site}archiver/" />
</head>
<body {body} onkeydown="if(event.keyCode==27) return false;">
<div id="append_parent"></div><div id="ajaxwaitid"></div>
<div id="hd"><div class="wp">
<div class="hdc cl"><h2><a href="./" title="{name}"><img src="static/image/common/logo.png" alt="{name}" /></a></h2>
{_member_bar(visit)}
</div>
<div id="nv"><ul><li class="a" id="mn_forum"><a href="forum.php" title="BBS">论坛<span>BBS</span></a></li></ul></div>
<div id="scbar" class="cl"><form id="scbar_form" method="post" action="search.php?searchsubmit=yes">
<input type="hidden" name="mod" value="search" /><input type="hidden" name="formhash" value="{visit.formhash}" />
<input type="hidden" name="srhfid" value="{fid}" /><input type="text" name="srchtxt" value="请输入搜索内容" />
</form></div>
</div></div>
<div id="wp" class="wp">
{content}
</div>
<div id="ft" class="wp cl"><div id="flk" class="y">
<p><a href="archiver/">Archiver</a><span class="pipe">|</span><a href="forum.php?mobile=yes">手机版</a></p>
<p class="xs0">GMT+8, {minute(forum.now)}<span id="debuginfo">, Processed in 0.02 second(s), 9 queries .</span></p>
</div>
<div id="frt"><p>Powered by <strong><a href="https://www.discuz.vip/">Discuz!</a></strong> <em>X3.4</em></p></div></div>
</body>
</html>"""


def _member_bar(visit: Visit) -> str:
    if visit.member:
        name = user(visit.member.author)
        logout = f"member.php?mod=logging&amp;action=logout&amp;formhash={visit.formhash}"
        return f'<div id="um"><p><strong class="vwmy">{name}</strong> <a href="{logout}">退出</a></p></div>'
    return """<form method="post" autocomplete="off" id="lsform" \
action="member.php?mod=logging&amp;action=login&amp;loginsubmit=yes&amp;infloat=yes&amp;lssubmit=yes">
<div class="fastlg cl"><span class="ftid">用户名</span><input type="text" name="username" id="ls_username" />
<label for="ls_password" class="z psw_w">密码</label><input type="password" name="password" id="ls_password" />
<input type="hidden" name="quickforward" value="yes" /><input type="hidden" name="handlekey" value="ls" />
<button type="submit" class="pn vm"><em>登录</em></button> <a href="member.php?mod=register">立即注册</a></div>
</form>"""


def ajax(visit: Visit, fragment: str) -> str:
    """The XML around the answer to a script."""
    inside = re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f]", " ", fragment).replace("]]>", "]]&gt;")
    return f'<?xml version="1.0" encoding="{visit.forum.charset}"?>\n<root><![CDATA[{inside}]]></root>'


def message(visit: Visit, text: str, mood: str = "alert_error", *, login: bool = False, fid: int = 0) -> str:
    """The message page; to guests the login may be offered on it."""
    offer = (
        '<div id="messagelogin"></div>\n<script type="text/javascript">ajaxget('
        "'member.php?mod=logging&action=login&infloat=yes&frommessage', 'messagelogin');</script>"
    )
    content = f"""<div id="ct" class="wp cl w">
<div class="nfl" id="main_succeed" style="display: none"><div class="f_c altw"><div class="alert_right">
<p id="succeedmessage"></p><p id="succeedlocation" class="alert_btnleft"></p>
<p class="alert_btnleft"><a id="succeedmessage_href">如果您的浏览器没有自动跳转，请点击此链接</a></p>
</div></div></div>
<div class="nfl" id="main_message"><div class="f_c altw">
<div id="messagetext" class="{mood}">
<p>{text}</p>
</div>
{offer if login else ""}
</div></div></div>"""
    return framed(visit, f"提示信息 - {escape(visit.forum.name)} - ", _body("viewthread"), content, fid=fid)


def _body(page: str) -> str:
    return f'id="nv_forum" class="pg_{page}"'
