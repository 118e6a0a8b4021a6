from __future__ import annotations

import time

import pytest

from discuz_scrape import parse_thread
from discuz_scrape._ajax import unwrap_ajax
from discuz_scrape._notices import notice_kind
from discuz_scrape.errors import (
    ChallengeError,
    DiscuzScrapeError,
    LoginRequiredError,
    NotFoundError,
    NoticeError,
    ParseError,
    PasswordRequiredError,
    PermissionDeniedError,
    RateLimitedError,
    SiteClosedError,
    SiteFaultError,
)
from discuz_scrape.pages._kinds import KINDS

URL = "https://forum.example/forum.php?mod=viewthread&tid=7"


def refused(text: str) -> DiscuzScrapeError:
    with pytest.raises(DiscuzScrapeError) as caught:
        parse_thread(text, url=URL)
    assert caught.value.url == URL
    assert len(str(caught.value)) <= 200
    assert "\n" not in str(caught.value)
    return caught.value


def notice(text: str) -> NoticeError:
    error = refused(text)
    assert isinstance(error, NoticeError)
    return error


def desktop(
    message: str, mood: str = "alert_error", *, login: bool = False, fid: str = "0", page: str = "viewthread"
) -> str:
    return f"""<!DOCTYPE html><html><head><title>提示信息 - 河边小站 - Powered by Discuz!</title></head>
<body id="nv_forum" class="pg_{page}"><input type="hidden" name="srhfid" value="{fid}" />
<div id="wp" class="wp"><div id="ct" class="wp cl w">
<div class="nfl" id="main_succeed" style="display: none"><p id="succeedmessage"></p>
<a id="succeedmessage_href">如果您的浏览器没有自动跳转，请点击此链接</a></div>
<div class="nfl" id="main_message"><div class="f_c altw">
<div id="messagetext" class="{mood}">
<p>{message}</p>
<script>document.write('<p class="alert_btnleft">返回登录</p>');</script>
<p class="alert_btnleft"><a href="./">如果您的浏览器没有自动跳转，请点击此链接</a></p>
</div>{'<div id="messagelogin"></div>' if login else ""}</div></div></div></div></body></html>"""


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (NotFoundError, "您要看的主题不存在，也许早就没了"),
        (NotFoundError, "這個主題已被刪除"),
        (NotFoundError, "正在審核的帖子還不能看"),
        (NotFoundError, "这个主题进了回收站"),
        (NotFoundError, "Sorry, this thread does not exist"),
        (NotFoundError, "这个搜索不存在或过期了"),
        (LoginRequiredError, "您尚未登录，没有权限看这个版块"),
        (LoginRequiredError, "請先登錄再來看"),
        (LoginRequiredError, "您需要登入後才能看"),
        (LoginRequiredError, "You need to log in first"),
        (PermissionDeniedError, "本帖的阅读权限是 30"),
        (PermissionDeniedError, "您所在的用戶組不能看"),
        (PermissionDeniedError, "这个主题已经关闭，不再接受新回复"),
        (PermissionDeniedError, "您的账号被禁用"),
        (PermissionDeniedError, "您的积分还不足，看不了这一版"),
        (PermissionDeniedError, "You have no permission here"),
        (PasswordRequiredError, "您輸入的密碼不對"),
        (SiteClosedError, "本站暂停一周，搬机房"),
        (SiteClosedError, "本站維護中"),
        (SiteClosedError, "站长设置了每日 2:00-5:00 不能进行此操作"),
        (SiteFaultError, "系统繁忙"),
        (RateLimitedError, "您刷得太频繁了"),
        (NoticeError, "登录失败，还可以试 2 次"),
        (NoticeError, "今天天气不错"),
    ],
)
def test_words_of_a_message_tell_its_class(kind: type[NoticeError], message: str) -> None:
    error = notice(desktop(message))
    assert type(error) is kind
    assert error.text == message
    assert str(error) == f"the forum answered: {message}"


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("两次发言间隔少于 45 秒", 45.0),
        ("错误次数过多，请 20 分钟后再来", 1200.0),
        ("刷新太频繁", None),
        ("Too fast, wait 9 seconds", 9.0),
    ],
)
def test_retry_after_is_what_the_message_names(message: str, seconds: float | None) -> None:
    error = notice(desktop(message))
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == seconds


def test_the_frame_tells_what_the_owners_own_words_do_not() -> None:
    words = "老地方见"
    assert type(notice(desktop(words, "alert_info", login=True))) is SiteClosedError
    assert type(notice(desktop(words, "alert_info", login=True, fid="12"))) is LoginRequiredError
    assert type(notice(desktop(words, "alert_info"))) is NoticeError
    assert type(notice(desktop("密码已经改好，请登录", "alert_right"))) is NoticeError


def test_text_is_whole_and_the_line_is_short() -> None:
    long = "很" * 500
    error = notice(desktop(f"  没有<b>权限</b><br />因为\n&nbsp;{long}<script>var x = 1;</script>"))
    assert error.text == f"没有权限 因为 {long}"
    assert len(str(error)) == 200
    assert len(notice(desktop("长" * 9_000)).text) == 2_000


def test_detail_that_fell_out_of_the_box_belongs_to_the_text() -> None:
    page = (
        '<div id="messagetext" class="alert_info"><p>您没有权限</p></div>'
        '<div>要先有：铜勋章</div></div><div id="messagelogin"></div>'
    )
    assert notice(page).text == "您没有权限 要先有：铜勋章"


def test_after_a_login_the_sentence_stands_in_a_script() -> None:
    script = "<script>$('succeedlocation').innerHTML = '回来就好，阿青';</script>"
    assert notice(desktop(script, "alert_right")).text == "回来就好，阿青"
    assert (
        notice(f"<root><![CDATA[<script>succeedhandle_('./', '', {{}});</script>{script}]]></root>").text
        == "回来就好，阿青"
    )


def test_touch_message() -> None:
    error = notice(
        '<body class="bg"><div class="jump_c"><p>主题不存在</p><p><a class="grey">[ 返回登录 ]</a></p></div></body>'
    )
    assert type(error) is NotFoundError
    assert error.text == "主题不存在"


@pytest.mark.parametrize(
    ("kind", "inside"),
    [
        (
            NotFoundError,
            (
                '<h3 class="flb"><em>提示信息</em></h3>'
                '<div class="c altw"><div class="alert_error">主题不存在<script>x(1)</script></div></div>'
            ),
        ),
        (
            RateLimitedError,
            (
                "间隔少于 5 秒"
                "<script>if(typeof errorhandle_p=='function') {errorhandle_p('间隔少于 5 秒', {'a':'5'});}</script>"
            ),
        ),
        (PermissionDeniedError, "<script>showDialog('没有权限做这件事', 'alert');</script>"),
        (LoginRequiredError, '<dt id="messagetext"><p>请先登录</p></dt>'),
        (NoticeError, "<script>succeedhandle_reply('thread-1-1-1.html', '已发布，请登录查看', {});</script>"),
        (
            LoginRequiredError,
            '<h3 class="flb"><em id="returnmessage_x">用户登录</em></h3><form id="loginform_x" name="login"></form>',
        ),
    ],
)
def test_ajax_messages(kind: type[NoticeError], inside: str) -> None:
    error = notice(f'<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[{inside}]]></root>')
    assert type(error) is kind
    assert error.text
    assert "<" not in error.text


@pytest.mark.parametrize(
    ("kind", "answer", "text"),
    [
        (
            NotFoundError,
            '{"Variables":{"thread":{}},"Message":{"messageval":"thread_nonexistence","messagestr":"主题没了"}}',
            "主题没了",
        ),
        (
            LoginRequiredError,
            '{"Variables":{"postlist":[]},"Message":{"messageval":"viewperm_login_nopermission//1","messagestr":""}}',
            "viewperm_login_nopermission//1",
        ),
        (
            PermissionDeniedError,
            '{"Message":{"messageval":"x_custommsg","messagestr":"铜勋章才有<b>权限</b>"}}',
            "铜勋章才有权限",
        ),
        (SiteClosedError, '{"error":"搬家，周五见"}', "搬家，周五见"),
        (LoginRequiredError, '{"error":"to_login"}', "to_login"),
        (PermissionDeniedError, '{"error":"user_banned"}', "user_banned"),
        (NoticeError, '{"error":"param_error"}', "param_error"),
    ],
)
def test_json_messages(kind: type[NoticeError], answer: str, text: str) -> None:
    error = notice(answer)
    assert type(error) is kind
    assert error.text == text


def test_board_password() -> None:
    page = """<body id="nv_forum" class="pg_forumdisplay"><div class="nfl"><h3>说出暗号</h3>
    <form action="forum.php?mod=forumdisplay&amp;fid=3&amp;action=pwverify">
    <input type="password" name="pw" /></form></div>"""
    error = notice(page)
    assert type(error) is PasswordRequiredError
    assert error.text == "说出暗号"


@pytest.mark.parametrize("body", ['id="nv_member" class="pg_logging"', 'id="member" class="pg_logging"', 'class="bg"'])
def test_login_page(body: str) -> None:
    page = (
        f"<title>登录 - 河边小站</title><body {body}>"
        '<form id="loginform_Lx" name="login"><input name="password"></form>'
    )
    assert type(notice(page)) is LoginRequiredError


def test_login_form_in_the_corner_of_a_board_is_not_the_login_page() -> None:
    page = '<body id="nv_forum" class="pg_forumdisplay"><form id="loginform_Lx" name="login"></form>'
    assert "a board page" in str(refused(page))


@pytest.mark.parametrize("what", ["System", "Database"])
def test_fault_page(what: str) -> None:
    error = notice(f"""<title>forum.example - {what} Error</title><body>
    <div id="container"><h1>Discuz! {what} Error</h1>
    <div class='info'>Table is missing<div class="sql">SELECT secret</div></div>
    <div class="info">PHP Debug</div></div>""")
    assert type(error) is SiteFaultError
    assert error.text == f"Discuz! {what} Error: Table is missing"


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (RateLimitedError, "频繁刷新限制"),
        (RateLimitedError, "頻繁刷新限制"),
        (PermissionDeniedError, "代理服务器访问限制"),
        (ChallengeError, "页面重载开启"),
        (ChallengeError, "4 + 17 + 1 = ?"),
        (PermissionDeniedError, "站点信息"),
    ],
)
def test_gates_of_the_forum(kind: type[NoticeError], title: str) -> None:
    error = notice(
        f"<html><head><title>{title}</title></head>"
        f"<body><table><tr><td><b>{title}</b><br /> 稍等</td></tr></table></body></html>"
    )
    assert type(error) is kind
    assert error.text == f"{title} 稍等"


@pytest.mark.parametrize(
    "page",
    [
        "<title>Just a moment...</title><body><div id=cf-chl-widget>Wait</div></body>",
        "<html><body>为了安全，请完成人机验证</body></html>",
        "<noscript>请开启JavaScript并刷新该页.</noscript><script src='/x.js'></script>",
        "<body><p>您的请求带有不合法参数，已被拦截</p></body>",
        "<script>var a='x';window.location=a+'&_d'+'sign=1';</script>",
        (
            "<html><head><meta charset=utf-8>"
            "<script>document.cookie='a=1';location.reload()</script></head><body></body></html>"
        ),
    ],
)
def test_walls_in_front_of_the_forum(page: str) -> None:
    assert type(notice(page)) is ChallengeError


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("a board page", '<body id="nv_forum" class="pg_forumdisplay"><a class="s xst">指定的主题不存在，请先登录</a>'),
        (
            "a board page",
            (
                '<body><table summary="forum_2"><tbody id="normalthread_4"><tr>'
                "<th>安全验证，没有权限</th></tr></tbody></table>"
            ),
        ),
        ("a board page", '<body><ul id="waterfall"><li><h3><a>图</a></h3></li></ul>'),
        ("the forum index", '<body id="nv_forum" class="pg_index">'),
        ("the forum index", '<body><table id="category_1" class="fl_tb"></table>'),
        ("a guide page", '<body id="nv_forum" class="pg_guide"><tbody id="normalthread_1">'),
        ("a search page", '<body id="nv_search">'),
        ("a tag page", '<body id="nv_misc" class="pg_tag">'),
        ("a user's space", '<body id="nv_home" class="pg_space">'),
        ("a portal page", '<body id="nv_portal" class="pg_view">'),
        ("a group page", '<body id="nv_group" class="pg_index0">'),
        ("a post form", '<body id="nv_forum" class="pg_post"><form id="postform"></form>'),
        ("the registration form", '<body id="nv_member" class="pg_register">'),
        ("an announcement page", '<body id="nv_forum" class="pg_announcement">'),
        ("a goods page", '<body id="nv_forum" class="pg_viewthread"><div class="spvimg"></div><div class="spi"></div>'),
        ("the album view", '<body id="nv_forum" class="pg_viewthread"><div id="imagelist_nav"></div>'),
        ("a print view", '<body><b><a href="###" onclick="window.print()">[打印本页]</a></b><hr>'),
        (
            "an archiver thread page",
            '<center id="header"></center><div id="nav"></div><div id="content"><p class="author">阿青</p></div>',
        ),
        (
            "an archiver board page",
            '<center id="header"></center><div id="nav"></div><div id="content"><ul type="1"></ul></div>',
        ),
        (
            "an archiver index page",
            '<center id="header"></center><div id="nav"></div><div id="content"><h3>甲</h3></div>',
        ),
        (
            "a touch thread page",
            (
                '<body class="bg">'
                '<div class="plc cl" id="pid5"><div class="display pi"><div class="message">字</div></div></div>'
            ),
        ),
        (
            "a touch page",
            '<script src="static/js/mobile/common.js?x"></script><body id="forum" class="pg_forumdisplay">',
        ),
        (
            "a touch board page",
            '<script src="static/js/mobile/common.js?x"></script><body id="forum" class="pg_forumdisplay">'
            '<div class="threadlist"></div>',
        ),
        ("the touch forum index", '<script src="https://s.example/js/mobile/a.js"></script><ul id="sub-forum_1"></ul>'),
        (
            "the forum index of the old mobile",
            '<meta name="MobileOptimized"><div class="fl"><div class="bm"></div></div>',
        ),
        ("not a Discuz! page", '<div class="fl"><div class="bm"><div class="bm_c"></div></div></div>'),
        (
            "not a Discuz! page",
            '<div class="header"><a href="?action=newthread">+</a></div><div class="threadlist"></div>',
        ),
        ("a thread page of the old mobile template", '<div id="post_3"><div class="bm_user" id="pid3"></div></div>'),
        ("a page of the old mobile template", '<meta name="MobileOptimized" content="240"/>'),
        ("a page of Discuz! 6 or 7", '<table><tr><td class="postauthor">阿青</td></tr></table>'),
        ("an RSS or Atom feed", '<?xml version="1.0" encoding="gbk"?>\n<rss version="2.0"><channel></channel></rss>'),
        ("an ajax fragment", "<root><![CDATA[<h3 class=psth>点评</h3>]]></root>"),
        ("an answer of the JSON API", '{"Version":"4","Variables":{"thread":{"tid":"1"},"postlist":[{"pid":"1"}]}}'),
        ("an empty page", " \r\n\ufeff"),
        ("binary data, not text", "PK\x03\x04\0\0\x08\0\ufffd\ufffd" * 9),
        ("a Discuz! page of unknown kind (title '甲')", '<title>甲</title><body id="nv_plugin" class="pg_x">字'),
        ("not a Discuz! page (title '404')", "<title>404</title><h1>Nothing</h1>"),
        ("not a Discuz! page (no title)", '<div id="app"></div><script src="app.js"></script>'),
        ("not a Discuz! page", '{"ok": true}'),
    ],
)
def test_pages_of_other_kinds_are_named(name: str, page: str) -> None:
    error = refused(page)
    assert type(error) is ParseError
    assert str(error).startswith(name)


def test_the_error_says_what_was_wanted_and_what_to_do() -> None:
    error = refused('<body id="nv_forum" class="pg_forumdisplay">')
    assert str(error) == "a board page (forumdisplay), not a thread page: open one of the threads it lists"


def test_kinds_are_well_formed() -> None:
    for kind in KINDS:
        assert kind.name.isidentifier()
        assert kind.advice
        assert kind.body or kind.marks


def test_unwrap_ajax() -> None:
    assert unwrap_ajax('\ufeff<?xml version="1.0" encoding="gbk"?>\r\n<root><![CDATA[<b>x</b>]]></root>') == "<b>x</b>"
    assert unwrap_ajax("<root><![CDATA[a]]]]><![CDATA[>b]]></root>") == "a]]>b"
    assert unwrap_ajax("<root><![CDATA[cut sho") == "cut sho"
    assert unwrap_ajax("<html><root><![CDATA[x]]></root>") is None
    assert unwrap_ajax("") is None


HOSTILE = [
    "<" * 400_000,
    "<root><![CDATA[<script>" + "errorhandle_" * 100_000,
    "<root><![CDATA[<script>" + "succeedhandle_('" * 100_000,
    "<script>" + "$('succeedlocation').innerHTML = '" * 30_000,
    "<title>" + "1 + " * 200_000,
    '<div id="messagetext"><p>' + "每日 主题 请求 " * 100_000,
    '{"error":"' + "主题" * 200_000 + '"}',
    '{"a":' * 100_000,
    "<?xml " + "<!--" * 100_000,
    '<div id="container"><h1>Discuz! System Error</h1><div class="info">' + '<div class="sql">x' * 1_500,
    "\ud800<div id='messagetext'>\ud800</div>",
    "\0" * 100_000,
]


@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_are_refused_in_time(page: str) -> None:
    start = time.perf_counter()
    refused(page)
    assert time.perf_counter() - start < 2  # a backtracking pattern would take minutes


def test_every_cut_of_a_message_page_is_refused() -> None:
    page = desktop("主题不存在", "alert_info", login=True)
    for end in range(0, len(page), 7):
        refused(page[:end])


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Notice: Author banned or removed Content automatically blocked", "author_banned"),
        ("The author of this post has been deleted, its content is hidden", "author_banned"),
        ("**** This post is blocked ****", "shielded"),
        ("Only the author can see this post", "author_only"),
        ("This post is under review", "pending"),
        ("The author asks for a reply; the banned list was removed", None),
        ("Please log in to view the content and attachments of this post", "login_to_view"),
        ("Please log in to see the rest", "login_to_view"),
        ("Dear guest, no more than this", None),
    ],
)
def test_what_stands_in_place_of_a_body_is_known_in_english(words: str, kind: str | None) -> None:
    assert notice_kind(words, None) == kind
