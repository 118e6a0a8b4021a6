"""The pieces of a body, and the three forms of it: text, HTML, Markdown."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from discuz_scrape import _html
from discuz_scrape._content import BREAK, CELL, CODE, EDGE, TAB, Close, Open, Piece, to_text
from discuz_scrape._html_out import to_html
from discuz_scrape._markdown_out import to_markdown

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_LINE_ENDS = re.compile(r"<br ?/?>|</(?:p|h\d|li|pre|blockquote|tr)>|<hr ?/?>|<li>|<blockquote>")


def tag(name: str, *inside: Piece, **attrs: str | None) -> list[Piece]:
    return [Open(name, dict(attrs)), *inside, Close(name)]


def block(name: str, *inside: Piece, **attrs: str | None) -> list[Piece]:
    return [EDGE, *tag(name, *inside, **attrs), EDGE]


def rendered(pieces: list[Piece]) -> str:
    return str(_MARKDOWN.render(to_markdown(pieces))).strip()


def visible_lines(html: str) -> list[str]:
    """The lines that a reader of a rendered page sees, white space as one space."""
    html = _LINE_ENDS.sub("\n", html.replace("\n", " ")).replace("</td>", "\t")
    lines = (" ".join(unescape(re.sub(r"<[^>]*>", "", line)).split()) for line in html.split("\n"))
    return [line for line in lines if line]


def text_lines(pieces: list[Piece]) -> list[str]:
    return [" ".join(line.split()) for line in to_text(pieces).split("\n") if line.strip()]


# -- text


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([], ""),
        (["  one \r\n line  "], "one line"),
        (["a", BREAK, "\r\n b ", BREAK, BREAK, BREAK, BREAK, "c", BREAK], "a\nb\n\nc"),
        (["a", EDGE, BREAK, EDGE, "b"], "a\n\nb"),
        (["a", BREAK, EDGE, " ", EDGE, "b"], "a\nb"),
        (["a", EDGE, "\xa0", EDGE, "b"], "a\n\nb"),
        (["\u3000\u3000indented\xa0\xa0text\u3000"], "indented  text"),
        ([EDGE, "a", CELL, TAB, " ", CELL, TAB, "c", CELL, EDGE, TAB, "x", CELL, TAB, CELL, EDGE, "b"], "a\t\tc\nx\nb"),
        ([EDGE, EDGE, "a", EDGE, CELL, TAB, EDGE, "b", EDGE, CELL, EDGE, "c"], "a\tb\nc"),
        ([EDGE, CODE + "\xa0\xa0if x:\r", BREAK, CODE + TAB + "go()\xa0", EDGE, " \u3000y"], "  if x:\n\tgo()\ny"),
        ([CODE + "a", BREAK, CODE, BREAK, CODE, BREAK, CODE, BREAK, CODE + "\xa0b"], "a\n\n b"),
        (["zero\u200bwidth\u200b"], "zero\u200bwidth\u200b"),
        ([*tag("b", "a "), " b"], "a b"),
    ],
)
def test_text(pieces: list[Piece], text: str) -> None:
    assert to_text(pieces) == text


@given(st.text(st.sampled_from([*"ab \t\r\n\f\xa0\u3000", BREAK, EDGE, TAB, CODE])))
def test_text_is_clean(raw: str) -> None:
    text = to_text([raw])
    assert not re.search(r"[\xa0\r]|[ \t]\n|\n{3}|^\n|[ \t\n]\Z", text)
    assert not set(text) & {BREAK, EDGE, CODE}
    assert re.sub(r"[^ab]", "", text) == re.sub(r"[^ab]", "", raw)


# -- HTML


@pytest.mark.parametrize(
    ("pieces", "html"),
    [
        ([BREAK, " a <b> &amp; \xa0b", BREAK], "a &lt;b&gt; &amp;amp; &nbsp;b"),
        (tag("b", "x", onclick="evil()", id="i", style="color:red"), "<b>x</b>"),
        (tag("font", *tag("u", "x"), color="red"), "<u>x</u>"),
        (tag("a", "x", href="javascript:evil()"), "x"),
        (tag("a", "x", href="java\nscript:evil()"), "x"),
        (
            tag("a", "x", *tag("a", "y", href="http://b.example/"), href='HTTP://a.example/?"<&', title="t"),
            '<a href="HTTP://a.example/?&quot;&lt;&amp;" title="t" rel="nofollow noopener">xy</a>',
        ),
        ([Open("img", {"src": "data:image/png,x", "alt": "a"}), "x"], "x"),
        (
            [Open("img", {"src": "https://a.example/1.png", "alt": None, "width": "30", "height": "1e9"})],
            '<img src="https://a.example/1.png" width="30">',
        ),
        (tag("ul", *tag("li", "x"), type="a", **{"class": "litype_2"}), '<ol type="a"><li>x</li></ol>'),
        (tag("ol", *tag("li", "x"), start="3"), '<ol start="3"><li>x</li></ol>'),
        (tag("li", "x"), "<div>x</div>"),
        (tag("p", *block("center", "x", align="left")), "<div><div>x</div></div>"),
        (["a", EDGE, *tag("custom", "b"), EDGE, "c"], "a<br>b<br>c"),
        (["a", EDGE, BREAK, EDGE, "c"], "a<br><br>c"),
        (
            tag("table", *tag("tr", *tag("td", "x", colspan="2", width="9"), TAB, *tag("td", "y"))),
            '<table><tr><td colspan="2">x</td> <td>y</td></tr></table>',
        ),
        (
            block("pre", CODE + "\xa0if a<b:", BREAK, CODE, BREAK, CODE + TAB + "x"),
            "<pre><code> if a&lt;b:\n\n\tx</code></pre>",
        ),
        (
            tag("pre", CODE + "x", Open("img", {"src": "http://a.example/1"})),
            '<pre><code>x</code></pre><img src="http://a.example/1">',
        ),
    ],
)
def test_html(pieces: list[Piece], html: str) -> None:
    assert to_html(pieces) == html


_PLAIN_TAGS = [
    "b", "strong", "i", "em", "u", "s", "del", "strike", "sub", "sup", "small", "big", "code", "p", "div", "br", "hr",
    "pre", "blockquote", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "h1", "h2",
    "h3", "h4", "h5", "h6",
]  # fmt: skip
_ALLOWED: dict[str, set[str]] = {name: set() for name in _PLAIN_TAGS} | {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "ftp", "mailto", "magnet", "ed2k", "thunder"}
_TAGS = [*sorted(_ALLOWED.keys() - {"br", "hr", "img"}), "font", "span", "center", "script", "style", "button", "svg"]
_URLS = [
    "http://a.example/?a=1&b=2",
    "javascript:evil()",
    " javascript:evil()",
    "ed2k://|file|x|1|",
    "data:text/html,x",
]
_ATTRS = st.dictionaries(
    st.sampled_from(["href", "src", "onclick", "style", "id", "type", "class", "start", "colspan", "title", "alt"]),
    st.sampled_from([*_URLS, None, "1", "a", "litype_3", '"><script>', "x`*]"]),
)
_CHARS = [*"ab 1.)-+*_`~#>=|<&;![]()\\/:$\xa0\u3000，。：“”→中文", "<b>", "&amp;", "http://x"]
_TEXT: st.SearchStrategy[str] = st.lists(st.sampled_from(_CHARS), max_size=12).map("".join)
_PIECE: st.SearchStrategy[Piece] = st.one_of(
    _TEXT, st.sampled_from([BREAK, EDGE, TAB]), _ATTRS.map(lambda attrs: Open("img", attrs))
)
_LEAF: st.SearchStrategy[list[Piece]] = st.lists(_PIECE, min_size=1, max_size=1)


def _trees(tags: list[str]) -> st.SearchStrategy[list[Piece]]:
    def above(children: st.SearchStrategy[list[Piece]]) -> st.SearchStrategy[list[Piece]]:
        inside = st.lists(children, max_size=4).map(lambda parts: [piece for part in parts for piece in part])
        return st.builds(
            lambda name, attrs, pieces: [Open(name, attrs), *pieces, Close(name)],
            st.sampled_from(tags), _ATTRS, inside,
        )  # fmt: skip

    return st.recursive(_LEAF, above, max_leaves=12)


@given(_trees(_TAGS))
def test_html_holds_only_what_is_allowed(pieces: list[Piece]) -> None:
    html = to_html(pieces)
    body = _html.select(_html.parse(html), "body")[0]
    for node in _html.descendants(body):
        if node.tag_id == _html.TEXT:
            continue
        assert node.tag in _ALLOWED
        # an engine adds nothing that matters to a tree that was written from one
        assert node.attributes.keys() <= _ALLOWED[node.tag]
        for name in ("href", "src"):
            if name in node.attributes:
                assert urlsplit(node.attributes[name] or "").scheme.lower() in _SCHEMES
    shown = re.sub(r"\s+", "", _html.text_of(body))
    # what stands in a table outside of its cells is moved in front of the table by every browser
    assert sorted(shown) == sorted(re.sub(r"\s+", "", to_text(pieces)))


def _pieces(markup: str) -> list[Piece]:
    """A plain reading of markup, for what the tests need."""

    def read(node: _html.Node) -> list[Piece]:
        pieces: list[Piece] = []
        child = node.first_child
        while child is not None:
            if child.tag_id == _html.TEXT:
                pieces.append(child.text_content or "")
            elif child.tag == "br":
                pieces.append(BREAK)
            elif child.tag in ("img", "hr"):
                pieces.append(Open(child.tag, dict(child.attributes)))
            else:
                pieces += [Open(child.tag or "", dict(child.attributes)), *read(child), Close(child.tag or "")]
            child = child.next
        return pieces

    return read(_html.select(_html.parse(markup), "body")[0])


_MARKUP = [f"<{slash}{name}>" for name in [*_ALLOWED, "font", "center"] if name != "pre" for slash in ("", "/")]
_SOUP = st.lists(st.sampled_from([*_MARKUP, "x", "y"]), max_size=15).map("".join)


@given(_SOUP)
def test_html_is_a_fixed_point(soup: str) -> None:
    once = to_html(_pieces(soup))
    assert to_html(_pieces(once)) == once


# -- Markdown

_TYPED = [
    "1. foo", "12) foo", "- foo", "+ foo", "* foo", "# foo", "####### foo", "#", "-", "---", "- - -", "===", "=", "> x",
    "***", "___", "__x__", "snake_case_name", "**x**", "~~x~~", "~~~", "```", "`x`", "a `` b", "[a](b)", "![a](b)",
    "[a]: http://x.example", "<b>x</b>", "<http://x.example/>", "<!-- x -->", "&amp; &#35; &copy", "AT&T",
    "a | b", "--- | ---", "| --- |",
    ":--", "back\\slash", "end\\", "\\*", "$x$", "http://x.example/a_b?c=1&d=2",
    "5 < 6 > 4", "- [ ] task", "a*b*c", "100%",
    "~", "：", "1.", "1.5", "-5", "#tag", "<", "&", "!", "!!",
    "    indented", "\xa0\xa0\xa0\xa0x", "\u3000\u3000x", "+", "c++",
]  # fmt: skip


@pytest.mark.parametrize("line", _TYPED)
@pytest.mark.parametrize("before", ["", "text", "a | b"])
def test_markdown_shows_what_was_typed(line: str, before: str) -> None:
    cases: list[list[Piece]] = [[before, BREAK, line, BREAK, "after"], [before, BREAK, BREAK, line], block("li", line)]
    for pieces in cases:
        assert visible_lines(rendered(pieces)) == text_lines(pieces)
    in_list = block("ul", *block("li", line), *block("li", before, BREAK, line))
    assert visible_lines(rendered(in_list)) == text_lines(in_list)
    in_quote = block("blockquote", before, BREAK, line)
    assert visible_lines(rendered(in_quote)) == text_lines(in_quote)
    in_heading = block("h2", line)
    assert visible_lines(rendered(in_heading)) == text_lines(in_heading)
    in_table = block("table", *block("tr", *tag("td", line), TAB, *tag("td", "x")))
    assert "".join(visible_lines(rendered(in_table))).split() == to_text(in_table).split()
    in_link = tag("a", line, href="http://a.example/")
    assert visible_lines(rendered(in_link)) == text_lines(in_link)


_ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(st.lists(st.one_of(_TEXT, st.sampled_from(_TYPED), _ANY), max_size=5))
def test_markdown_shows_any_lines(lines: list[str]) -> None:
    pieces: list[Piece] = [piece for line in lines for piece in (line, BREAK)]
    assert visible_lines(rendered(pieces)) == text_lines(pieces)


@pytest.mark.parametrize(
    ("pieces", "markdown"),
    [
        (["a", BREAK, "b", BREAK, BREAK, "c", EDGE, "d"], "a\\\nb\n\nc\\\nd"),
        (["a ", *tag("b", " bold "), "c"], "a **bold** c"),
        ([*tag("b", "粗体：", ), "后面"], "<b>粗体：</b>后面"),
        ([*tag("b", "粗体"), "后面", *tag("i", "斜"), *tag("s", "删")], "**粗体**后面*斜*~~删~~"),
        (tag("b", *tag("i", "x")), "**_x_**"),
        (["a", *tag("b", ""), "b"], "ab"),
        (tag("b", "a", BREAK, "b"), "**a**\\\n**b**"),
        (tag("a", "t]", href="http://a.example/"), "[t\\]](http://a.example/)"),
        (tag("a", "http://a.example/", href="http://a.example/"), "<http://a.example/>"),
        (["看!", *tag("a", "x", href="http://a.example/(1)")], "看\\![x](<http://a.example/(1)>)"),
        ([Open("img", {"src": "http://a.example/1.png", "alt": "a*"})], "![a\\*](http://a.example/1.png)"),
        (block("pre", CODE + "\xa0```", BREAK, CODE, BREAK, CODE + "x"), "````\n ```\n\nx\n````"),
        (["use ", *tag("code", "a`b")], "use ``a`b``"),
        (block("ul", *block("li", "a"), *block("li", "b", *block("ul", *block("li", "c")))), "- a\n- b\n\n  - c"),
        ([*block("ul", *block("li", "a"), type="1"), *block("ol", *block("li", "b"), start="7")], "1. a\n\n7) b"),
        (block("blockquote", "a", *block("blockquote", "b")), "> a\n>\n> > b"),
        (["a", *block("h3", "b #"), Open("hr", {}), "c"], "a\n\n### b \\#\n\n***\n\nc"),
        (
            block("table", *tag("tr", *tag("th", "a")), *tag("tr", *tag("td", "b|", BREAK, "c"), *tag("td", "d"))),
            "| a |  |\n| --- | --- |\n| b\\|<br>c | d |",
        ),
        (block("table", *tag("tr", *tag("td", "a"))), "|  |\n| --- |\n| a |"),
    ],
)  # fmt: skip
def test_markdown(pieces: list[Piece], markdown: str) -> None:
    assert to_markdown(pieces) == markdown


_STYLED = st.lists(st.tuples(_TEXT, st.sets(st.sampled_from(["b", "i", "s", "a", "code"]))), max_size=6)


def _shown_styles(html: str) -> list[tuple[str, frozenset[str]]]:
    """Every visible character and the tags around it."""
    shown = []
    around: list[str] = []
    for slash, name, char in re.findall(r"<(/?)(\w+)[^>]*>|(&\w+;|[^<])", html):
        if char:
            shown += [(unescape(char), frozenset(around))] if not char.isspace() else []
        elif slash:
            around.remove(name)
        else:
            around.append(name)
    return shown


@settings(max_examples=300)
@given(_STYLED)
def test_emphasis_falls_where_it_was(spans: list[tuple[str, set[str]]]) -> None:
    pieces: list[Piece] = []
    wanted = []
    for text, styles in spans:
        names = sorted(styles)
        pieces += [Open(name, {"href": "http://a.example/"}) for name in names]
        pieces.append(text)
        pieces += [Close(name) for name in reversed(names)]
        wanted += [(char, frozenset(styles)) for char in text if not char.isspace()]
    html = rendered(pieces).replace("strong>", "b>").replace("em>", "i>").removeprefix("<p>").removesuffix("</p>")
    assert _shown_styles(html) == wanted


@given(_trees(_TAGS))
def test_markdown_keeps_all_text(pieces: list[Piece]) -> None:
    shown = "".join(visible_lines(rendered(pieces)))
    assert sorted(re.sub(r"\s+", "", shown)) == sorted(re.sub(r"\s+", "", to_text(pieces)))


@pytest.mark.parametrize("name", ["div", "b", "blockquote", "ul", "a", "table", "pre", "p", "h1"])
def test_deep_trees_need_no_recursion(name: str) -> None:
    depth = 2_000
    opened: list[Piece] = [Open(name, {"href": "http://a.example/"})] * depth
    pieces: list[Piece] = [*opened, "x", *([Close(name)] * depth)]
    assert "x" in to_html(pieces)
    assert "x" in to_markdown(pieces)
