"""Scrapers of stock thread pages as a competent person writes them with other tools, all giving the same reading."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import lxml.html  # type: ignore[import-untyped]
from bs4 import BeautifulSoup, Tag
from parsel import Selector

from .pages import Reading, Row, own_lines

_FLOORS = {"楼主": 1, "沙发": 2, "板凳": 3, "地板": 4}
_POST_ID = re.compile(r"^post_(\d+)$")
_UID = re.compile(r"uid[=-](\d+)")
_OFFSET = re.compile(r"GMT([+-]\d+)")

_IS_JUNK = (  # hidden anti-copy text, the edit mark, files with their menus, reply quotes
    "self::font[@class='jammer'] or self::span[contains(@style,'display:none')] or self::i[@class='pstatus']"
    " or self::ignore_js_op or self::div[@class='quote'][.//a[contains(@href,'goto=findpost')]]"
)
_JUNK_XPATH = f".//*[{_IS_JUNK}]"
_TEXT_XPATH = f"(.//text() | .//br)[not(ancestor::*[{_IS_JUNK}])]"
_JUNK_CSS = "font.jammer, span[style*='display:none'], i.pstatus, ignore_js_op"


def with_lxml(text: str) -> Reading:
    """A scraper on lxml and XPath."""
    page = lxml.html.document_fromstring(text)
    zone = _zone(page.xpath("string(//div[@id='flk'])"))
    posts = []
    for post in page.xpath("//div[@id='postlist']/div[starts-with(@id,'post_')]"):
        pid = post.get("id")[5:]
        author = post.xpath(".//div[@class='authi']/a[@class='xw1']")[0]
        time = post.xpath(f".//em[@id='authorposton{pid}']")[0]
        body = post.xpath(f".//td[@id='postmessage_{pid}']")[0]
        for junk in body.xpath(_JUNK_XPATH):
            junk.drop_tree()
        for br in body.iter("br"):
            br.tail = "\n" + (br.tail or "")
        posts.append(
            Row(
                int(pid),
                _floor(post.xpath(f".//a[@id='postnum{pid}']")[0].text_content()),
                author.text_content().strip(),
                _uid(author.get("href")),
                _time((time.xpath("span/@title") or [time.text_content()])[0], zone),
                own_lines(body.text_content()),
            )
        )
    return Reading(page.get_element_by_id("thread_subject").text_content().strip(), tuple(posts))


def with_parsel(text: str) -> Reading:
    """A scraper on parsel and CSS, as in a Scrapy spider."""
    page = Selector(text=text)
    zone = _zone(" ".join(page.css("#flk ::text").getall()))
    posts = []
    for post in page.css("#postlist > div[id^=post_]"):
        author = post.css(".authi a.xw1")
        time = post.css("em[id^=authorposton]")
        pieces = post.css("td.t_f").xpath(_TEXT_XPATH).getall()
        posts.append(
            Row(
                int(post.attrib["id"][5:]),
                _floor("".join(post.css("a[id^=postnum] ::text").getall())),
                author.css("::text").get("").strip(),
                _uid(author.attrib["href"]),
                _time(time.css("span::attr(title)").get() or time.css("::text").get(""), zone),
                own_lines("".join("\n" if piece == "<br>" else piece for piece in pieces)),
            )
        )
    return Reading(page.css("#thread_subject::text").get("").strip(), tuple(posts))


def with_bs4(text: str) -> Reading:
    """A scraper on BeautifulSoup over lxml."""
    page = BeautifulSoup(text, "lxml")
    zone = _zone(_find(page, "div", id="flk").get_text())
    posts = []
    for post in _find(page, "div", id="postlist").find_all("div", id=_POST_ID, recursive=False):
        pid = str(post["id"])[5:]
        author = _find(post, "a", class_="xw1")
        time = _find(post, "em", id=f"authorposton{pid}")
        body = _find(post, "td", id=f"postmessage_{pid}")
        for junk in body.select(_JUNK_CSS):
            junk.decompose()
        for quote in body.find_all("div", class_="quote"):
            if quote.select_one("a[href*='goto=findpost']"):
                quote.decompose()
        for br in body.find_all("br"):
            br.replace_with("\n")
        full = time.find("span", title=True)
        posts.append(
            Row(
                int(pid),
                _floor(_find(post, "a", id=f"postnum{pid}").get_text()),
                author.get_text(strip=True),
                _uid(str(author["href"])),
                _time(str(full["title"]) if full else time.get_text(), zone),
                own_lines(body.get_text()),
            )
        )
    return Reading(_find(page, "span", id="thread_subject").get_text(strip=True), tuple(posts))


BASELINES: dict[str, Callable[[str], Reading]] = {
    "BeautifulSoup + lxml": with_bs4,
    "lxml": with_lxml,
    "parsel": with_parsel,
}


def _find(node: Tag, name: str, **attributes: Any) -> Tag:
    found = node.find(name, **attributes)
    assert isinstance(found, Tag)
    return found


def _floor(text: str) -> int:
    """The floor: one of the site's names for the first ones, or the last number (来自 7#)."""
    text = text.strip()
    return _FLOORS.get(text) or int(re.findall(r"\d+", text)[-1])


def _uid(href: str) -> int:
    found = _UID.search(href)
    assert found
    return int(found[1])


def _zone(footer: str) -> timezone:
    found = _OFFSET.search(footer)
    return timezone(timedelta(hours=int(found[1]) if found else 8))


def _time(text: str, zone: timezone) -> datetime:
    return datetime(*map(int, re.findall(r"\d+", text)), tzinfo=zone)  # type: ignore[arg-type,misc]
