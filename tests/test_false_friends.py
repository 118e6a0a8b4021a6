"""Pages that look like something they are not: other software, and pages of Discuz! that quote or imitate another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from discuz_scrape import (
    Board,
    DiscuzScrapeError,
    Feed,
    LoginRequiredError,
    NotFoundError,
    NoticeError,
    ParseError,
    PasswordRequiredError,
    Thread,
    UserProfile,
    parse_page,
)
from discuz_scrape._encoding import decode

FIXTURES = Path(__file__).parent.parent / "fixtures"
OTHERS = {
    str(path.relative_to(FIXTURES)): path.read_bytes()
    for path in sorted(FIXTURES.rglob("*.in.html"))
    if "thread" not in path.parts
}

PHPBB = """<!DOCTYPE html><html dir="ltr" lang="en-gb"><head><meta charset="utf-8" />
<title>Kiln forum - View topic - Glaze runs</title></head><body id="phpbb" class="nojs notouch section-viewtopic ltr">
<div id="wrap"><div id="page-body"><h2 class="topic-title"><a href="./viewtopic.php?t=12">Glaze runs</a></h2>
<div id="p40" class="post has-profile bg2"><dl class="postprofile" id="profile40"><dt><a href="./memberlist.php?u=4"
class="username">Ada</a></dt></dl><div class="postbody"><div id="post_content40"><h3><a href="#p40">Glaze runs</a></h3>
<p class="author">by <strong>Ada</strong> » Tue Jan 02, 2024 3:04 am</p><div class="content">It ran.</div></div></div></div>
<form id="postform" action="./posting.php"></form></div></div></body></html>"""  # noqa: E501
DISCOURSE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Glaze runs - Kilns</title>
<meta name="generator" content="Discourse 3.2.0 - https://github.com/discourse/discourse version 1a2b"></head>
<body class="crawler"><header><a href="/">Kilns</a></header><div id="main-outlet" class="wrap" role="main">
<div id="topic-title"><h1><a href="/t/glaze-runs/12">Glaze runs</a></h1></div><div id="post_1" class="topic-body
crawler-post"><span itemprop="name">Ada</span><div class="post" itemprop="text"><p>It ran.</p></div></div></div></body>
</html>"""
XENFORO = """<!DOCTYPE html><html id="XF" lang="en-US" data-app="public" data-template="thread_view" class="template-thread_view">
<head><meta charset="utf-8" /><title>Glaze runs | Kilns</title></head><body data-template="thread_view"><div id="top">
<h1 class="p-title-value">Glaze runs</h1><article class="message message--post" data-author="Ada" id="js-post-40">
<div class="message-cell message-cell--user"><a href="/members/ada.4/" class="username">Ada</a></div>
<div class="bbWrapper">It ran.</div></article></div></body></html>"""  # noqa: E501
WORDPRESS = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8" /><title>窑变 – 陶土笔记</title>
<meta name="generator" content="WordPress 6.4.2" /></head><body class="post-template-default single postid-12">
<article id="post-12" class="post-12 post"><h1 class="entry-title">窑变</h1><div class="entry-content"><p>釉流了一地。</p>
<p>您需要登录后才能查看。</p></div></article><ol class="commentlist"><li id="comment-3"><cite class="fn">阿达</cite>
<p>可惜。</p></li></ol></body></html>"""  # noqa: E501
WP_LOGIN = """<!DOCTYPE html><html><head><title>登录 ‹ 陶土笔记</title></head><body class="login wp-core-ui">
<form name="loginform" id="loginform" action="https://a.example/wp-login.php" method="post"><input name="log" />
</form></body></html>"""
ARTICLE = """<!DOCTYPE html><html><head><title>Discuz! 主题不存在怎么办</title></head><body><h1>主题不存在怎么办</h1>
<p>有时论坛会说：抱歉，指定的主题不存在或已被删除或正在被审核。</p><p>这时先看看 <code>&lt;div id="messagetext"&gt;</code>。</p>
<pre>&lt;div id="post_1"&gt;&lt;td id="postmessage_1"&gt;</pre></body></html>"""  # noqa: E501
S3 = """<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>kiln</Name><Prefix></Prefix>
<Contents><Key>forum.php</Key><LastModified>2024-01-02T03:04:05.000Z</LastModified></Contents></ListBucketResult>"""
GITHUB = json.dumps(
    {"id": 1, "node_id": "MDU6", "full_name": "ada/kiln", "private": False, "message": "Not Found", "error": "gone"}
)
JSON_API = json.dumps({"data": [{"type": "threads", "id": "1", "attributes": {"subject": "窑变"}}], "jsonapi": {}})
ERROR = json.dumps({"error": "Not Found", "status": 404})
BLOG = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>陶土笔记</title>
<link>https://clay.example</link><generator>https://wordpress.org/?v=6.4.2</generator><item><title>窑变</title>
<link>https://clay.example/2024/01/yaobian/</link><description>釉流了一地。</description></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Kilns</title><entry><title>Glaze</title>
<link href="https://kilns.example/threads/glaze.12/"/></entry></feed>"""


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PHPBB, "not a page that is read|it seems to be a page of phpBB"),
        (DISCOURSE, r"\(title 'Glaze runs - Kilns'\): it seems to be a page of Discourse 3.2.0"),
        (XENFORO, "it seems to be a page of XenForo"),
        (WORDPRESS, "it seems to be a page of WordPress 6.4.2"),
        (WP_LOGIN, "not a Discuz! page"),
        (ARTICLE, r"not a Discuz! page \(title 'Discuz! 主题不存在怎么办'\)"),
        (S3, "it seems to be XML with the root element <ListBucketResult>"),
        (GITHUB, "it seems to be JSON with id, node_id, full_name, private, message"),
        (JSON_API, "it seems to be JSON with data, jsonapi"),
        (ERROR, "it seems to be JSON with error, status"),
        (f"[{GITHUB}]", "it seems to be JSON"),
        (JSON_API[:40], "it seems to be JSON, or the beginning of it"),
        (BLOG, "a feed, but not of Discuz!: made by https://wordpress.org/"),
        (ATOM, "a feed, but not of Discuz!: without an entry"),
    ],
    ids=lambda value: value[:30] if value.startswith(("not", "it", "a ")) else "",
)
def test_other_software_is_named(page: str, said: str) -> None:
    for content in (page, page.encode()):
        with pytest.raises(ParseError, match=said):
            parse_page(content, url="https://kilns.example/viewtopic.php?t=12")


LOGIN = """<div id="main_message"><h3 class="xs2">登录</h3><form method="post" id="loginform_LxY"
action="member.php?mod=logging&amp;action=login"><input name="username" /></form></div>"""
MESSAGE = """<div id="messagetext" class="alert_error"><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>"""
TOUCH = """<div class="jump_c"><p>您需要先登录才能继续本操作</p></div>"""
GATE = """<title>安全验证</title><script>location.href = "/cf-chl"</script>
<div id="container"><h1>Discuz! Database Error</h1>"""
ASKING = """<div class="nfl"><h3>本版块需要密码</h3>
<form action="forum.php?action=pwverify"><input name="pw" /></form></div>"""
FORGED = """<div id="post_99"><table id="pid99"><tr><td class="plc"><em id="authorposton99">发表于 2020-1-1</em></td>
</tr><tr><td id="postmessage_99">不是我写的</td></tr></table></div>"""
WRITTEN = frozenset({"body", "signature", "text", "excerpt", "description", "rules"})
QUOTED = {"login": LOGIN, "message": MESSAGE, "touch": TOUCH, "gate": GATE, "password": ASKING}


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text("utf-8")


def thread(body: str, signature: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><title>潮汐 - 渡口 - Powered by Discuz!</title></head>
<body id="nv_forum" class="pg_viewthread"><div id="pt"><a href="forum.php?mod=forumdisplay&amp;fid=7">渡口</a></div>
<span id="thread_subject">潮汐</span><div id="postlist"><div id="post_7"><table id="pid7"><tr><td class="pls">
<div class="authi"><a href="home.php?mod=space&amp;uid=4" class="xw1">船工</a></div></td><td class="plc"><div class="authi">
<em id="authorposton7">发表于 2024-1-2 03:04</em></div><table><tr><td class="t_f" id="postmessage_7">昨天看到这个：{body}
</td></tr></table><div class="sign">{signature}</div></td></tr></table></div></div><div id="postlistreply"></div>
</body></html>"""  # noqa: E501


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_thread_that_holds_a_message_is_a_thread(quoted: str) -> None:
    for page in (thread(QUOTED[quoted]), thread("", QUOTED[quoted])):
        found = parse_page(page)
        assert isinstance(found, Thread)
        assert [post.pid for post in found.posts] == [7]
        assert found.posts[0].body.startswith("昨天看到这个：")


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_thread_of_words_about_a_message_is_a_thread(quoted: str) -> None:
    words = QUOTED[quoted].replace("&", "&amp;").replace("<", "&lt;")
    found = parse_page(thread(words))
    assert isinstance(found, Thread)
    assert "<" in found.posts[0].body


def test_nobody_forges_a_post() -> None:
    for page in (thread(FORGED), thread("", FORGED)):
        found = parse_page(page)
        assert isinstance(found, Thread)
        assert [(post.pid, post.author.name) for post in found.posts] == [(7, "船工")]


@pytest.mark.parametrize("subject", ["指定的主题不存在或已被删除", "您需要登录后才能继续", "频繁刷新限制", "安全验证"])
def test_a_board_with_a_row_that_sounds_like_a_wall_is_a_board(subject: str) -> None:
    page = fixture("board/x34/sticky-moved-marks.in.html")
    first = parse_page(page)
    assert isinstance(first, Board)
    named = next(row.subject for row in first.threads if row.subject)
    found = parse_page(page.replace(named, subject))
    assert isinstance(found, Board)
    assert len(found.threads) == len(first.threads)
    assert subject in [row.subject for row in found.threads]


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_profile_whose_signature_holds_a_message_is_a_profile(quoted: str) -> None:
    page = fixture("profile/x34/everything.in.html")
    first = parse_page(page)
    assert isinstance(first, UserProfile)
    assert first.signature
    line = next(line for line in first.signature.splitlines() if line in page)
    found = parse_page(page.replace(line, line + QUOTED[quoted]))
    assert isinstance(found, UserProfile)
    assert (found.uid, found.name) == (first.uid, first.name)


def written(value: object) -> Iterator[str]:
    """The first lines of what people wrote on a page."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in WRITTEN and isinstance(inner, str):
                yield next((line for line in inner.splitlines() if len(line) > 2), "")
            else:
                yield from written(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from written(inner)


@pytest.mark.parametrize("name", OTHERS)
def test_a_message_in_what_people_wrote_changes_no_kind(name: str) -> None:
    page = decode(OTHERS[name]).text
    try:
        whole = parse_page(page)
    except DiscuzScrapeError:
        return
    lines = [line for line in dict.fromkeys(written(whole)) if line and line in page]
    for line in lines[:3]:
        for quoted in QUOTED.values():
            assert parse_page(page.replace(line, line + quoted, 1)).kind == whole.kind


def test_a_feed_of_discuz_under_another_name_is_one() -> None:
    page = fixture("feed/rss/board.in.xml").replace("Discuz! Board by Comsenz Inc.", "我们的论坛")
    assert isinstance(parse_page(page), Feed)


WALLS = {
    "desktop": f"<!DOCTYPE html><html><head><title>提示信息</title></head><body id='nv_forum'>{MESSAGE}</body></html>",
    "touch": "<!DOCTYPE html><html><body class='bg'><div class='jump_c'><p>指定的主题不存在</p></div></body></html>",
    "mobile=1": f'<html><head><meta name="MobileOptimized" content="240"/></head><body>{MESSAGE}</body></html>',
    "archiver": f'<html><body><center id="header"></center><div id="content">{MESSAGE}</div></body></html>',
    "ajax": f'<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[{MESSAGE}]]></root>',
    "window": '<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[<h3 class="flb"></h3><div class="c altw">'
    '<div class="alert_error">指定的主题不存在</div></div>]]></root>',
    "api": '{"Version":"4","Charset":"UTF-8","Variables":{"thread":{"subject":"退潮"},"postlist":[]},'
    '"Message":{"messageval":"thread_nonexistence","messagestr":"抱歉，指定的主题不存在"}}',
}


@pytest.mark.parametrize("face", WALLS)
def test_a_message_is_its_error_on_every_face(face: str) -> None:
    for content in (WALLS[face], WALLS[face].encode()):
        with pytest.raises(NotFoundError) as caught:
            parse_page(content)
        assert "指定的主题不存在" in caught.value.text


@pytest.mark.parametrize("face", WALLS)
def test_a_message_cut_short_is_never_a_page(face: str) -> None:
    for end in range(0, len(WALLS[face]), 9):
        with pytest.raises(DiscuzScrapeError):
            parse_page(WALLS[face][:end])


HEADERS = {
    "menu of boards": '<dl><dt><a href="forum.php?mod=forumdisplay&amp;fid=2">渡口</a></dt><dd>船期</dd></dl>',
    "menu of categories": '<ul id="category_menu"><li><a href="forum.php?gid=1">水边</a></li></ul>',
    "breadcrumb of tags": '<div id="pt"><a href="misc.php?mod=tag">标签</a></div>',
    "button to print": '<a href="javascript:;" onclick="window.print()">打印</a>',
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("frame", ['id="nv_forum" class="pg_forumdisplay"', 'id="nv_forum" class="pg_viewthread"', ""])
@pytest.mark.parametrize(("wall", "error"), [(MESSAGE, NotFoundError), (ASKING, PasswordRequiredError)])
def test_a_message_below_a_header_of_a_skin_is_a_message(
    header: str, frame: str, wall: str, error: type[NoticeError]
) -> None:
    content = f'<div id="wp"><div id="ct"><div class="f_c">{wall}</div></div></div>'
    for page in (header + content, content + f'<div id="ft">{header}</div>'):
        with pytest.raises(error):
            parse_page(f"<html><title>渡口</title><body {frame}>{page}</body></html>")


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("frame", ['id="nv_member" class="pg_logging"', ""])
def test_a_login_below_a_header_of_a_skin_is_a_wall(header: str, frame: str) -> None:
    with pytest.raises(LoginRequiredError):
        parse_page(f'<html><title>登录</title><body {frame}>{header}<div id="ct">{LOGIN}</div></body></html>')


def test_a_board_with_a_login_beside_its_list_is_a_board() -> None:
    page = fixture("board/x34/sticky-moved-marks.in.html")
    for old in ('<div id="ct"', '<div id="threadlist"'):
        found = parse_page(page.replace(old, f'<div class="sd">{LOGIN}</div>{old}', 1))
        assert isinstance(found, Board)
        assert found == parse_page(page)


def test_the_login_of_the_forum_is_a_wall() -> None:
    with pytest.raises(LoginRequiredError):
        parse_page(f"<html><title>登录</title><body id='nv_member' class='pg_logging'>{LOGIN}</body></html>")
    with pytest.raises(NoticeError):
        parse_page('{"error":"to_login"}')
