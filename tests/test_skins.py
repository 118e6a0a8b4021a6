"""What skins leave out is found where it can be nothing else, and nowhere else."""

import re
from pathlib import Path

import pytest

from discuz_scrape import Thread, parse_page, parse_thread
from discuz_scrape.models import Page

FIXTURES = Path(__file__).parent.parent / "fixtures"
ARTICLE = (FIXTURES / "thread/x35/skin-like-an-article.in.html").read_text()
UNMARKED = (FIXTURES / "thread/x35/skin-unmarked-body.in.html").read_text()
STOCK = (FIXTURES / "thread/x34/first-page.in.html").read_text()
SEVEN = (FIXTURES / "thread/older/seven-page.in.html").read_bytes().decode("gb18030")
SIX = (FIXTURES / "thread/older/six-page.in.html").read_bytes().decode("gb18030")
PHONE = (FIXTURES / "touch/skins/own-lines.in.html").read_text()


def with_byline(box: str) -> Thread:
    start = ARTICLE.index('<div class="vt_info">')
    return parse_thread(ARTICLE[:start] + box + ARTICLE[ARTICLE.index("</div>", start) + 6 :])


LINK = '<a href="home.php?mod=space&amp;uid=9">木乙</a>'


@pytest.mark.parametrize(
    ("box", "name", "day"),
    [
        (f'<div class="x">{LINK} 发表于 2015-6-1 10:22</div>', "木乙", 1),
        (f'<p>作者：{LINK} <span title="2015-6-1 10:22">前天</span></p>', "木乙", 1),
        (f'<div class="ad">{LINK} <em>2012-1-2 10:00</em></div><div>{LINK} <em>2015-6-1 10:22</em></div>', "木乙", 1),
        (f"<div>本主题由 {LINK} 于 <em>2012-1-2 10:00</em> 设为精华</div>", None, None),
        (f"<div>最后回复 {LINK} <em>2012-1-2 10:00</em></div>", None, None),
        (f"<div>活动截止 2019-12-31，{LINK}</div>", None, None),
        ("<div><em>2015-6-1 10:22</em></div>", None, None),
        (f"<div>匿名 <em>2015-6-1 10:22</em></div><div>{LINK} <em>2012-1-2 10:00</em></div>", None, 1),
    ],
)
def test_a_byline_is_a_member_and_a_time_in_one_box(box: str, name: str | None, day: int | None) -> None:
    post = with_byline(box).posts[0]
    assert post.author.name == name
    assert (post.timestamp.day if post.timestamp else None) == day
    assert post.body == "第一篇的话\n又一行"


@pytest.mark.parametrize(
    ("box", "views", "replies"),
    [
        ("<p>查看: 120 | 回复: 3</p>", 120, 3),
        ("<p><b>3</b> 回复</p><p><b>120</b><br>阅读</p>", 120, 3),
        ('<em title="浏览">120</em><em title="评论">3</em>', 120, 3),
        ("<i>Views (120)</i><i>replies: 3</i>", 120, 3),
        ("<p>点击 2024 年会员特惠</p>", None, None),
        ("<p>浏览 300 款新品，评论 5 星</p>", None, None),
        ("<p>回复奖励 10 金钱</p><p>抢楼 回复 100 楼有奖</p>", None, None),
        ("<p>查看更多 5 折优惠</p><p>最后回复 2019-12-31</p>", None, None),
    ],
)
def test_a_counter_is_all_there_is_of_its_element(box: str, views: int | None, replies: int | None) -> None:
    thread = with_byline(f'<div class="x">{box}</div>')
    assert (thread.views, thread.replies) == (views, replies)


def test_the_words_of_a_body_are_no_byline_where_the_subject_stands_above_them_in_the_post() -> None:
    said = f"浏览 150 次<br />回复 33 条<br /><b>{LINK}</b> <i>2009-1-2 10:00</i>"
    thread = parse_thread(SEVEN.replace("哪位帮我看看？", said))
    assert (thread.views, thread.replies) == (None, None)
    undated = re.sub(r'<em id="authorposton74001">[^<]*</em>', "", SEVEN.replace("哪位帮我看看？", said))
    first = parse_thread(undated).posts[0]
    assert (first.author.name, first.timestamp) == (None, None)


@pytest.mark.parametrize(
    ("body", "want"),
    [
        (
            '前言一句<br /><font color="red">这一段红字比别的都长一些</font><br />后记一句',
            "前言一句\n这一段红字比别的都长一些\n后记一句",
        ),
        ("<p>第一段短</p><p>第二段的文字要长一些</p><p>第三段</p>", "第一段短\n第二段的文字要长一些\n第三段"),
        ('<div align="center">一个长长的标题在这里</div><br />正文短', "一个长长的标题在这里\n\n正文短"),
        ('<div class="quote"><blockquote>引来的一段长长的话</blockquote></div>同意的', "引来的一段长长的话\n同意的"),
        ("<ul><li>甲种办法</li><li>乙种办法</li></ul>", "甲种办法\n乙种办法"),
    ],
)
def test_a_body_without_a_mark_is_found_whole(body: str, want: str) -> None:
    start = UNMARKED.index("第一篇的话")
    page = UNMARKED[:start] + body + UNMARKED[UNMARKED.index('</div>\n<div class="shdi') :]
    assert parse_thread(page).posts[0].body == want


def test_no_words_of_the_forum_stand_in_for_a_body_that_has_none() -> None:
    start = UNMARKED.index("第一篇的话")
    page = UNMARKED[:start] + UNMARKED[UNMARKED.index('</div>\n<div class="shdi') :]
    assert parse_thread(page).posts[0].body == ""


def test_bare_words_behind_a_floor_are_its_time_only_where_nothing_else_tells_it() -> None:
    praised = STOCK.replace("</a>\n</strong>", "</a> 发表于 2012-1-1 10:00 加精</strong>", 1)
    assert parse_thread(praised).posts[0].timestamp == parse_thread(STOCK).posts[0].timestamp
    assert parse_thread(SIX.replace("发表于 2010-10-7 08:13", "约 2012-1-1 10:00")).posts[1].timestamp is None


def test_who_and_when_of_a_post_on_a_phone_stand_before_its_body() -> None:
    thanked = PHONE.replace('<span class="ss1">匿名</span>', '<span class="ss1">某人</span>').replace(
        "</div>\n       </div>\n   </div>\n</div>",
        f"</div><div>{LINK} 赞了 <em>2019-9-9 10:00</em></div></div></div></div>",
    )
    assert thanked.count("赞了") == 1
    post = phone(thanked).posts[2]
    assert (post.author.name, post.author.uid) == (None, None)
    assert post.timestamp is not None
    assert post.timestamp.year == 2015


def test_the_name_of_a_board_above_a_thread_is_not_its_subject() -> None:
    page = PHONE.replace("<title>周末去哪儿", "<title>闲谈几句").replace(
        '<div class="nav">', '<div class="nav"><h2>闲谈</h2>'
    )
    assert phone(page).subject == "闲谈几句"


def phone(page: str) -> Thread:
    thread: Page = parse_page(page)
    assert isinstance(thread, Thread)
    return thread


def test_addresses_are_those_of_the_software_that_the_head_tells() -> None:
    said = STOCK.replace("上周末给老凤头", "Discuz! 7.2 的时候，上周末给老凤头").replace(
        'content="Discuz! X3.4"', 'content="x"'
    )
    assert "forum.php?mod=redirect" in str(parse_thread(said).posts[1].url)
    assert "/redirect.php?goto=" in str(parse_thread(SIX).posts[1].url)
