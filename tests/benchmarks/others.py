"""What a crawl brings home that is not Discuz!: pages in the shapes of other software, made up by a seed.

The near misses are the point: forums that name their parts alike, portals full of links to a Discuz! forum, and pages
that talk about Discuz! and show its source.
"""
# ruff: noqa: E501 - markup reads best in the lines in which it is written

import gzip
import html
import json
import random
from collections.abc import Callable

from .pages import _DEEDS, _OPENINGS, _PEOPLE, _RESULTS, NAMES, SUBJECTS

_LATIN = ["the", "bridge", "was", "closed", "after", "rain", "we", "took", "another", "way", "and", "lost", "two", "hours"]
_FORUM = "https://bbs.example.org/"


class Maker:
    """Draws words and numbers for one page."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - made-up pages, no secrets

    def number(self, top: int = 900_000) -> int:
        return self.rng.randint(1, top)

    def name(self) -> str:
        return self.rng.choice(NAMES)

    def title(self) -> str:
        return self.rng.choice(SUBJECTS)

    def chinese(self, sentences: int = 4) -> str:
        parts = (_OPENINGS, _PEOPLE, _DEEDS, _RESULTS)
        return "".join("，".join(map(self.rng.choice, parts)) + "。" for _ in range(sentences))

    def english(self, words: int = 60) -> str:
        return " ".join(self.rng.choices(_LATIN, k=words)).capitalize() + "."

    def many(self, least: int, most: int, piece: Callable[[], str]) -> str:
        return "\n".join(piece() for _ in range(self.rng.randint(least, most)))

    def style(self) -> str:
        names = ("header", "nav-bar", "content", "post-body", "sidebar", "widget", "author_box", "footer")
        rule = ".{}-{}{{margin:0 {}px;padding:{}px;color:#{:06x};background:url(/assets/img/{}.png) no-repeat}}"
        return self.many(
            20, 60, lambda: rule.format(self.rng.choice(names), *(self.number(99) for _ in range(3)),
                                        self.number(0xFFFFFF), self.number(99)),
        )  # fmt: skip

    def script(self) -> str:
        call = "window.app=window.app||{{}};app.push(function(e){{return e.id=='post_{}'?e.data[{}]:null}});"
        return self.many(10, 40, lambda: call.format(self.number(), self.number(9)))

    def page(self, body: str, *, generator: str = "", title: str = "", tag: str = "<body>", charset: str = "utf-8") -> str:
        named = f'<meta name="generator" content="{generator}">' if generator else ""
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="{charset}">\n{named}\n'
            f"<title>{title or self.title()}</title>\n<style>{self.style()}</style>\n<script>{self.script()}</script>\n"
            f'</head>\n{tag}\n<div id="wrap">{body}</div>\n<div id="footer">{self.english(20)}</div>\n</body>\n</html>\n'
        )


Shape = Callable[[Maker], str | bytes]
SHAPES: dict[str, Shape] = {}


def _shape(make: Shape) -> Shape:
    SHAPES[make.__name__.strip("_")] = make
    return make


# ----------------------------------------------------------------------------------------------------- other forums


@_shape
def phpbb(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<div id="p{pid}" class="post has-profile bg2"><div class="inner"><dl class="postprofile" id="profile{pid}">'
            f'<dt><a href="./memberlist.php?mode=viewprofile&amp;u={maker.number()}" class="username">{maker.name()}</a></dt>'
            f'</dl><div class="postbody"><div id="post_content{pid}"><h3><a href="#p{pid}">Re: {maker.title()}</a></h3>'
            f'<p class="author">by <strong>{maker.name()}</strong> » Sun Mar 17, 2024 8:16 pm</p>'
            f'<div class="content">{maker.english()}</div></div></div></div></div>'
        )

    tag = '<body id="phpbb" class="nojs notouch section-viewtopic ltr">'
    return maker.page(maker.many(10, 25, post) + '<a href="https://www.phpbb.com/">phpBB</a>', tag=tag)


@_shape
def vbulletin_3(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<!-- post #{pid} --><div id="edit{pid}"><table id="post{pid}" class="tborder"><tr><td id="td_post_{pid}">'
            f'<a class="bigusername" href="member.php?u={maker.number()}">{maker.name()}</a><div id="postmenu_{pid}"></div>'
            f'<a href="showthread.php?p={pid}#post{pid}" id="postcount{pid}">1</a>'
            f'<div id="post_message_{pid}">{maker.english()}</div></td></tr></table></div>'
        )

    return maker.page(maker.many(10, 20, post), generator="vBulletin 3.8.11")


@_shape
def vbulletin_4(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<li class="postbitlegacy postbitim postcontainer old" id="post_{pid}"><div class="posthead">'
            f'<span class="date">03-17-2024</span></div><div class="userinfo"><a class="username">{maker.name()}</a></div>'
            f'<div id="post_message_{pid}"><blockquote class="postcontent restore">{maker.english()}</blockquote></div></li>'
        )

    return maker.page(f'<ol id="posts" class="posts">{maker.many(10, 20, post)}</ol>', generator="vBulletin 4.2.5")


@_shape
def xenforo(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<article class="message message--post js-post" data-author="{maker.name()}" data-content="post-{pid}" '
            f'id="js-post-{pid}"><span class="u-anchorTarget" id="post-{pid}"></span><div class="message-userDetails">'
            f'<a href="/members/a.{maker.number()}/" class="username">{maker.name()}</a></div>'
            f'<article class="message-body js-selectToQuote"><div class="bbWrapper">{maker.english()}</div></article></article>'
        )

    return maker.page(maker.many(10, 20, post), tag='<body data-template="thread_view">')


@_shape
def discourse(maker: Maker) -> str:
    def post() -> str:
        return (
            f"<div itemprop='comment' id='post_{maker.number(30)}' class='topic-body crawler-post'><div class='creator'>"
            f"<a href='https://meta.example.org/u/a'><span itemprop='name'>{maker.name()}</span></a></div>"
            f"<div class='post' itemprop='text'><p>{maker.english(90)}</p></div></div>"
        )

    blob = html.escape(json.dumps({"topic_list": [{"id": maker.number(), "t": maker.english()} for _ in range(40)]}))
    return maker.page(
        maker.many(10, 20, post) + f'<div class="hidden" id="data-preloaded" data-preloaded="{blob}"></div>',
        generator="Discourse 3.2.0 - https://github.com/discourse/discourse",
    )


@_shape
def nodebb(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<li component="post" class="posts-list-item" data-index="3" data-pid="{pid}" data-uid="{maker.number()}">'
            f'<a component="post/anchor" data-index="3" id="3"></a><div class="content" component="post/content">'
            f"<p>{maker.english()}</p></div></li>"
        )

    return maker.page(f'<ul component="topic" class="posts" data-tid="{maker.number()}">{maker.many(10, 20, post)}</ul>')


@_shape
def mybb(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<a name="pid{pid}" id="pid{pid}"></a><div class="post" id="post_{pid}"><div class="post_author">'
            f'<a href="member.php?action=profile&amp;uid=3">{maker.name()}</a></div><div class="post_content">'
            f'<div class="post_body scaleimages" id="pid_{pid}">{maker.english()}</div></div></div>'
        )

    return maker.page(f'<div id="posts">{maker.many(10, 20, post)}</div>', title=f"Forums - {maker.title()}")


@_shape
def smf(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<div class="windowbg" id="msg{pid}"><div class="poster"><h4><a href="https://f.example/index.php?action=profile">'
            f'{maker.name()}</a></h4></div><div class="postarea"><div class="inner" id="msg_{pid}">{maker.english()}</div></div></div>'
        )

    return maker.page(f'<form name="quickModForm">{maker.many(10, 20, post)}</form>')


@_shape
def invision(maker: Maker) -> str:
    def post() -> str:
        pid = maker.number()
        return (
            f'<article id="elComment_{pid}" class="cPost ipsBox ipsComment"><div id="comment-{pid}_wrap">'
            f'<div data-role="commentContent" class="ipsType_richText"><p>{maker.english()}</p></div></div></article>'
        )

    return maker.page(maker.many(10, 20, post))


@_shape
def flarum(maker: Maker) -> str:
    posts = [{"type": "posts", "id": str(maker.number()), "contentHtml": maker.english()} for _ in range(20)]
    return maker.page(f'<div id="app"></div><script id="flarum-json-payload">{json.dumps(posts)}</script>')


@_shape
def phpwind(maker: Maker) -> str:
    """Another Chinese forum, with tids and a `read.php`."""

    def post() -> str:
        pid = maker.number()
        return (
            f'<div class="readTop" id="readfloor_{pid}"><a name="{pid}"></a><table class="floot"><tr><td class="floot_left">'
            f'<a href="u.php?uid={maker.number()}">{maker.name()}</a></td><td class="floot_right" id="td_tpc">'
            f'<div class="tpc_content" id="read_{pid}">{maker.chinese()}</div></td></tr></table></div>'
        )

    links = f'<a href="read.php?tid={maker.number()}&fid=12">{maker.title()}</a><a href="thread.php?fid=12">版块</a>'
    return maker.page(links + maker.many(8, 20, post), generator="phpwind 8.7", title=f"{maker.title()}|论坛 - phpwind")


@_shape
def discuz_nt(maker: Maker) -> str:
    """A forum for ASP.NET that shares the name and nothing else."""
    rows = maker.many(20, 40, lambda: f'<tr><td><a href="/showtopic-{maker.number()}.aspx">{maker.title()}</a></td></tr>')
    return maker.page(f"<table>{rows}</table>Powered by Discuz!NT 3.6", generator="Discuz!NT 3.6.711")


# ------------------------------------------------------------------------------------------- blogs, portals, shops


@_shape
def wordpress(maker: Maker) -> str:
    def comment() -> str:
        return (
            f'<li class="comment even thread-even depth-1" id="comment-{maker.number()}"><article>{maker.english()}'
            f'<time datetime="2024-03-17">March 17</time></article></li>'
        )

    tag = '<body class="post-template-default single single-post postid-12 single-format-standard">'
    article = f'<article id="post-{maker.number()}" class="post type-post hentry">{maker.chinese(30)}</article>'
    return maker.page(article + f"<ol>{maker.many(5, 30, comment)}</ol>", generator="WordPress 6.4.3", tag=tag)


@_shape
def portal_of_links(maker: Maker) -> str:
    """A Chinese portal whose forum is Discuz!, linked from every corner."""

    def link() -> str:
        return (
            f'<li><a href="{_FORUM}forum.php?mod=viewthread&tid={maker.number()}" target="_blank">{maker.title()}</a>'
            f'<a href="{_FORUM}home.php?mod=space&uid={maker.number()}">{maker.name()}</a></li>'
        )

    return maker.page(f"<ul>{maker.many(40, 120, link)}</ul><p>{maker.chinese(20)}</p>", title="城市生活网")


@_shape
def portal_with_data_block(maker: Maker) -> str:
    """A front page that shows the newest threads by the forum's own script."""
    block = f'<script type="text/javascript" src="{_FORUM}api.php?mod=js&bid=94"></script>'
    login = f'<form action="{_FORUM}member.php?mod=logging&action=login&loginsubmit=yes" method="post"></form>'
    return maker.page(block + login + maker.chinese(80))


@_shape
def chinese_news_gbk(maker: Maker) -> bytes:
    body = maker.many(20, 60, lambda: f"<p>{maker.chinese()}</p>")
    return maker.page(body, charset="gb2312", title=f"{maker.title()}_新闻中心").encode("gb18030")


@_shape
def traditional_big5(maker: Maker) -> bytes:
    body = maker.many(20, 60, lambda: f'<p id="p{maker.number()}">臺北市公車路線查詢與轉乘資訊，請選擇起點。</p>')
    return maker.page(body, charset="big5", title="公車路線查詢").encode("big5", "replace")


@_shape
def shop(maker: Maker) -> str:
    def item() -> str:
        data = {"@type": "Product", "name": maker.english(6), "offers": {"price": maker.number(999)}}
        return f'<script type="application/ld+json">{json.dumps(data)}</script><div class="spi cl">{maker.english(12)}</div>'

    return maker.page(maker.many(20, 60, item))


@_shape
def application_shell(maker: Maker) -> str:
    return maker.page('<div id="root"></div><script src="/static/js/main.8f2a.chunk.js"></script>')


@_shape
def utf_16(maker: Maker) -> bytes:
    return maker.page(maker.chinese(100)).encode("utf-16")


# --------------------------------------------------------------------------------------- pages that talk about Discuz!

_SAMPLE = (
    "<div id=\"post_12345\"><table id=\"pid12345\" class=\"plhin\"><tr><td class=\"t_f\" id=\"postmessage_12345\">hello</td>"
    '<em id="authorposton12345">发表于 2012-3-4 10:11</em></tr></table></div>\n<tbody id="normalthread_678"></tbody>\n'
    "<script>var STYLEID = '1', STATICURL = 'static/', VERHASH = 'x', charset = 'utf-8', discuz_uid = '0', "
    "cookiepre = 'a_';</script>\n<meta name=\"generator\" content=\"Discuz! X3.4\" />\n<body id=\"nv_forum\" class=\"pg_viewthread\">"
)
_HALF_ESCAPED = _SAMPLE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@_shape
def tutorial(maker: Maker) -> str:
    """How to change a template: the source is shown, escaped."""
    return maker.page(
        f"<h1>Discuz! X3.4 模板修改教程</h1><p>{maker.chinese(10)}打开 forum.php?mod=viewthread&amp;tid=1 ，找到：</p>"
        f"<pre>{html.escape(_SAMPLE)}</pre><p>{maker.chinese(40)}</p>",
        title="Discuz! X3.4 帖子页模板修改 - Powered by Discuz! 是什么",
    )


@_shape
def tutorial_with_bare_quotes(maker: Maker) -> str:
    """The same with quotes left as they are, as most highlighters do."""
    code = "".join(f'<li class="L{number}"><span class="pln">{_HALF_ESCAPED}</span></li>' for number in range(5))
    return maker.page(f"<h1>Discuz! 二次开发</h1><ol>{code}</ol>{maker.chinese(60)}")


@_shape
def tutorial_in_a_textarea(maker: Maker) -> str:
    words = "discuz_uid、STYLEID、cookiepre 这几个变量"
    return maker.page(f"<textarea>{_HALF_ESCAPED}</textarea><p>{words}{maker.chinese(40)}</p>", title="Discuz! 变量说明")


@_shape
def question(maker: Maker) -> str:
    code = "soup.find_all('td', id=re.compile('postmessage_')); soup.select('[id^=&quot;normalthread_&quot;] a.xst')"
    url = "http://bbs.example.org/forum.php?mod=viewthread&amp;tid=4711&amp;page=1"
    body = f'<h1>Scraping a Discuz! forum with Python</h1><p>{url}</p><pre class="lang-py"><code>{code}</code></pre>'
    return maker.page(body + maker.english(900), title="python - Scraping a Discuz! forum - Questions")


@_shape
def source_browser(maker: Maker) -> str:
    """A repository's view of `viewthread_node.htm`, highlighted word by word."""
    line = (
        '<td class="blob-code"><span class="pl-kos">&lt;</span><span class="pl-ent">td</span> <span class="pl-c1">id</span>='
        '<span class="pl-s">"postmessage_$post[pid]"</span></td><td>var discuz_uid = \'{$_G[uid]}\', STYLEID = \'{STYLEID}\'</td>'
    )
    return maker.page("".join(f"<tr>{line}</tr>" for _ in range(200)), title="DiscuzX/viewthread_node.htm at master")


@_shape
def encyclopedia(maker: Maker) -> str:
    body = f"<h1>Discuz!</h1><p>Discuz! 是一套论坛软件，generator 为 Discuz! X3.5。Powered by Discuz! X3.5 {maker.chinese(200)}</p>"
    return maker.page(body, title="Discuz! - 百科")


@_shape
def list_of_forums(maker: Maker) -> str:
    def row() -> str:
        host = f"http://bbs{maker.number()}.example/"
        return f'<tr><td><a href="{host}forum.php?mod=forumdisplay&fid=2">{maker.name()}</a></td><td>Powered by Discuz! X3.4</td></tr>'

    return maker.page(f"<table>{maker.many(60, 200, row)}</table>", title="使用 Discuz! 的论坛 - Powered by Discuz!")


@_shape
def search_engine(maker: Maker) -> str:
    def hit() -> str:
        return (
            f'<div class="result"><h3>{maker.title()} - 综合讨论 - 论坛 - Powered by Discuz!</h3><cite>{_FORUM}forum.php?mod=viewthread'
            f"&amp;tid={maker.number()}</cite><p>发表于 2024-3-17 20:16 | 只看该作者 {maker.chinese(1)}</p></div>"
        )

    return maker.page(maker.many(10, 50, hit), title="discuz 论坛 - 搜索")


# ------------------------------------------------------------------------------------------------------ no pages at all


@_shape
def rss(maker: Maker) -> str:
    def item() -> str:
        link = f"{_FORUM}forum.php?mod=viewthread&amp;tid={maker.number()}"
        return f"<item><title>{maker.title()}</title><link>{link}</link><description>{maker.chinese()}</description></item>"

    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>聚合</title><link>https://planet.example/</link>'
        f"<generator>https://wordpress.org/?v=6.4.3</generator>{maker.many(10, 30, item)}</channel></rss>"
    )


@_shape
def sitemap(maker: Maker) -> str:
    urls = maker.many(50, 300, lambda: f"<url><loc>{_FORUM}forum.php?mod=viewthread&amp;tid={maker.number()}</loc></url>")
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


@_shape
def other_xml(maker: Maker) -> str:
    return f'<?xml version="1.0"?><root><![CDATA[{maker.english(200)}]]></root>'


@_shape
def other_json(maker: Maker) -> str:
    data = {"Version": 2, "Variables": {"name": maker.english(20)}, "items": [maker.english(30) for _ in range(40)]}
    return json.dumps(maker.rng.choice([data, {"error": "not found"}, {"Message": {"text": maker.english()}}]))


@_shape
def plain_text(maker: Maker) -> str:
    return maker.rng.choice([
        "User-agent: *\nDisallow: /forum.php?mod=redirect*\nDisallow: /home.php?mod=spacecp*\n",
        f"if(discuz_uid == '0') {{ location = 'member.php?mod=logging'; }} // Discuz! {maker.english(900)}",
        maker.chinese(200),
    ])  # fmt: skip


@_shape
def challenge(maker: Maker) -> str:
    return f'<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={{c:{maker.number()}}}</script></body></html>'


@_shape
def bare_script(maker: Maker) -> str:
    return f"<script>document.cookie='k={maker.number()}';location.reload();</script>"


@_shape
def server_error(maker: Maker) -> str:
    title = maker.rng.choice(["404 Not Found", "502 Bad Gateway", "Database Error", "System Error"])
    return f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center><hr>nginx</body></html>"


@_shape
def binary(maker: Maker) -> bytes:
    noise = maker.rng.randbytes(maker.number(60_000))
    head = maker.rng.choice([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"%PDF-1.7\n", b""])
    return maker.rng.choice([head + noise, gzip.compress(noise)])


@_shape
def empty(maker: Maker) -> bytes:
    return maker.rng.choice([b"", b" \r\n\t", b"\xef\xbb\xbf", b"\0\0\0", b"\xff\xfe"])


NEAR_MISSES = frozenset({
    "discuz_nt", "portal_of_links", "portal_with_data_block", "tutorial", "tutorial_with_bare_quotes",
    "tutorial_in_a_textarea", "question", "source_browser", "encyclopedia", "list_of_forums", "search_engine", "sitemap",
    "plain_text",
})  # fmt: skip
"""The shapes that name Discuz! or link to one of its forums."""


def other_pages(count: int, seed: int = 1) -> list[tuple[str, bytes]]:
    """`count` pages of every shape, each with the name of its shape."""
    pages = []
    for name, make in SHAPES.items():
        for number in range(count):
            made = make(Maker(f"{seed}/{name}/{number}"))
            pages.append((name, made.encode() if isinstance(made, str) else made))
    return pages
