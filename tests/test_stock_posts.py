"""A post tells the same, whether it is read as text or in the tree."""

import re

import pytest
from benchmarks.pages import heavy_pages, ordinary_pages
from hypothesis import example, given
from hypothesis import strategies as st

from discuz_scrape import Thread, parse_thread
from discuz_scrape._source import open_source
from discuz_scrape.pages.threads._frame import Frame, take_apart

MADE = [page.content.decode() for page in (*heavy_pages(3), *ordinary_pages(3))]
PAGE = MADE[0]
NUMBERS = re.findall(r'id="postmessage_(\d+)"', PAGE)
NUMBER = NUMBERS[5]

HEAD = (
    '<a href="https://bbs.example.org/forum.php?mod=redirect&amp;goto=findpost&amp;pid=7&amp;ptid=9" target="_blank">'
    '<font color="#999999">渡口人 发表于 2024-5-6 10:11</font></a>'
)
PICTURE = (
    '<img id="aimg_31" aid="31" src="static/image/common/none.gif" zoomfile="data/attachment/forum/a.jpg" '
    'file="data/attachment/forum/a.jpg.thumb.jpg" class="zoom" onclick="zoom(this, this.src, 0, 0, 0)" width="600" '
    "inpost=\"1\" onmouseover=\"showMenu({'ctrlid':this.id,'pos':'12'})\" />"
)
MENU = """<div class="tip tip_4 aimg_tip" id="aimg_31_menu" style="position: absolute; display: none">
<div class="xs0">
<p><strong>渡口 1.jpg</strong> <em class="xg1">(20.5 KB, 下载次数: 7)</em></p>
<p>
<a href="forum.php?mod=attachment&amp;aid=MzF8YWJjfDEyM3wwfDk%3D&amp;nothumb=yes" target="_blank">下载附件</a>
</p>
<p>从桥上看</p>
<p class="xg1 y"><span title="2024-5-6 10:02">昨天&nbsp;10:02</span> 上传</p>
</div>
<div class="tip_horn"></div>
</div>
"""
FRAGMENTS = [
    "渡口",
    "  两 个空格\t",
    " &lt;b&gt; &amp;amp; &nbsp;&#9733;",
    "[ 本帖最后由 渡口人 于 2024-5-6 10:11 编辑 ]",
    "\r\n",
    "\x01",
    "\x03",
    "<br />\r\n",
    "<br />",
    "<br>",
    "<b>粗</b>",
    "<strong>很粗</strong>",
    "<i>斜</i>",
    "<em>斜</em>",
    "</b>",
    "</font>",
    "</div>",
    "<u>",
    '<font color="Red">红</font>',
    '<font size="4"><font face="Arial">大</font></font>',
    '<font style="x: y">别的</font>',
    '<font class="jammer">q 7</font>',
    '<span style="display:none">w 8</span>',
    "<font>没有属性",
    "<span>没有关",
    '<i class="pstatus"> 本帖最后由 渡口人 于 2024-5-6 10:11 编辑 </i>',
    '<i class="pstatus">自己写的</i>',
    '<i class="pstatus"> 本帖最后由 渡口人 于 <span title="2024-5-6 10:11:12">昨天 10:11</span> 编辑 </i><br />\r\n',
    '<a href="https://example.com/?a=1&amp;b=2" target="_blank">链接</a>',
    '<a href="thread-5-1-1.html" target="_blank"><b>帖</b></a>',
    '<a href="home.php?mod=space&amp;uid=5" target="_blank">@青石</a>',
    '<a href="https://example.com/">别的写法</a>',
    '<a href="https://example.com/" target="_blank">看<font class="jammer">e 9</font>这里</a>',
    "</a>",
    '<img src="static/image/smiley/default/smile.gif" smilieid="1" border="0" alt="" />',
    '<img src="https://example.com/p.png">',
    '<img src="https://example.com/p.png" width="20" height="20" border="0" alt="" />',
    '<img src="data:image/gif;base64,x" />',
    f"<ignore_js_op>\r\n\r\n{PICTURE}\r\n\r\n{MENU}\r\n</ignore_js_op>",
    PICTURE,
    MENU,
    f'<div class="quote"><blockquote><font size="2">{HEAD}</font><br />\r\n明天&lt;去。<br />好。</blockquote></div>',
    '<div class="quote"><blockquote>自己引用的<br />\r\n第二行</blockquote></div>',
    f'<div class="quote"><blockquote>{HEAD}补一句<br />\r\n明天去。</blockquote></div>',
    '<div align="center">居中<br />两行</div>',
    "\0",
    '<div align="center">',
    '<div align="left">',
    "<p>",
    "<ul><li>一<li>二</ul>",
    "<!-- 注 -->",
    "<script>x</script>",
    "<hr>",
]

REMARK = """<div class="pstl xs1 cl">
<div class="psta vm">
<a href="home.php?mod=space&amp;uid=6" c="1"><img src="uc_server/avatar.php?uid=6&size=small" /></a>
<a href="home.php?mod=space&amp;uid=6" class="xi2 xw1">青石</a>
</div>
<div class="psti">
说得好 &lt;b&gt;&nbsp;
{}<span class="xg1">
发表于 {}</span>
</div>
</div>
"""
LINKS = """<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=125&amp;ptid=28" class="xi2">详情</a>
<a href="forum.php?mod=post&amp;action=reply&amp;fid=3&amp;tid=2" class="xi2" onclick="showWindow(this)">回复</a>
"""
REMARKS = """<h3 class="psth xs1"><span class="icon_ring vm"></span>点评</h3>
"""
MORE = (
    '<div class="pgs mbm mtn cl"><div class="pg"><a href="javascript:;" class="nxt" '
    "onclick=\"ajaxget('forum.php?mod=misc&action=commentmore&tid=3&pid=2&page=2')\">下一页</a></div></div>"
)
RATING = """<tr id="rate_2_{}">
<td>
<a href="home.php?mod=space&amp;uid=5" target="_blank"><img src="uc_server/avatar.php?uid=5&size=small" /></a>
<a href="home.php?mod=space&amp;uid=5" target="_blank">渡口人</a>
</td><td class="xi1"> + 5</td>
<td class="xi1">{}</td>
<td class="xg1">{}</td>
</tr>
"""
RATINGS = """<h3 class="psth xs1"><span class="icon_ring vm"></span>评分</h3>
<dl id="ratelog_2" class="rate">
<dd style="margin:0">
<div id="post_rate_2"></div>
<table class="ratl">
<tr>
<th class="xw1" width="120"><a href="forum.php?action=viewratings">人数 <span class="xi1">{}</span></a></th>
<th class="xw1" width="80">威望 <i><span class="xi1">+5</span></i></th>
<th class="xw1" width="80">金钱 <i><span class="xi1">+3</span></i></th>
<th>
<a href="javascript:;" class="y xi2 op">收起</a>
<i class="txt_h">理由</i>
</th>
</tr>
<tbody class="ratl_l">{}</tbody>
</table>
<p class="ratc">
<a href="forum.php?mod=misc&amp;action=viewratings&amp;tid=3&amp;pid=2" class="xi2">查看全部评分</a>
</p>
</dd>
</dl>
"""
BELOW = {
    "remark": (REMARKS + REMARK.format("", "2024-5-6 10:11"), ""),
    "remark of an hour ago": (REMARKS + REMARK.format("", '<span title="2024-5-6 10:11:05">1&nbsp;小时前</span>'), ""),
    "remarks on a reply": (REMARKS + 2 * REMARK.format(LINKS, "2024-5-6 10:11"), ""),
    "remark with a link": (REMARKS + REMARK.format('<a href="thread-5-1-1.html">帖</a>', "2024-5-6 10:11"), ""),
    "further remarks": (REMARKS + REMARK.format("", "2024-5-6 10:11") + MORE, ""),
    "remark of nobody": (REMARKS + REMARK.format("", "2024-5-6 10:11").replace("青石", "&nbsp;"), ""),
    "remark without a number": (REMARKS + REMARK.format("", "2024-5-6").replace("&amp;uid=6", "&amp;username=x"), ""),
    "credit without a name": ("", RATINGS.format(1, RATING.format(5, " + 3", "好")).replace("金钱", "&nbsp;")),
    "rating of nobody": ("", RATINGS.format(1, RATING.format(5, " + 3", "好")).replace("渡口人", "&nbsp;")),
    "remark of a guest": (REMARKS + re.sub("<a .*</a>", "游客", REMARK.format("", "2024-5-6 10:11")), ""),
    "rating": ("", RATINGS.format(1, RATING.format(5, " - 3", "多谢 &amp;amp;quot;图&amp;amp;quot;"))),
    "ratings": ("", RATINGS.format(9, RATING.format(5, "", "") + RATING.format(0, " + 12", "好"))),
    "rating without a link": ("", RATINGS.format(1, RATING.format(5, " + 3", "好").replace(' target="_blank"', ""))),
    "both": (REMARKS + REMARK.format("", "2024-5-6"), RATINGS.format(1, RATING.format(5, " + 3", "好"))),
    "nothing": ("", ""),
}


NAME = '<a href="home.php?mod=space&amp;uid=77" target="_blank" class="xw1">山 里&amp;人</a>\n'
CARD = """<div class="p_pop blk bui card_gender_0" id="userinfo{}" style="display: none; margin-top: -11px;">
<div class="i y"><div><strong><a href="home.php?mod=space&amp;uid=77" class="xi2">山 里&amp;人</a></strong></div>
<dl class="cl">{}</dl></div></div>
<div>
""".format(NUMBER, "<dt>在线时间</dt><dd>1 小时</dd>" * 30)
FACE = (
    '<div class="avatar"><a href="home.php?mod=space&amp;uid=77" class="avtm" target="_blank">'
    '<img src="uc_server/avatar.php?uid=77&size=middle" /></a></div>\n</div>\n'
)
COUNTS = (
    '<div class="tns xg2"><table cellspacing="0" cellpadding="0"><th><p><a href="home.php?uid=77">19</a></p>主题</th>'
    '<th><p><a href="home.php?uid=77" class="xi2">万 &amp;</a></p>回帖</th>'
    '<td><p><a href="home.php?uid=77" class="xi2"><span title="22791">2万</span></a></p>积分</td></table></div>\n'
)
GROUP = '<p><em><a href="home.php?mod=spacecp&amp;ac=usergroup&amp;gid=15" target="_blank">论坛 元老</a></em></p>\n'
TITLE = '<p class="xg1">慢工&nbsp;细活</p>\n'
STARS = '<p><span><img src="static/image/common/star_level3.gif" alt="Rank: 3" /></span></p>\n'
LIST = """<dl class="pil cl">
\t<dt>积分</dt><dd><a href="home.php?mod=space&uid=77&do=profile" target="_blank" class="xi2">22791</a></dd>
<dt>来自&amp;</dt><dd>山 里&nbsp;</dd><dt>空的</dt><dd></dd><dt>来自&amp;</dt><dd>别处</dd>
</dl>
"""
COLUMNS = {
    "name and face": (NAME, FACE),
    "all": (NAME, FACE + COUNTS + GROUP + TITLE + STARS + LIST + '<dl class="pil cl"></dl></ul>\n'),
    "title without a group": (NAME, FACE + COUNTS + TITLE + LIST),
    "list alone": (NAME, FACE + LIST),
    "no avatar": (NAME, FACE.replace("uc_server/avatar.php?uid=77", "uc_server/images/noavatar_middle.gif?x=1")),
    "rewritten address": (NAME.replace("home.php?mod=space&amp;uid=77", "space-uid-77.html"), FACE + GROUP),
    "address by name": (NAME.replace("&amp;uid=77", "&amp;username=x"), FACE + GROUP),
    "address of nobody": (NAME.replace("home.php?mod=space&amp;uid=77", "plugin.php?id=x&amp;uid=77"), FACE + GROUP),
    "anonymous to a moderator": (NAME.replace("山 里&amp;人", "匿名"), FACE + GROUP + TITLE),
    "blank name": (NAME.replace("山 里&amp;人", "&nbsp;"), FACE + GROUP),
    "masked guest": ('游客<em>1.2.3.x</em>\n', "</div>\n"),
    "more than is shipped": (NAME, FACE + GROUP + "<p>勋章</p>" + LIST),
    "a value with a mark": (NAME, FACE + LIST.replace("山 里", "<b>山</b> 里")),
}


def with_column(name: str, rest: str) -> str:
    """The page with another author column in one of its posts."""
    box = f'<div id="favatar{NUMBER}" class="pls cl favatar">'
    before, _, behind = PAGE.partition(box)
    head = f'\n<div class="pi">\n<div class="authi">{name}</div>\n</div>\n'
    return f"{before}{box}{head}{CARD}{rest}</div>\n{behind[behind.index('</td>') :]}"


def with_body(body: str) -> str:
    """The page with another body in one of its posts."""
    cell = f'<td class="t_f" id="postmessage_{NUMBER}">'
    before, _, behind = PAGE.partition(cell)
    return f"{before}{cell}{body}{behind[behind.index('</td>') :]}"


def with_below(remarks: str, ratings: str) -> str:
    """The page with other remarks and ratings below one of its posts."""
    box = f'<div id="comment_{NUMBER}" class="cm">'
    before, _, behind = PAGE.partition(box)
    return (
        f"{before}{box}\n{remarks}</div>\n\n{ratings}\n</div>\n</div>\n\n</td></tr>{behind.partition('</td></tr>')[2]}"
    )


def in_the_tree(page: str) -> str:
    """The page with author columns that are not as shipped: then nothing is taken out of its posts."""
    return page.replace('<div id="favatar', '<div title="" id="favatar')


def taken(page: str) -> Frame:
    source = open_source(page, None, None, None, None, ("text",))
    return take_apart(source, source.middle())


def same(page: str) -> Thread:
    """The page, read as text and in the tree."""
    thread = parse_thread(page)
    assert parse_thread(in_the_tree(page)) == thread
    return thread


@pytest.mark.parametrize("page", MADE)
def test_page_reads_the_same(page: str) -> None:
    assert not taken(in_the_tree(page)).cuts
    same(page)


@pytest.mark.parametrize("page", MADE)
def test_nearly_every_post_leaves_the_tree(page: str) -> None:
    cuts = taken(page).cuts
    assert len(cuts) == page.count('id="postmessage_')
    assert sum(cut.whole for cut in cuts.values()) >= 0.8 * len(cuts)


@pytest.mark.parametrize("name", COLUMNS)
def test_column_reads_the_same(name: str) -> None:
    author = same(with_column(*COLUMNS[name])).posts[NUMBERS.index(NUMBER)].author
    assert author.uid == 77 or author.name != "山 里&人"


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=7))
@example([FRAGMENTS[25], FRAGMENTS[7], "渡口"])
def test_body_reads_the_same(fragments: list[str]) -> None:
    same(with_body("".join(fragments)))


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_each_part_of_a_body_reads_the_same(fragment: str) -> None:
    same(with_body(f"{fragment}前{fragment}<br />\r\n后{fragment}"))


@pytest.mark.parametrize("name", BELOW)
def test_what_stands_below_a_body_reads_the_same(name: str) -> None:
    remarks, ratings = BELOW[name]
    post = same(with_below(remarks, ratings)).posts[NUMBERS.index(NUMBER)]
    assert (len(post.comments), len(post.ratings)) == (remarks.count("psti"), ratings.count("<tr id="))
    assert (post.more_comments, post.more_ratings) == (bool(MORE in remarks), ">9<" in ratings)


@pytest.mark.parametrize(
    "words", ["山里人", "一行<br />\r\n两行", "[b]原样[/b] <b>粗</b>", "<table><tr><td>格</td></tr></table>"]
)
def test_signature_reads_the_same(words: str) -> None:
    sign = f'<div class="sign" style="max-height:100px;">{words}</div>\n'
    place = PAGE.index('<td class="plc plm">', PAGE.index(f'id="postmessage_{NUMBER}"')) + len('<td class="plc plm">')
    post = same(f"{PAGE[:place]}\n{sign}{PAGE[place:]}").posts[NUMBERS.index(NUMBER)]
    assert post.signature


def test_a_column_ends_where_its_cell_does() -> None:
    column = PAGE.index(f'id="favatar{NUMBER}"')
    renamed = PAGE[:column] + PAGE[column:].replace('<td class="plc">', '<td class="plc wide">', 1)
    assert same(renamed).posts == parse_thread(PAGE).posts


def test_tools_above_a_body_leave_it_where_it_is() -> None:
    head, mark, rest = PAGE.partition(f'id="postnum{NUMBER}"')
    tools = PAGE[PAGE.index('<tr id="_postposition') :].partition("</table>")[0]
    cell = '<div class="pct">'
    page = f"{head}{mark}{rest.replace(cell, f'{tools}{cell}', 1)}"
    assert same(page).posts[NUMBERS.index(NUMBER)].body == parse_thread(PAGE).posts[NUMBERS.index(NUMBER)].body


def test_a_body_without_end_is_left_to_the_tree() -> None:
    page = with_body('<a href="https://example.com/" target="_blank">字</a>' * 3_000)
    assert taken(page).cuts[NUMBER].body is None
    assert len(same(page).posts[NUMBERS.index(NUMBER)].links) == 3_000


def test_frame_that_somebody_wrote_is_part_of_the_body() -> None:
    start = PAGE.index(f'<div id="post_{NUMBERS[6]}"')
    end = PAGE.index(f'<div id="post_{NUMBERS[7]}"')
    frame = PAGE[start:end]
    for written in (frame, frame.replace(NUMBERS[6], "777")):
        thread = parse_thread(with_body(f"看：{written}"))
        assert [str(post.pid) for post in thread.posts] == NUMBERS


def test_a_post_that_nobody_sees_is_no_whole_one() -> None:
    hidden = PAGE.replace(f'<div id="post_{NUMBER}" >', f'<div id="post_{NUMBER}" style="display:none">')
    assert hidden != PAGE
    assert same(hidden).posts[NUMBERS.index(NUMBER)].status == "blocked"
    assert not taken(hidden).cuts[NUMBER].whole


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ('<div class="locked">提示: <em>作者被禁止或删除 内容自动屏蔽</em></div>', "author_banned"),
        ('<div class="attach_nopermission attach_tips">您需要登录才可以下载或查看</div>', "attachments_hidden"),
    ],
)
def test_a_word_of_the_forum_in_the_frame_keeps_it_in_the_tree(before: str, kind: str) -> None:
    page = PAGE.replace(f'<div id="comment_{NUMBER}"', f'{before}<div id="comment_{NUMBER}"')
    post = same(page).posts[NUMBERS.index(NUMBER)]
    assert kind in {notice.kind for notice in post.notices}
