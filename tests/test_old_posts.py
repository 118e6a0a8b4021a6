"""What older versions wrote into posts, which a forum keeps when it is brought up to a newer one."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from discuz_scrape import Post, parse_thread

PAGE = (Path(__file__).parent.parent / "fixtures/thread/x34/first-page.in.html").read_text()
CELL = 'id="postmessage_60211">'
LINK = (
    '<a href="https://a.example/redirect.php?goto=findpost&amp;pid=51&amp;ptid=4" target="_blank">'
    '<img id="aimg_q3R" onclick="zoom(this, this.src, 0, 0, 0)" class="zoom" '
    'file="https://a.example/images/common/back.gif" border="0" alt="" /></a>'
)
ASKED = datetime(2010, 3, 12, 10, 13, tzinfo=UTC)


def with_body(markup: str) -> Post:
    head, cell, rest = PAGE.partition(CELL)
    return parse_thread(f"{head}{cell}{markup}</td></tr></table>{rest}").posts[0]


@pytest.mark.parametrize(
    ("inside", "pid", "name"),
    [
        (f"原帖由 <i>渡口人</i> 于 2010-3-12 18:13 发表 {LINK}<br />\r\n几点开船？<br />\n下午有吗", 51, "渡口人"),
        ("原帖由 <i>渡口人</i> 於 2010-3-12 18:13 發表<br />几点开船？<br />\n下午有吗", None, "渡口人"),
        ("原帖由 ferryman 于 2010-3-12 18:13 发表<br />几点开船？<br />\n下午有吗", None, "ferryman"),
        ("Originally posted by <i>ferryman</i> at 2010-3-12 18:13<br />几点开船？<br />\n下午有吗", None, "ferryman"),
        (f"Posted by <i>ferryman</i> at 2010-3-12 18:13 {LINK}<br />几点开船？<br />\n下午有吗", 51, "ferryman"),
        (
            "几点开船？<br />\r\n下午有吗<br />\r\n"
            f'<font size="2"><font color="#999999">渡口人 发表于 2010-3-12 18:13</font> {LINK}</font>',
            51,
            "渡口人",
        ),
    ],
    ids=["6 and 7.0", "without a link", "plain", "English", "English in X", "7.2 and X1"],
)
def test_a_quote_is_known_by_the_header_of_its_time(inside: str, pid: int | None, name: str) -> None:
    post = with_body(f'<div class="quote"><blockquote>{inside} </blockquote></div><br />\r\n四点还有一班')
    assert post.body == "四点还有一班"
    assert post.images == ()
    (quote,) = post.quotes
    assert (quote.pid, quote.author, quote.timestamp) == (pid, name, ASKED)
    assert quote.text == "几点开船？\n下午有吗"


@pytest.mark.parametrize(
    "inside",
    [
        "原帖由他说起",
        "原帖由 渡口人 于 2010-3-12 18:13 发表 有误",
        "原帖由鲁迅于1918年5月发表<br />狂人日记",
        "原帖由张三于今年春天发表<br />abc",
        "Posted by Bob at 12 Main Street<br />second line",
        "Posted by Bob at 2010-3-12 18:13<br />second line",
        f'昨天换了<br />我同意<font color="red">渡口人 发表于 2010-3-12 18:13 {LINK}</font>',
        f'<font size="2">昨天换了<br />渡口人 发表于 2010-3-12 18:13 {LINK}</font>',
    ],
)
def test_what_only_resembles_one_stays_the_words_of_the_author(inside: str) -> None:
    post = with_body(f'<div class="quote"><blockquote>{inside}</blockquote></div>四点还有一班')
    assert post.quotes == ()
    said = re.sub(r"<[^<>]*>", "", inside.replace("<br />", "\n")).strip()
    assert post.body == f"{said}\n四点还有一班"


def test_the_labels_above_quotes_and_code_are_of_the_forum() -> None:
    post = with_body(
        '<div class="quote"><h5>引用:</h5><blockquote>先到先得 </blockquote></div>'
        '<div class="blockcode"><span class="headactions" onclick="copycode($(\'code0\'));">复制内容到剪贴板</span>'
        '<h5>代码:</h5><code id="code0">if a:<br />\n&nbsp;&nbsp;b</code></div><h5>尾声</h5>'
    )
    assert post.body == "先到先得\nif a:\n  b\n尾声"


@pytest.mark.parametrize("label", ["下载", "下载附件"])
def test_the_menu_of_a_picture_names_it_in_the_title_of_its_link(label: str) -> None:
    post = with_body(
        '<img src="static/image/common/none.gif" file="attachments/day/a.jpg" width="500" id="aimg_601" '
        "onmouseover=\"showMenu({'ctrlid':this.id,'pos':'12'})\" alt=\"x\" />"
        '<div class="tatt" id="aimg_601_menu" style="position: absolute; display: none"><div class="crly">'
        '<div class="y">2010-3-12 18:13 上传</div>'
        '<a href="forum.php?mod=attachment&amp;aid=NjAxfDhkZg%3D%3D&amp;nothumb=yes" '
        'title="底板 下载次数.jpg 下载次数:7" '
        f'target="_blank"><strong>{label}</strong> <span class="xs0">(20 KB)</span></a><br />正面</div></div>看图'
    )
    assert post.body == "看图"
    (file,) = post.attachments
    assert (file.aid, file.filename, file.size, file.downloads) == (601, "底板 下载次数.jpg", 20_480, 7)
    assert (file.description, file.uploaded_at) == ("正面", ASKED)
    assert [image.aid for image in post.images] == [601]


def test_a_picture_from_elsewhere_is_no_file_though_its_id_may_look_like_one() -> None:
    post = with_body('<img id="aimg_60142" onmouseover="img_onmouseoverfunc(this)" src="https://a.example/a.jpg" />')
    assert [image.aid for image in post.images] == [None]
    assert post.attachments == ()
