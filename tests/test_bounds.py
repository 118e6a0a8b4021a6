from __future__ import annotations

import pytest

from discuz_scrape._bounds import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, check_bounds, check_size
from discuz_scrape.errors import ParseError

ROW = '<tr><td class="t_f" id="postmessage_7">潮水<br />退了<b>吗</b><img src="a.png" /></td></tr>'


def attributes(number: int) -> str:
    return "".join(f" a{n}=1" for n in range(number))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<" * 5_000,
        "<br>" * 100_000,
        "<br/>" * 10_000 + "<hr>" * 10_000,
        "<p>潮水" * 50_000,
        "<ul>" + "<li>潮水" * 50_000,
        "<dl>" + "<dt>a<dd>b" * 20_000,
        "<table>" + ROW * 10_000 + "</table>",
        "<table>" + "<tr><td>a<td>b" * 10_000,
        "<div>" * MAX_DEPTH,
        ("<div>" * 500 + "</div>" * 500) * 50,
        "<div><span><font color=red></div>" * 3_000,
        "<div><b></div></b>" * 10_000,
        "<!-- " + "<div>" * 50_000 + " -->",
        "<script>" + "document.write('<div>');" * 50_000 + "</script>",
        "</div>" * 100_000,
        f"<p{attributes(MAX_ATTRIBUTES)}>",
        "<p" + " a=1>" * 100_000,
        "x" * 1_000_000,
        '<p title="' + "a b " * 100_000 + '">',
    ],
)
def test_pages_within_the_bounds_pass(text: str) -> None:
    check_bounds(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * (MAX_DEPTH + 1),
        "<div>" * (MAX_DEPTH + 1) + "</div>" * (MAX_DEPTH + 1),
        "<DIV\nCLASS=a>" * 5_000,
        "<a><b><i><div><span><x-y>" * 2_000,
        "<div></b>" * 5_000,
        "<div></b></i></p>" * 5_000,
        "<b><div></b>" * 5_000,
        "<span><div></span>" * 5_000,
        "<table><tr><td></div>" * 5_000,
        "<div><table><tr><td></div>" * 5_000,
        '<div title="</div>">' * 20_000,
        "<div title='></div>'>" * 20_000,
        "<div><!-- </div> -->" * 20_000,
        "<div><script></div></script>" * 20_000,
        '<div ="></div>" >' + "<div>" * 5_000,
        "<svg><title>" + "<g>" * 5_000,
        "<br>" * 100_000 + "<div>" * 5_000,
        "<div>" * 200_000,
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="nested more than 2,000 deep"):
        check_bounds(text.encode())


@pytest.mark.parametrize(
    "tag",
    [
        f"<p{attributes(MAX_ATTRIBUTES + 1)}>",
        f"<p{attributes(MAX_ATTRIBUTES + 1)}",
        f"<p{' a' * 5_000}>",
        "<p" + ' a=">"' * 5_000 + ">",
        "<p" + ' a="<"' * 50_000 + ">",
        f"<p{'/a' * 5_000}>",
        f"<script{attributes(5_000)}>",
        f"</p{attributes(5_000)}>",
    ],
)
def test_too_many_attributes_are_refused(tag: str) -> None:
    with pytest.raises(ParseError, match="2,000 attributes"):
        check_bounds(("<div>潮水</div>" * 100 + tag + "潮水").encode())


def test_formatting_that_would_be_opened_again_and_again_is_refused() -> None:
    fonts = "".join(f"<font size={n}>" for n in range(1_500))
    with pytest.raises(ParseError, match="never closed"):
        check_bounds((f"<div>{fonts}</div>" + "<p>潮水" * 100_000).encode())


def test_formatting_carried_from_block_to_block_is_depth() -> None:
    with pytest.raises(ParseError, match="deep"):
        check_bounds(("".join(f"<div><font size={n}></div>" for n in range(5_000))).encode())


@pytest.mark.parametrize("text", ["x" * (MAX_BYTES + 1), "潮" * (MAX_BYTES // 3 + 1)])
def test_large_pages_are_refused(text: str) -> None:
    with pytest.raises(ParseError, match="larger than 32 MiB") as caught:
        check_size(text, "https://forum.example/thread-7-1-1.html")
    assert caught.value.url == "https://forum.example/thread-7-1-1.html"


def test_lone_surrogates_are_no_error() -> None:
    check_size("\ud800" * (MAX_BYTES // 4 + 1))
