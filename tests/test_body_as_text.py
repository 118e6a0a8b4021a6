"""Messages of the JSON API are read without a tree where that can be; a tree would read the same."""

import json

import pytest

from discuz_scrape import Post, Thread, parse_page

_LINK = "https://bbs.example.org/forum.php?mod=redirect&amp;goto=findpost&amp;pid=7&amp;ptid=8"
_HEAD = f'<a href="{_LINK}" target="_blank">渡口人 发表于 2024-5-6 10:11</a>'
_QUOTE = f'<div class="reply_wrap">{_HEAD}<br />\r\n明天&lt;一早&gt;去。</div><br />\r\n<br />\r\n'
_OLD_HEAD = f'<a href="{_LINK}" target="_blank"><font color="#999999">渡口人 发表于 昨天 10:11</font></a>'
_PICTURE = '<div class="img"><img src="https://bbs.example.org/data/attachment/forum/a.jpg" attach="7" /></div>'
_SMILEY = '<div class="img"><img src="https://bbs.example.org/static/image/smiley/default/smile.gif" /></div>'
_MESSAGES = [
    "一行  字。",
    "一行。<br />\r\n<br />\r\n<br />\r\n\t隔了几行。<br />",
    "[ 本帖最后由 渡口人 于 2024-5-6 10:11 编辑 ]<br />\r\n改过的字。",
    "a &lt; b &amp;amp; c&nbsp;d &copy &#9733;",
    '<strong>粗</strong><font color="Red">红</font>字',
    f"{_QUOTE}好的。",
    f'{_QUOTE}<b>好</b>的，见<a href="https://example.com/?a=1&amp;b=2" target="_blank">这里</a>{_SMILEY}。',
    f"先说一句。{_QUOTE}后说一句。",
    f'<div class="reply_wrap">{_HEAD}补一句<br />\r\n明天去。</div>好的。',
    '<div class="reply_wrap">渡口人 发表于 2024-5-6 10:11<br />\r\n明天去。</div>好的。',
    '<div class="reply_wrap">自己写的一行<br />\r\n又一行</div>好的。',
    f'<div class="quote"><blockquote>{_OLD_HEAD}<br />\r\n明天去。</blockquote></div><br />\r\n好的。',
    '<a href="home.php?mod=space&amp;uid=5" target="_blank">@青石</a> <a href="thread-9-1-1.html" target="_blank"></a>',
    '<a href="https://example.com/?x&copy;y" target="_blank">带实体的</a> <a href="#" target="_blank">哪儿也不去</a>',
    f"图：{_PICTURE}<br />\r\n又一图：{_PICTURE}完。",
    '<img src="https://example.com/b.png" width="20" height="20" alt="" /><img class="sticker" src="c.png" />',
    '<img src="https://example.com/first.png" src="https://example.com/second.png" />',
    "没有关的<a href=\"https://example.com/\" target=\"_blank\">链接<br />\r\n<em>斜</em>",
    "<table><tr><td>一</td><td>二</td></tr></table><!-- 注 -->",
]  # fmt: skip


def _read(message: str, *formats: str) -> Post:
    post = {"pid": "12", "author": "青石", "authorid": "3", "dbdateline": "1714961471", "message": message}
    answer = {"Version": "4", "Charset": "UTF-8", "Variables": {"thread": {"tid": "8"}, "postlist": [post]}}
    url = "https://bbs.example.org/api/mobile/index.php?module=viewthread&version=4&tid=8"
    thread = parse_page(json.dumps(answer), url=url, formats=("text", *formats))
    assert isinstance(thread, Thread)
    return thread.posts[0]


@pytest.mark.parametrize("message", _MESSAGES)
def test_reads_as_a_tree_would(message: str) -> None:
    with_tree = _read(message, "html").model_copy(update={"body_html": None})  # only a tree can be written as HTML
    assert _read(message) == with_tree


def test_stock_quote_leaves_the_words_behind_it() -> None:
    post = _read(f"{_QUOTE}好的。")
    assert post.body == "好的。"
    (quote,) = post.quotes
    assert (quote.pid, quote.tid, quote.author, quote.text) == (7, 8, "渡口人", "明天<一早>去。")
