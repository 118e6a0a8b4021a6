"""Flattened pages: the lines that a crawler's text keeps of a thread page."""

import contextlib
import html
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuz_scrape.errors import DiscuzScrapeError, NotFoundError, ParseError
from discuz_scrape.flat import parse_text
from discuz_scrape.models import Thread

HEADER = """\
{subject} - 闲谈 -  松塔论坛 -  Powered by Discuz!
设为首页收藏本站
请 登录 后使用快捷导航没有账号？立即注册
松塔论坛»论坛 › 生活 › 闲谈 › {subject}
返回列表
查看: 120|回复: 3
{subject}
[复制链接]
"""
FOOTER = """\
返回列表
高级模式
B
Color
您需要登录后才可以回帖 登录 | 立即注册
本版积分规则
发表回复
Archiver|手机版|小黑屋|松塔
GMT+8, 2024-3-2 10:00
, Processed in 0.01 second(s), 9 queries
.
Powered by Discuz! X3.4
© 2001-2023 Discuz! Team.
快速回复
返回顶部
返回列表
"""
FIRST_TAIL = " | 只看该作者 | 倒序浏览 | 阅读模式"
BAR = "收藏0\n转播\n淘帖0\n支持2\n反对0\n"
TOOLS = "回复\n使用道具\n举报\n"


def post(
    name: str,
    floor: str,
    body: str,
    *,
    time: str = "2024-3-1 09:30:15",
    tail: str = " | 只看该作者",
    after: str = TOOLS,
) -> str:
    column = f"{name}\n{name} 当前在线\n积分\n120\n3主题40回帖120积分\n新手上路\n收听TA\n发消息\n"
    return f"{column}{floor}\n发表于 {time}{tail}\n{body}\n{after}"


def page(*posts: str, subject: str = "院子里种什么好") -> str:
    return HEADER.format(subject=subject) + "".join(posts) + FOOTER


def first(body: str = "想听听大家的意见。", after: str = BAR + TOOLS, **more: str) -> str:
    return post("林小满", "电梯直达\n楼主", body, tail=FIRST_TAIL, after=after, **more)


def bodies(thread: Thread) -> list[str]:
    return [each.body for each in thread.posts]


def test_a_page_with_three_posts() -> None:
    last = post("林小满", "板凳\n楼主|", "葱好。\n谢谢！")
    thread = parse_text(page(first(), post("高航", "沙发", "种葱。"), last))
    assert thread.subject == "院子里种什么好"
    assert thread.forum is not None
    assert thread.forum.name == "闲谈"
    assert (thread.views, thread.replies, thread.page) == (120, 3, 1)
    assert bodies(thread) == ["想听听大家的意见。", "种葱。", "葱好。\n谢谢！"]
    assert [each.author.name for each in thread.posts] == ["林小满", "高航", "林小满"]
    assert [(each.floor, each.floor_inferred) for each in thread.posts] == [(1, False), (2, False), (3, False)]
    assert [each.is_starter for each in thread.posts] == [True, False, True]
    assert thread.posts[0].subject == thread.subject
    assert thread.posts[0].timestamp == datetime(2024, 3, 1, 9, 30, 15, tzinfo=timezone(timedelta(hours=8)))
    assert thread.site.model_dump(exclude={"rendered_at"}) == {
        "name": "松塔论坛", "url": None, "version": "X3.4", "charset": None, "utc_offset": "+08:00",
        "utc_offset_assumed": False, "viewer_uid": None,
    }  # fmt: skip
    assert thread.site.rendered_at == datetime(2024, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def test_a_page_without_column_floors_and_buttons() -> None:
    text = (
        "小站\n立即注册\n开启左侧\n\n一篇旧文\n\n[复制链接]\n发表于 2020-5-6 07:08:09 | 显示全部楼层 |阅读模式\n"
        "第一段。\n\n第二段。\n您需要登录后才可以回帖 登录 | 立即注册\n\n小黑屋|手机版|小站 ( 某ICP备1号 )\n\n"
        "GMT+8, 2021-1-1 00:00 , Processed in 0.1 second(s)\n\nPowered by Discuz! X3.2\n"
    )
    thread = parse_text(text, url="https://bbs.example.org/thread-31-1-1.html")
    (only,) = thread.posts
    assert (thread.subject, thread.tid, thread.site.name, thread.site.version) == ("一篇旧文", 31, "小站", "X3.2")
    assert (only.body, only.author.name) == ("第一段。\n\n第二段。", None)


def test_traditional_words_and_relative_times() -> None:
    text = page(
        first("標題如上。", time="昨天 09:30").replace("发表于", "發表於").replace("只看该作者", "只看該作者"),
        post("高航", "5#", "好。", time="3 小时前").replace("发表于", "發表於"),
    )
    yesterday, today = (each.timestamp for each in parse_text(text).posts)
    zone = timezone(timedelta(hours=8))
    assert yesterday == datetime(2024, 3, 1, 9, 30, tzinfo=zone)
    assert today == datetime(2024, 3, 2, 7, 0, tzinfo=zone)


def test_words_of_the_chrome_inside_a_body_stay() -> None:
    typed = (
        "别人是这样写的：\n发表于 2020-1-1 12:00\n楼主| 发表于 昨天 10:00 | 只看该作者\nPowered by Discuz! X9\n"
        "回复 使用道具 举报\n1# 沙发 板凳\n评分 参与人数 1\n点评\n这些都留着。"
    )
    thread = parse_text(page(first(typed), post("高航", "沙发", "发表于 3 天前\n也是正文。")))
    assert bodies(thread) == [typed, "发表于 3 天前\n也是正文。"]
    assert thread.site.version == "X3.4"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("提示: 作者被禁止或删除 内容自动屏蔽", "author_banned"),
        ("提示: \n该帖被管理员或版主屏蔽", "shielded"),
        ("此帖仅作者可见", "author_only"),
        ("本帖为密码帖 ，请输入密码\n提交", "password"),
    ],
)
def test_sentences_in_place_of_a_body(body: str, status: str) -> None:
    blocked = parse_text(page(first(), post("高航", "沙发", body))).posts[1]
    assert (blocked.status, blocked.body, [notice.kind for notice in blocked.notices]) == (status, "", [status])


def test_a_deleted_floor_keeps_its_place() -> None:
    thread = parse_text(page(first(), "沙发\n无效楼层，该帖已经被删除\n", post("高航", "板凳", "在。")))
    _, gone, last = thread.posts
    assert (gone.floor, gone.status, gone.body) == (2, "deleted", "")
    assert (last.floor, last.status, last.body) == (3, "normal", "在。")


@pytest.mark.parametrize("head", ["林小满 发表于 2024-3-1 09:30", "原帖由 林小满 于 2024-3-1 09:30 发表"])
def test_a_quote_is_known_by_the_header_of_its_time(head: str) -> None:
    reply = f"{head}\n想听听大家的意见。\n种薄荷。"
    thread = parse_text(page(first(), post("高航", "沙发", reply)))
    assert bodies(thread)[1] == "种薄荷。"
    (quote,) = thread.posts[1].quotes
    assert (quote.author, quote.text) == ("林小满", "想听听大家的意见。")
    assert quote.timestamp == datetime(2024, 3, 1, 1, 30, tzinfo=UTC)


def test_edit_notice_quote_and_hidden_text() -> None:
    edited = " 本帖最后由 林小满 于 2024-3-1 10:00 编辑 \n\n种了一排。\n还剩一角。"
    reply = "林小满 发表于 2024-3-1 09:30\n种了一排。\n还剩一角。\n角上种薄荷。"
    hidden = "公开的。\n游客，如果您要查看本帖隐藏内容请回复\n也是公开的。"
    thread = parse_text(page(first(edited), post("高航", "沙发", reply), post("周舟", "板凳", hidden)))
    assert bodies(thread) == ["种了一排。\n还剩一角。", "角上种薄荷。", "公开的。\n也是公开的。"]
    assert thread.posts[0].edit is not None
    assert thread.posts[0].edit.by == "林小满"
    assert [(quote.author, quote.text) for quote in thread.posts[1].quotes] == [("林小满", "种了一排。\n还剩一角。")]
    assert [notice.kind for notice in thread.posts[2].notices] == ["reply_to_view"]


def test_files_remarks_and_ratings_are_no_text() -> None:
    body = (
        "看图：\n院子.jpg (12.5 KB, 下载次数: 3)\n下载附件\n早上拍的\n2024-3-1 09:29 上传\n图后的话。\n"
        "另附： 清单.zip (3 KB, 下载次数: 0)\n2024-3-1 09:29 上传\n点击文件名下载附件\n完。\n"
        "价目.pdf\n2024-3-1 09:29 上传\n点击文件名下载附件\n4 KB, 下载次数: 1\n"
        "点评\n高航\n不错 发表于 2024-3-1 11:00\n评分\n参与人数 1 金钱 +2 收起 理由\n高航 + 2 好\n查看全部评分"
    )
    thread = parse_text(page(first(body), post("高航", "沙发", "赞。")))
    assert bodies(thread) == ["看图：\n图后的话。\n另附：\n完。", "赞。"]


def test_signatures() -> None:
    wide = "\n" * 12
    apart = post("高航", "沙发", "种葱。" + wide + "我的签名" + "\n" * 9)
    apart = apart.replace("作者\n种葱", "作者" + "\n" * 6 + "种葱")
    thread = parse_text(page(first(after=BAR + "落款\n" + TOOLS), apart, post("林小满", "板凳", "好。\n落款")))
    assert [(each.body, each.signature) for each in thread.posts] == [
        ("想听听大家的意见。", "落款"), ("种葱。", "我的签名"), ("好。", "落款"),
    ]  # fmt: skip


def test_the_end_that_posts_of_an_author_share_is_a_signature() -> None:
    replies = [post("高航", floor, f"{floor}：我来说。\n一生一世\n种地") for floor in ("沙发", "板凳", "地板")]
    thread = parse_text(page(first(), *replies))
    assert [(each.body, each.signature) for each in thread.posts[1:]] == [
        (f"{floor}：我来说。", "一生一世\n种地") for floor in ("沙发", "板凳", "地板")
    ]


def test_links_to_other_threads_below_a_body() -> None:
    others = "相关帖子\n• 后院的葱\n• 薄荷怎么过冬"
    album = "本帖被以下淘专辑推荐:\n· 园艺|主题: 12, 订阅: 3"
    for below in (others, album):
        assert bodies(parse_text(page(first(f"想听听大家的意见。\n{below}")))) == ["想听听大家的意见。"]


def test_the_starter_in_the_header_of_a_later_page() -> None:
    text = (
        page(post("高航", "21#", "好。"))
        .replace("查看: 120|回复: 3\n", "")
        .replace("[复制链接]", "楼主: 林小满\n[复制链接]")
    )
    thread = parse_text(text)
    assert thread.author is not None
    assert (thread.author.name, thread.posts[0].author.name, thread.posts[0].floor) == ("林小满", "高航", 21)


def test_junk_at_line_breaks() -> None:
    body = "一行。8 x  r. n9 x2 ]0 h4 {\n+ I! [. ~  W& c/ R1 {二行。\n三行。"
    assert bodies(parse_text(page(first(body)))) == ["一行。\n二行。\n三行。"]


def test_boxes_of_special_threads() -> None:
    poll = "选一个。\n单选投票, 共有 2 人参与投票\n1.  甲\n50.00% (1)\n2.  乙\n50.00% (1)\n您所在的用户组没有投票权限"
    thread = parse_text(page(first(poll)))
    assert (thread.special, bodies(thread)) == ("poll", ["选一个。"])
    thread = parse_text(page(first("30 金钱\n怎么种？\n我来回答")))
    assert (thread.special, bodies(thread)) == ("reward", ["怎么种？"])


def test_anonymous_deleted_and_mobile_authors() -> None:
    anonymous = "匿名\n沙发\n匿名 发表于 2024-3-1 12:00:00\n不说我是谁。\n" + TOOLS
    gone = "老周 该用户已被删除\n板凳\n发表于 2024-3-1 12:00:01 来自手机 | 只看该作者\n走了。\n" + TOOLS
    _, nobody, deleted = parse_text(page(first(), anonymous, gone)).posts
    assert (nobody.author.anonymous, nobody.author.name) == (True, None)
    assert (deleted.author.kind, deleted.author.name, deleted.client) == ("deleted", "老周", "来自手机")


def test_offset_of_a_page_without_footer_clock() -> None:
    text = page(first()).replace("GMT+8, 2024-3-2 10:00", "")
    assumed, told = parse_text(text).site, parse_text(text, timezone=UTC).site
    assert (assumed.utc_offset, assumed.utc_offset_assumed) == ("+08:00", True)
    assert (told.utc_offset, told.utc_offset_assumed) == ("+00:00", False)


def test_what_is_no_thread_page() -> None:
    message = "提示信息 - 松塔论坛 - Powered by Discuz!\n登录\n抱歉，该主题不存在或已被删除\nArchiver|手机版\n"
    with pytest.raises(NotFoundError) as caught:
        parse_text(message)
    assert caught.value.text.startswith("抱歉")
    story = "他发表于 2020-1-1 12:00 的文章。\n发表于 2020-1-1 12:00\n"
    for text in ("", "随便一段话。", story, "a\n" * 600_000, "x" * 33_600_000):
        with pytest.raises(ParseError):
            parse_text(text)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nothing_but_our_errors(data: st.DataObject) -> None:
    lines = page(first("正文\n点评\n评分\n附.zip (1 KB)\n2024-1-1 10:00 上传"), post("高航", "沙发", "好")).split("\n")
    picked = data.draw(st.lists(st.sampled_from(lines) | st.text(max_size=30), max_size=80))
    with contextlib.suppress(DiscuzScrapeError):
        parse_text("\n".join(picked))


# ---------------------------------------------------------------- a corpus of pages beside their database rows

CORPUS = [Path(folder) for folder in os.environ.get("DISCUZ_SCRAPE_CORPUS", "").split(os.pathsep) if folder]
KINDS = {"thread", "thread_desc", "thread_authoronly", "thread_stand", "mobileno", "thread_passed_wall"}


def strip_tags(page_text: str) -> str:
    """The plainest of all flatteners."""
    page_text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", page_text)
    return html.unescape(re.sub(r"<[^>]+>", "", page_text))


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in CORPUS:
        for path in sorted(folder.glob("*.json")):
            truth = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(truth, dict) and truth.get("kind") in KINDS and "posts" in truth:
                raw = path.with_suffix(".html").read_bytes()
                charset = "utf-8" if re.search(rb"charset=[\"']?utf-8", raw[:2000], re.IGNORECASE) else "gb18030"
                yield raw.decode(charset, "replace"), truth


def chars(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", text)


def near(found: datetime | None, text: str | None, want: int) -> bool:
    """Whether a time is the wanted one, as far as its text tells: an hour for `3 小时前`, a minute without seconds."""
    if found is None or text is None:
        return False
    units = (("天前", 86400), ("小时前", 3660), ("前", 120))
    slack = next((size for unit, size in units if text.endswith(unit)), 0 if re.search(r":\d\d:\d\d", text) else 59)
    return abs(found.timestamp() - want) <= slack


@pytest.mark.skipif(not CORPUS, reason="DISCUZ_SCRAPE_CORPUS names no folders")
def test_corpus() -> None:
    made: Counter[str] = Counter()
    passed: Counter[str] = Counter()

    def check(field: str, *, holds: bool) -> None:
        made[field] += 1
        passed[field] += holds

    for text, truth in cases():
        if 'class="jammer"' in text:  # its junk cannot be told from words for certain
            continue
        thread = parse_text(strip_tags(text))
        subject = html.unescape(html.unescape(truth["thread"]["subject"])).strip()
        check("subject", holds=thread.subject is not None and html.unescape(thread.subject) == subject)
        check("post count", holds=len(thread.posts) == len(truth["posts"]))
        for found, want in zip(thread.posts, truth["posts"], strict=False):
            if f"authorposton{want['pid']}" not in text:
                continue
            check("times", holds=near(found.timestamp, found.timestamp_text, want["dateline"]))
            own = want["expected_text"] if want.get("expected_own_text") is None else want["expected_own_text"]
            if own is not None:
                check("own text", holds=chars(found.body) == chars(own))
    shares = {field: passed[field] / made[field] for field in made}
    assert shares
    assert min(shares.values()) >= 0.98, shares
