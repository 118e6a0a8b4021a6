"""Remarks and ratings below a post."""

from __future__ import annotations

from html import escape

from forum.data import Comment, Post, Thread
from forum.frame import Visit, minute, pager, user


def comments(visit: Visit, thread: Thread, post: Post, number: int, *, fragment: bool = False) -> str:
    """A page of the remarks below a post, newest first: in its place, or as the fragment that a script asks for."""
    size = visit.forum.comments_per_page
    newest = post.comments[::-1]
    pages = max(1, -(-len(newest) // size))
    shown = newest[(number - 1) * size : number * size]
    rows = "\n".join(_comment(visit, comment, fragment=fragment) for comment in shown)
    base = f"forum.php?mod=misc&action=commentmore&tid={thread.tid}&pid={post.pid}"
    more = ""
    if fragment and pages > 1:
        more = f'<div class="pgs mbm cl">{pager(number, pages, base + "&amp;page={0}")}</div>'
    elif pages > 1:
        call = f"ajaxget('{base}&page=2', 'comment_{post.pid}')"
        link = f'<a href="javascript:;" class="nxt" onclick="{call}">下一页</a>'
        more = f'<div class="pgs mbm mtn cl"><div class="pg">{link}</div></div>'
    return f'<h3 class="psth xs1"><span class="icon_ring vm"></span>点评</h3>\n{rows}\n{more}'


def _comment(visit: Visit, comment: Comment, *, fragment: bool) -> str:
    avatar = f'<img src="{visit.site}uc_server/avatar.php?uid={comment.author.uid}&size=small" />'
    name = user(comment.author, "xi2 xw1")
    left, before = (avatar, f"{name}\n&nbsp;") if fragment else (f"{avatar}\n{name}", "")
    return f"""<div class="pstl xs1 cl"><div class="psta vm">{left}</div>
<div class="psti">
{before}{escape(comment.text)}&nbsp;
<span class="xg1">
发表于 {minute(comment.time)}</span>
</div></div>"""


def ratings(visit: Visit, thread: Thread, post: Post) -> str:
    """The table of the latest ratings: more may have rated than it has rows."""
    if not post.ratings:
        return f'<div id="post_rate_div_{post.pid}"></div>'
    link = f"forum.php?mod=misc&amp;action=viewratings&amp;tid={thread.tid}&amp;pid={post.pid}"
    names = list(dict.fromkeys(name for rating in post.ratings for name in rating.scores))
    sums = "".join(
        f'<th class="xw1" width="80">{escape(name)} <i><span class="xi1">'
        f"{sum(rating.scores.get(name, 0) for rating in post.ratings):+d}</span></i></th>\n"
        for name in names
    )
    rows = "".join(
        f'<tr id="rate_{post.pid}_{rating.author.uid}">\n<td>{user(rating.author)}</td>'
        + "".join(
            f'<td class="xi1"> {"+ " if rating.scores[name] > 0 else ""}{rating.scores[name]}</td>'
            if name in rating.scores
            else '<td class="xg1"></td>'
            for name in names
        )
        + f'<td class="xg1">{escape(escape(escape(rating.reason)))}</td></tr>\n'
        for rating in post.ratings[: -visit.forum.ratings_shown - 1 : -1]
    )
    return f"""<h3 class="psth xs1"><span class="icon_ring vm"></span>评分</h3>
<dl id="ratelog_{post.pid}" class="rate"><dd style="margin:0"><div id="post_rate_{post.pid}"></div>
<table class="ratl"><tr><th class="xw1" width="120"><a href="{link}" onclick="showWindow('viewratings', this.href)" \
title="查看全部评分"> 参与人数 <span class="xi1">{len({rating.author for rating in post.ratings})}</span></a></th>{sums}
<th><i class="txt_h">理由</i></th></tr>
<tbody class="ratl_l">{rows}</tbody></table>
<p class="ratc"><a href="{link}" onclick="showWindow('viewratings', this.href)" title="查看全部评分" \
class="xi2">查看全部评分</a></p></dd></dl>"""


def all_ratings(post: Post) -> str:
    """The window of all ratings of a post, the newest first."""
    rows = "\n".join(
        f"<tr><td>{escape(name)} {score:+d} </td><td>{user(rating.author)}</td><td>{minute(rating.time)}</td>"
        f"<td>{escape(escape(escape(rating.reason)))}</td></tr>"
        for rating in reversed(post.ratings)
        for name, score in rating.scores.items()
    )
    return f"""
<div class="f_c"><h3 class="flb"><em id="return_rate">查看全部评分</em></h3>
<div class="c floatwrap"><table class="list" cellspacing="0" cellpadding="0"><thead><tr><td>积分</td><td>用户名</td>\
<td>时间</td><td>理由</td></tr></thead>{rows}</table></div></div>
"""
