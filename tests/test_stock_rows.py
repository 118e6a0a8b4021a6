"""A row of a board tells the same, whether it is read as text or in the tree."""

from pathlib import Path

import pytest
from benchmarks.boards import board_pages

from discuz_scrape import Board, parse_page
from discuz_scrape._encoding import decode
from discuz_scrape._source import open_source
from discuz_scrape.models import ThreadSummary
from discuz_scrape.pages.lists._stock_rows import Frame, take_rows

FIXTURES = Path(__file__).parent.parent / "fixtures"
BOARDS = {
    page.relative_to(FIXTURES).as_posix(): text
    for page in sorted((FIXTURES / "board").rglob("*.in.html"))
    if '<tbody id="' in (text := decode(page.read_bytes()).text)
}

PAGE = """<html><head><title>晒谷场 - 溪口论坛</title><base href="https://bbs.example.net/" /></head>
<body id="nv_forum" class="pg_forumdisplay"><div id="pt"><a href="./" class="nvhm">溪口论坛</a></div>
<h1 class="xs2"><a href="forum.php?mod=forumdisplay&amp;fid=9">晒谷场</a></h1>
<div id="threadlist" class="tl"><table summary="forum_9" id="threadlisttableid">
{}</table></div><div id="ft">GMT+8, 2024-4-3 08:00</div></body></html>
"""
ROW = """<tbody id="normalthread_41">
<tr>
<td class="icn">
<a href="forum.php?mod=viewthread&amp;tid=41&amp;extra=page%3D1" title="有新回复 - 新窗口打开" target="_blank">
<img src="static/image/common/folder_new.gif" />
</a>
</td>
<th class="new">
<a href="javascript:;" id="content_41" class="showcontent y" title="更多操作" onclick="CONTENT_TID='41'"></a>
 <a href="forum.php?mod=viewthread&amp;tid=41&amp;extra=page%3D1" onclick="atarget(this)" class="s xst">谷仓夜话</a>
</th>
<td class="by">
<cite>
<a href="home.php?mod=space&amp;uid=7" c="1">老秤砣</a></cite>
<em><span>2024-3-26</span></em>
</td>
<td class="num"><a href="forum.php?mod=viewthread&amp;tid=41&amp;extra=page%3D1" class="xi2">13</a><em>3006</em></td>
<td class="by">
<cite><a href="home.php?mod=space&username=%E9%98%BF%E6%9D%8F" c="1">阿杏</a></cite>
<em><a href="forum.php?mod=redirect&tid=41&goto=lastpost#lastpost">2024-4-2 14:23</a></em>
</td>
</tr>
</tbody>
"""
TITLE = ' <a href="forum.php?mod=viewthread&amp;tid=41&amp;extra=page%3D1" onclick="atarget(this)" class="s xst">'
BEHIND = "谷仓夜话</a>\n"
TYPE = '<em>[<a href="forum.php?mod=forumdisplay&fid=9&amp;filter=typeid&amp;typeid=2">闲话</a>]</em> '
MORE = '<a href="javascript:void(0);" onclick="hideStickThread(\'41\')" class="closeprev y">隐藏置顶帖</a>\n'
PAGES = '<span class="tps">&nbsp;...<a href="thread-41-2-1.html">2</a><a href="thread-41-3-1.html">3</a></span>\n'
NEW = '<a href="forum.php?mod=redirect&tid=41&goto=lastpost#lastpost" class="xi1">New</a>\n'

AS_SHIPPED = {
    "plain": [],
    "pinned": [("normalthread_", "stickthread_"), ("\n" + TITLE, f"\n{MORE}{TITLE}")],
    "pinned everywhere": [("folder_new.gif", "pin_3.gif"), ("有新回复", "全局置顶主题")],
    "locked by icon": [("folder_new.gif", "folder_lock.gif")],
    "locked by class": [('class="new"', 'class="lock"')],
    "moderators' cell": [("<th ", '<td class="o">\n<input type="checkbox" value="41" />\n</td>\n<th ')],
    "poll": [("有新回复", "投票"), ("folder_new", "pollsmall")],
    "icon of a font": [('<img src="static/image/common/folder_new.gif" />', '<i class="fico-cart fic6"></i>')],
    "type": [(TITLE, TYPE + TITLE)],
    "moved": [(TITLE, f" 移动:{TITLE}"), (">13<", ">-<"), (">3006<", ">-<"), ("folder_new", "folder_lock")],
    "type called like a move": [(TITLE, TYPE.replace("闲话", "移动通信") + TITLE)],
    "type with an address of its own": [(TITLE, TYPE.replace("forum.php?mod=forumdisplay&fid=9&amp;filter=typeid&amp;typeid=2", "f9-t2.html") + TITLE)],  # noqa: E501
    "type and moved": [(TITLE, f"{TYPE}移动: {TITLE}")],
    "highlight": [(' onclick="atarget', ' style="font-weight: bold;color: #2B65B7;" onclick="atarget')],
    "entities": [("谷仓夜话", "A &amp;&nbsp;B &lt;谷仓&gt;"), ("老秤砣", "&#9733;老秤砣"), ("阿杏", "阿&amp;杏")],
    "remark and picture": [
        (BEHIND, BEHIND + '- [阅读权限 <span class="xw1">20</span>]\n<img src="x/image_s.gif" alt="attach_img" />\n'),
    ],
    "remarks of a plugin": [
        ("有新回复", "悬赏 - 有新回复"),
        (BEHIND, BEHIND + '- [悬赏 <span class="xw1">50</span> 金钱] <span class="xg1">[还剩 3 天] [未解决]</span>\n'),
    ],
    "reward": [
        ("有新回复", "悬赏 - 有新回复"),
        (BEHIND, BEHIND + '- [悬赏 <span class="xw1">50</span> 金钱]\n'),
    ],
    "pages": [(BEHIND, BEHIND + PAGES)],
    "pages and marks": [(BEHIND, BEHIND + '<i class="fico-image" title="图片附件"></i>\n' + PAGES)],
    "new this week": [(BEHIND, BEHIND + NEW)],
    "new this week, with marks and pages": [(BEHIND, f'{BEHIND}<i class="fico-image"></i>\n{PAGES}{NEW}')],
    "rewritten addresses": [
        ("forum.php?mod=viewthread&amp;tid=41&amp;extra=page%3D1", "thread-41-1-1.html"),
        ("home.php?mod=space&amp;uid=7", "space-uid-7.html"),
    ],
    "page in the address": [("extra=page%3D1", "extra=page%3D1&amp;page=1")],
    "no number": [("tid=41&amp;", "tid=0&amp;"), ("uid=7", "uid=0")],
    "relative times": [
        ("<span>2024-3-26</span>", '<span class="xi1"><span title="2024-4-3">半小时前</span></span>'),
        ("2024-4-2 14:23", '<span title="2024-4-3 07:56">4&nbsp;分钟前</span>'),
    ],
    "relative times alone": [("2024-4-2 14:23", "<span>4&nbsp;分钟前</span>")],
    "anonymous": [('<a href="home.php?mod=space&amp;uid=7" c="1">老秤砣</a>', "匿名"), (">阿杏<", ">匿名<")],
    "group colour": [('uid=7" c="1"', 'uid=7" c="1" style="color: #F00;"')],
    "guest": [("home.php?mod=space&amp;uid=7", "javascript:;")],
    "nobody": [('<a href="home.php?mod=space&amp;uid=7" c="1">老秤砣</a>', ""), (">阿杏<", "> <")],
}
ELSE = {
    "hidden": [('normalthread_41"', 'normalthread_41" style="display:none"')],
    "other order of attributes": [('onclick="atarget(this)" class="s xst"', 'class="s xst" id="t41"')],
    "bold title": [("谷仓夜话", "<b>谷仓</b>夜话")],
    "bare bracket": [('c="1">老秤砣', 'title="a>b">老秤砣')],
    "rounded counter": [("<em>3006</em>", "<em>2.1万</em>")],
    "rounded counters with titles": [
        (">13<", '><span title="12034">1.2万</span><'),
        ("<em>3006</em>", '<em title="30,067">3万</em>'),
    ],
    "counters in two cells": [("<em>3006</em></td>", '</td>\n<td class="num"><em>3006</em></td>')],
    "face of the last poster": [('<cite><a href="home.php?mod=space&username', '<cite><a href="home.php?mod=space&amp;uid=8"><img src="uc_server/avatar.php?uid=8" /></a><a href="home.php?mod=space&username')],  # noqa: E501
    "title cut short": [(' class="s xst">谷仓夜话', ' title="谷仓夜话，第三回" class="s xst">谷仓夜话...')],
    "badge in the title": [(' class="s xst">', ' title="谷仓夜话" class="s xst"><span class="hot">热</span>')],
    "badge behind the title": [("谷仓夜话</a>", '谷仓夜话<i class="hot">谷</i></a>')],
    "title in a box": [("谷仓夜话</a>", '<i>顶</i><span class="subject">谷仓夜话</span></a>')],
    "times without boxes of their own": [
        ("<em><span>2024-3-26</span></em>", '<span title="2024-3-26 09:30">8 天前</span>'),
        ("<em><a", "<a"),
        ("14:23</a></em>", "14:23</a>"),
        ("<cite>", ""),
        ("</cite>", ""),
    ],
    "buttons beside the names": [
        ("<cite>\n", '<cite>\n<a href="home.php?mod=spacecp&ac=follow&op=add&fuid=7">关注</a>'),
        ('<td class="num">', '<td class="by"><a href="javascript:;">收藏</a></td>\n<td class="num">'),
    ],
    "own cell": [('<td class="num">', '<td class="rate">5</td>\n<td class="num">')],
    "badge behind the author": [("老秤砣</a>", '老秤砣</a><img src="badge.png" alt="版主" />')],
    "moved by a button": [("</a>\n" + TITLE, "移动</a>\n" + TITLE)],
}


def row(changes: list[tuple[str, str]]) -> str:
    markup = ROW
    for old, new in changes:
        markup = markup.replace(old, new)
    return markup


def frame(text: str) -> Frame | None:
    return take_rows(open_source(text, None, None, None, None, ("text",)))


def board(text: str) -> Board:
    page = parse_page(text)
    assert isinstance(page, Board)
    return page


def in_tree(text: str) -> Board:
    """What the page tells where no row looks as shipped."""
    other = text.replace('<tbody id="', '<tbody  id="')
    assert frame(other) is None
    return board(other)


@pytest.mark.parametrize("text", BOARDS.values(), ids=BOARDS.keys())
def test_board_tells_the_same_both_ways(text: str) -> None:
    assert board(text) == in_tree(text)


def test_generated_board_is_read_as_text() -> None:
    for page in board_pages(3):
        text = page.content.decode()
        taken = frame(text)
        assert taken is not None
        assert None not in taken.rows
        assert len(taken.markup) < len(page.content) / 10
        assert board(text) == in_tree(text)


@pytest.mark.parametrize("changes", AS_SHIPPED.values(), ids=AS_SHIPPED.keys())
def test_row_as_shipped_is_read_as_text(changes: list[tuple[str, str]]) -> None:
    text = PAGE.format(row(changes))
    taken = frame(text)
    assert taken is not None
    assert None not in taken.rows
    page = board(text)
    assert len(page.threads) == 1
    assert page == in_tree(text)


@pytest.mark.parametrize("changes", ELSE.values(), ids=ELSE.keys())
def test_other_row_stays_in_the_tree_in_its_place(changes: list[tuple[str, str]]) -> None:
    other = row(changes)
    text = PAGE.format(other + ROW + other + other + ROW.replace("41", "42"))
    taken = frame(text)
    assert taken is not None
    assert [each is None for each in taken.rows] == [True, False, True, True, False]
    page = board(text)
    assert len(page.threads) == 5
    assert page == in_tree(text)


@pytest.mark.parametrize("list_", [f"<!-- {ROW} -->{ROW}", ROW + f"<!-- {ROW} -->"])
def test_rows_around_a_comment_are_read_in_the_tree(list_: str) -> None:
    text = PAGE.format(list_)
    assert frame(text) is None
    assert len(board(text).threads) == 1


def test_row_that_cannot_be_read_as_text_loses_no_other() -> None:
    text = PAGE.format(ROW + ROW.replace("谷仓", f"&#{'9' * 5000};"))
    assert frame(text) is None
    assert len(board(text).threads) == 2


def test_pager_and_boards_below_the_rows_are_found() -> None:
    pager = '<div class="pg"><strong>2</strong><a href="forum-9-3.html" class="last">... 3</a></div>'
    below = '<div id="subforum_9"><table><tr><td><h2><a href="forum-10-1.html">打场</a></h2></td></tr></table></div>'
    page = board(PAGE.format(ROW + f"</table>{pager}{below}<table>"))
    assert (page.page, page.total_pages) == (2, 3)
    assert [each.fid for each in page.subforums] == [10]


def test_list_without_its_marks_is_read_in_the_tree() -> None:
    text = PAGE.format(ROW).replace('id="threadlist" class="tl"', "").replace('id="threadlisttableid"', "")
    assert board(text.replace(' summary="forum_9"', "")).threads[0].tid == 41


def one(changes: list[tuple[str, str]]) -> ThreadSummary:
    return board(PAGE.format(row(changes))).threads[0]


def test_a_type_is_one_whatever_it_is_called_and_leads_to() -> None:
    for case, name in (("type called like a move", "移动通信"), ("type with an address of its own", "闲话")):
        thread = one(AS_SHIPPED[case])
        assert (thread.type_name, thread.moved, thread.subject) == (name, False, "谷仓夜话")


def test_a_rounded_counter_is_whole_in_its_title() -> None:
    thread = one(ELSE["rounded counters with titles"])
    assert (thread.replies, thread.views) == (12034, 30067)
    thread = one(ELSE["rounded counter"])
    assert (thread.replies, thread.views) == (13, None)


def test_counters_may_have_two_cells() -> None:
    thread = one(ELSE["counters in two cells"])
    assert (thread.replies, thread.views, thread.last_poster) == (13, 3006, "阿杏")


def test_the_face_of_the_last_poster_is_no_name() -> None:
    assert one(ELSE["face of the last poster"]).last_poster == "阿杏"


def test_the_title_is_whole_in_its_tooltip() -> None:
    assert one(ELSE["title cut short"]).subject == "谷仓夜话，第三回"


def test_a_badge_is_no_part_of_the_title() -> None:
    assert one(ELSE["badge in the title"]).subject == "谷仓夜话"
    assert one(ELSE["badge behind the title"]).subject == "谷仓夜话"
    assert one(ELSE["title in a box"]).subject == "顶谷仓夜话"  # nothing tells which is which


def test_remarks_of_a_plugin_tell_no_facts() -> None:
    thread = one(AS_SHIPPED["remarks of a plugin"])
    assert (thread.reward, thread.reward_solved, thread.price, thread.read_permission) == (50, False, None, None)


def test_names_and_times_are_known_by_what_they_are() -> None:
    for case in ("times without boxes of their own", "buttons beside the names"):
        thread = one(ELSE[case])
        assert thread.author is not None
        assert (thread.author.name, thread.author.uid, thread.last_poster) == ("老秤砣", 7, "阿杏")
        assert thread.created_at is not None
        assert thread.last_post_at is not None
        assert f"{thread.last_post_at:%m-%d %H:%M}" == "04-02 14:23"
    thread = one(ELSE["times without boxes of their own"])
    assert f"{thread.created_at:%m-%d %H:%M}" == "03-26 09:30"
