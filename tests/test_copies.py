"""A page that an archive replays, a browser saved, or a proxy changed, tells the same as the page itself."""

import html
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discuz_scrape import parse_page, parse_thread
from discuz_scrape._copies import original_address, with_hidden_words, without_replay
from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.testing import Case, find_cases

FIXTURES = Path(__file__).parent.parent / "fixtures"
HOST = "https://bbs.qingshiqiao.example/"
ADDRESS = f"{HOST}thread-4821-1-1.html"
PAGE = (FIXTURES / "thread/x34/first-page.in.html").read_text()
WHOLE_PAGES = [
    case
    for case in find_cases(FIXTURES)
    if case.page.suffix == ".html" and re.search(rb"<head>.*<body", case.page.read_bytes(), re.DOTALL)
]
REPLAYS = {
    "wayback": ("https://web.archive.org/web/20190102030405/", "https://web.archive.org/web/20190102030405{}/"),
    "from the root": ("https://web.archive.org/web/20190102030405/", "/web/20190102030405{}/"),
    "pywb": ("http://localhost:8080/two-wheels/20190102030405/", "http://localhost:8080/two-wheels/20190102030405mp_/"),
    "any scheme": ("//archive.example:81/wayback/20190102030405/", "//archive.example:81/wayback/20190102030405{}/"),
}
BAR = (
    '<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id="wm-ipp-base"><form action="/web/submit">'
    '<a href="/web/20180101000000*/x">12 captures</a> 02 Jan 2019</form></div><!-- END WAYBACK TOOLBAR INSERT -->'
)
END = (
    "\n<!--\n     FILE ARCHIVED ON 03:04:05 Jan 02, 2019 AND RETRIEVED FROM THE ARCHIVE ON 10:11:12 Nov 20, 2020.\n-->"
)


def replayed(page: str, prefix: str, address: str = ADDRESS) -> str:
    """The page as a replay would give it: all but relative addresses lead to copies."""

    def lead_to_copy(found: re.Match[str]) -> str:
        name, quote, old = found.groups()
        if not re.match(r"https?://\w|/\w", old):
            return found[0]
        kind = "" if name.lower() == "href" else "im_"
        return f"{name}={quote}{prefix.format(kind)}{urljoin(address, old)}{quote}"

    page = re.sub(r"""\b(href|src|action)=(["'])([^"'<>]*)\2""", lead_to_copy, page, flags=re.IGNORECASE)
    script = (
        f'<head><script src="/_static/js/bundle.js"></script><link rel="x" href="{prefix.format("cs_")}{address}" />'
    )
    page = page.replace("<head>", script, 1)
    return re.sub(r"(<body[^>]*>)", lambda body: body[0] + BAR, page, count=1) + END


def told(content: str | bytes, url: str | None) -> object:
    try:
        return parse_page(content, url=url).model_dump()
    except DiscuzScrapeError as error:
        return type(error), getattr(error, "text", None)


@pytest.mark.parametrize("case", WHOLE_PAGES, ids=lambda case: str(case.page.relative_to(FIXTURES)))
@pytest.mark.parametrize(("place", "prefix"), REPLAYS.values(), ids=REPLAYS)
def test_a_replay_tells_what_the_page_tells(case: Case, place: str, prefix: str) -> None:
    page = case.page.read_bytes().decode("latin-1")
    base = re.search(r'<base href="(http[^"]+)', page)
    url = case.expected()["case"].get("url", base[1] if base else ADDRESS)
    copy = replayed(page, prefix, url)
    assert copy != page
    assert told(copy.encode("latin-1"), place + url) == told(page.encode("latin-1"), url)


@pytest.mark.parametrize("place", [place for place, _ in REPLAYS.values()])
def test_the_address_of_a_copy_is_that_of_the_page(place: str) -> None:
    assert original_address(place + ADDRESS) == ADDRESS
    assert original_address(place.replace("20190102030405/", "2019/") + ADDRESS) == ADDRESS
    assert original_address(place.replace("405/", "405id_/") + "http:/bbs.example/a?b=c") == "http://bbs.example/a?b=c"
    assert parse_thread(PAGE, url=place + ADDRESS).url == parse_thread(PAGE, url=ADDRESS).url


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        f"{HOST}plugin.php?to=https://web.archive.org/web/20190102030405/http://a.example/",
        "https://web.archive.org/web/2019*/http://a.example/",
        "https://web.archive.org/web/20190102030405/ftp://a.example/",
        "https://a.example/20190102030405/thread-1-1-1.html",
        "https://a.example/20190102030405/http:",
    ],
)
def test_an_address_that_is_no_copy_stays(address: str) -> None:
    assert original_address(address) == address


LINK = '<a href="https://web.archive.org/web/20150102030405/http://a.example/" target="_blank">'
LABEL = "https://web.archive.org/web/20150102030405/http://a.example/"


def linking(page: str, link: str) -> str:
    return re.sub(r'(id="postmessage_\d+">)', rf"\1{link}{LABEL}</a> ", page, count=1)


def test_a_link_to_an_archive_in_a_post_stays_on_a_page_and_in_its_replay() -> None:
    page = linking(PAGE, LINK)
    copy = replayed(page, REPLAYS["from the root"][1])
    for content in (page, copy):
        post = parse_thread(content, url=ADDRESS).posts[0]
        assert LABEL in post.body
        assert LABEL in [link.url for link in post.links]


def test_one_script_out_of_an_archive_makes_no_replay_of_a_page() -> None:
    script = '<script src="https://web.archive.org/web/20160102030405js_/http://gone.example/a.js"></script>'
    page = linking(PAGE.replace("<head>", f"<head>{script}"), LINK)
    assert without_replay(page) == page


@pytest.mark.parametrize(
    "mark", ["__wm.wombat(", "<!-- End Wayback Rewrite JS Include -->", "<script src='x/wombat.js'>"]
)
def test_a_replay_is_known_by_its_own_marks_where_the_page_loads_nothing(mark: str) -> None:
    bare = "<html><head><title>wombat</title>{}</head><body>{}<a href={}>x</a> (" + LABEL + ")</body></html>"
    copy = bare.format(mark, BAR, '"/web/20190102030405/http://b.example/"')
    assert without_replay(copy) == bare.format(mark, "", '"http://b.example/"')
    unmarked = copy.replace(mark, "")
    assert without_replay(unmarked) == unmarked
    assert without_replay(unmarked, sure=True) == bare.format("", "", '"http://b.example/"')


def test_an_answer_to_a_script_is_a_replay_where_its_address_says_so() -> None:
    answer = '<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[{}]]></root>'
    inside = (FIXTURES / "thread/x35/ajax-one-post.in.xml").read_text()
    assert inside.startswith(answer[:30])
    copy = inside.replace('href="forum.php', f'href="/web/20190102030405/{HOST}forum.php')
    copy = copy.replace('href="home.php', f'href="/web/20190102030405/{HOST}home.php')
    assert copy != inside
    address = f"{HOST}forum.php?mod=viewthread&tid=70&viewpid=2102&inajax=1"
    assert told(copy, f"https://web.archive.org/web/20190102030405/{address}") == told(inside, address)


@given(st.text(alphabet='<>"=/ -!ahrefscilnk20190102030405:thp_m', max_size=400))
def test_what_is_no_replay_stays_letter_by_letter(text: str) -> None:
    kept = without_replay(text)
    assert kept == text or "http" in text


COMMENTS = [
    f"<!-- saved from url=(0051){ADDRESS} -->\n",
    f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n saved date: Wed Jan 02 2019 03:04:05 GMT+0100 (CET)\n-->",
]


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_saved_page_says_where_it_came_from(comment: str) -> None:
    page = re.sub(r"https://bbs\.qingshiqiao\.example/", "", PAGE)  # nothing else on it does
    assert parse_thread(page).site.url is None
    saved = parse_thread(page.replace("<html", comment + "<html"))
    assert saved.site.url == HOST
    assert saved.posts[0].author.avatar_url == f"{HOST}uc_server/avatar.php?uid=58&size=middle"
    assert (
        parse_thread(page.replace("<html", comment + "<html"), url="https://a.example/t").site.url
        == "https://a.example/"
    )


def test_a_replay_that_a_browser_saved_leads_to_the_page() -> None:
    saved = f"<!-- saved from url=(0099)https://web.archive.org/web/20190102030405/{ADDRESS} -->\n"
    page = re.sub(r"https://bbs\.qingshiqiao\.example/", "", PAGE)
    assert parse_thread(saved + page).site.url == HOST


@pytest.mark.parametrize(
    "comment", ["<!-- saved from url=(0014)about:internet -->", "<!-- saved from url=(0022)file:///C:/a.html -->"]
)
def test_a_page_saved_from_nowhere_tells_as_much_as_without_it(comment: str) -> None:
    assert parse_thread(comment + PAGE) == parse_thread(PAGE)


def coded(words: str, key: int = 0x5A) -> str:
    return bytes([key, *(byte ^ key for byte in words.encode())]).hex()


ADDRESSEE = "mei@bike.example"
CODE = coded(ADDRESSEE)
HIDDEN = f'<span class="__cf_email__" data-cfemail="{CODE}">[email&#160;protected]</span>'
SHOWS_AGAIN = (
    '<script data-cfasync="false" src="/cdn-cgi/scripts/5c5dd728/cloudflare-static/email-decode.min.js"></script>'
)


def proxied(page: str) -> str:
    return page.replace("</body>", f"{SHOWS_AGAIN}</body>")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            ADDRESSEE,
            f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{CODE}">[email protected]</a>',
        ),
        (ADDRESSEE, HIDDEN),
        (f'<a href="mailto:{ADDRESSEE}">{ADDRESSEE}</a>', f'<a href="/cdn-cgi/l/email-protection#{CODE}">{HIDDEN}</a>'),
        (
            f'<a href="mailto:{ADDRESSEE}" target="_blank">联系 {ADDRESSEE} 吧</a>',
            f'<a href="https://a.example/cdn-cgi/l/email-protection#{CODE}" target="_blank">联系 {HIDDEN} 吧</a>',
        ),
        (
            f'<div class="blockcode"><div id="code_1"><ol><li>ssh {ADDRESSEE}:x</ol></div></div>',
            f'<div class="blockcode"><div id="code_1"><ol><li>ssh {HIDDEN}:x</ol></div></div>',
        ),
        ("a&lt;b@c&gt;", f'<span class="__cf_email__" data-cfemail="{coded("a<b@c>")}">[email&#160;protected]</span>'),
    ],
    ids=["a word", "a word in a link", "an address", "a link", "code", "marks"],
)
def test_words_that_a_proxy_put_out_of_sight_are_read_as_they_were_written(written: str, sent: str) -> None:
    head, cell, rest = PAGE.partition('id="postmessage_60211">')
    for kinds in ({"text", "html", "markdown"}, {"text"}):
        told, want = (
            parse_thread(proxied(f"{head}{cell}寄给 {words} 吧</td></tr></table>{rest}"), formats=kinds)
            for words in (sent, written)
        )
        assert told == want
        assert "protected" not in told.posts[0].body


@pytest.mark.parametrize("code", ["", "5a", "zz", "5a3", coded("\x00"), coded("\x1b[31m"), "5aff", "é"])
def test_a_code_that_no_proxy_wrote_is_left_alone(code: str) -> None:
    sent = f'<span class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</span>'
    head, cell, rest = PAGE.partition('id="postmessage_60211">')
    page = proxied(f"{head}{cell}{sent}</td></tr></table>{rest}")
    assert with_hidden_words(page) == page
    assert parse_thread(page).posts[0].body == "[email protected]"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), st.integers(0, 255))
def test_any_printable_words_come_back_from_their_code(words: str, key: int) -> None:
    sent = f'<b><span class="__cf_email__" data-cfemail="{coded(words, key)}">x</span></b>{SHOWS_AGAIN}'
    shown = f"<b>{html.escape(words)}</b>{SHOWS_AGAIN}"
    assert with_hidden_words(sent) == (shown if words.isprintable() else sent)
