"""A post and what hangs on it, as HTML."""

from __future__ import annotations

from html import escape

from forum.data import Post, Shown, Thread
from forum.files import listed, placed
from forum.frame import Visit, minute, spoken, user
from forum.remarks import comments, ratings

NAMED_FLOORS = {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}


def post_frame(visit: Visit, thread: Thread, one: Shown, part: str | None) -> str:
    return f'<div id="post_{one.post.pid}" >{post_table(visit, thread, one, part)}</div>'


def post_table(visit: Visit, thread: Thread, one: Shown, part: str | None) -> str:
    """The table of a post: `part` is the number of one part of a long post, or "all"."""
    post, pid, tid, author = one.post, one.post.pid, thread.tid, one.post.author
    starter = author == thread.posts[0].author and post is not thread.posts[0]
    alone = f"forum.php?mod=viewthread&amp;tid={tid}&amp;page=1&amp;authorid={author.uid}"
    order = f'<a href="forum.php?mod=viewthread&amp;tid={tid}&amp;extra=&amp;ordertype=1" class="show">倒序浏览</a>'
    return f"""<table id="pid{pid}" class="plhin" summary="pid{pid}" cellspacing="0" cellpadding="0">
<tr>
<td class="pls" rowspan="2">
<div id="favatar{pid}" class="pls cl favatar">
<div class="pi"><div class="authi">{user(author, "xw1")}
</div></div>
<div><div class="avatar"><a href="home.php?mod=space&amp;uid={author.uid}" class="avtm" target="_blank">\
<img src="{visit.site}uc_server/avatar.php?uid={author.uid}&size=middle" /></a></div></div>
</div>
</td>
<td class="plc">
<div class="pi">
<strong>
<a href="{_link(visit, thread, post)}"   id="postnum{pid}" onclick="setCopy(this.href, '复制成功');return false;">
{_floor(one)}</a>
</strong>
<div class="pti"><div class="pdbt"></div><div class="authi">
<img class="authicn vm" id="authicon{pid}" src="static/image/common/online_member.gif" />
{'&nbsp;楼主<span class="pipe">|</span>' if starter else ""}
<em id="authorposton{pid}">发表于 {spoken(post.time, visit.forum.now)}</em>
<span class="pipe">|</span><a href="{alone}" rel="nofollow">只看该作者</a>
{order if post is thread.posts[0] else ""}
</div></div>
</div><div class="pct"><style type="text/css">.pcb{{margin-right:0}}</style><div class="pcb">
{_body(visit, thread, post, part)}
</div></div>
</td></tr>
<tr><td class="plc plm"><div class="sign">{escape(author.name)}在此签名</div></td></tr>
<tr id="_postposition{pid}"></tr>
<tr><td class="pls"></td><td class="plc"><div class="po hin"><div class="pob cl"><em><a class="fastre" \
href="forum.php?mod=post&amp;action=reply&amp;fid={thread.fid}&amp;tid={tid}&amp;repquote={pid}&amp;page=1">回复</a></em>
</div></div></td></tr>
<tr class="ad"><td class="pls"></td><td class="plc"></td></tr>
</table>
"""


def _link(visit: Visit, thread: Thread, post: Post) -> str:
    if post is thread.posts[0]:
        return visit.forum.thread_link(thread.tid)
    return f"forum.php?mod=redirect&goto=findpost&ptid={thread.tid}&pid={post.pid}"


def _floor(one: Shown) -> str:
    if one.lifted and one.post.sticky:
        return f'<img src ="static/image/common/settop.png" title="置顶回复" class="vm" /> 来自 {one.floor}#'
    if one.lifted:
        return "推荐"
    return NAMED_FLOORS.get(one.floor) or f"<em>{one.floor}</em><sup>#</sup>"


def _body(visit: Visit, thread: Thread, post: Post, part: str | None) -> str:
    if post.shielded:
        return '<div class="locked">提示: <em>该帖被管理员或版主屏蔽</em></div>'
    before, after = _part_marks(post, part)
    inside = "".join(placed(visit, thread, file) for file in post.files if file.placed)
    below = "".join(listed(visit, thread, file) for file in post.files if not file.placed)
    return f"""<div class="t_fsz">
{before}<table cellspacing="0" cellpadding="0"><tr><td class="t_f" id="postmessage_{post.pid}">
{_quote(visit, thread, post)}{_lines(_words(post, part))}{inside}</td></tr></table>
{after}{f'<div class="pattl">{below}</div>' if below else ""}
</div>
<div id="comment_{post.pid}" class="cm">
{comments(visit, thread, post, 1) if post.comments else ""}</div>
{ratings(visit, thread, post)}"""


def _words(post: Post, part: str | None) -> str:
    if not post.parts:
        return post.text
    if part == "all":
        return "\n".join(post.parts)
    number = int(part) if part and part.isdigit() else 1
    return post.parts[min(max(number, 1), len(post.parts)) - 1]


def _part_marks(post: Post, part: str | None) -> tuple[str, str]:
    """The list of the parts of a long post, and the script that draws their numbers."""
    if post.labels:
        names = "".join(f'<a page="{n}" sub="">{escape(name)}[/#]</a>\n' for n, name in enumerate(post.labels, start=1))
        script = f'<script type="text/javascript" reload="1">show_threadindex({post.pid}, 0)</script>'
        return f'<div id="threadindex">\n{names}</div>{script}', ""
    if not post.parts or part == "all":
        return "", ""
    call = f"show_threadpage({post.pid}, {part or 1}, {len(post.parts)}, 0)"
    return "", f'<div id="threadpage"></div><script type="text/javascript" reload="1">{call}</script>\n'


def _lines(text: str) -> str:
    return "<br />\r\n".join(map(escape, text.split("\n")))


def _quote(visit: Visit, thread: Thread, post: Post) -> str:
    if post.quoted is None:
        return ""
    old = post.quoted
    link = f"{visit.site}forum.php?mod=redirect&amp;goto=findpost&amp;pid={old.pid}&amp;ptid={thread.tid}"
    head = f'<font color="#999999">{escape(old.author.name)} 发表于 {minute(old.time)}</font>'
    return (
        f'<div class="quote"><blockquote><font size="2"><a href="{link}" target="_blank">{head}</a></font><br />\n'
        f"{_lines(old.text)}</blockquote></div><br />\n"
    )
