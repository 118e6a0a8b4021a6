"""The sieve: it finds every page of Discuz!, takes nothing else for one, and agrees with what the parser finds."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from benchmarks.others import SHAPES, other_pages
from benchmarks.pages import ordinary_pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discuz_scrape import Detection, NoticeError, ParseError, detect
from discuz_scrape._sights import _BODY_WORDS, _PARTS, FACES
from discuz_scrape._source import open_source
from discuz_scrape.pages import read_thread
from discuz_scrape.pages._kinds import KINDS
from discuz_scrape.pages.notice import identify
from discuz_scrape.testing import SETTINGS, Case, find_cases

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = [case for case in find_cases(FIXTURES) if case.page.suffix != ".txt"]
PAGES = {str(case.page.relative_to(FIXTURES)): case.page.read_bytes() for case in CASES}
FINER = {
    "profile": {"space"}, "member_threads": {"space"}, "user_posts": {"space", "guide"}, "search_form": {"search"},
    "tag_index": {"tag"}, "preview": {"thread"},
}  # fmt: skip
"""Kinds that the registry tells apart for the sake of their readers."""
STOCK = PAGES["thread/x34/first-page.in.html"]
BOARD = PAGES["thread/errors/board-page.in.html"]


# Agreement with the parser


def kind_by_parser(content: bytes, url: str | None, content_type: str | None) -> tuple[str, Detection | None]:
    """The kind that the parser finds, and what it tells of the site; a wall is a message without a mark of its own."""
    source = open_source(content, url, content_type, None, None, ("text",))
    try:
        kind = _kind(source)
    except NoticeError:
        kind = "message"
    facts = Detection(
        kind=kind, is_discuz=True, version=source.version(), charset=source.charset, viewer_uid=source.viewer_uid()
    )
    return kind, facts


def _kind(source: object) -> str:
    if source.has_posts:  # type: ignore[attr-defined]
        try:
            read_thread(source)  # type: ignore[arg-type]
        except ParseError:
            pass
        else:
            return "thread"
    return identify(source).name  # type: ignore[arg-type]


def differences(content: bytes, url: str | None, content_type: str | None) -> Iterator[str]:
    kind, facts = kind_by_parser(content, url, content_type)
    found = detect(content, url=url, content_type=content_type)
    if not found.is_discuz:
        if kind not in ("empty", "binary", "unknown", "message") or found.kind not in ("unknown", kind):
            yield f"kind: {found.kind}, not Discuz!; by the parser {kind}"
        return
    if found.kind not in FINER.get(kind, {kind}):
        yield f"kind: {found.kind}, by the parser {kind}"
    for name in ("version", "charset", "viewer_uid") if kind not in ("api", "feed") else ("charset",):
        mine, theirs = getattr(found, name), getattr(facts, name)
        if mine != theirs and not (name == "viewer_uid" and content[:1] == b"{"):
            yield f"{name}: {mine}, by the parser {theirs}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.page.relative_to(FIXTURES)))
def test_fixtures_agree_with_the_parser(case: Case) -> None:
    settings = case.expected()["case"]
    assert set(settings) <= set(SETTINGS)
    told = list(differences(case.page.read_bytes(), settings.get("url"), settings.get("content_type")))
    assert told == []


def corpus() -> Iterator[Path]:
    for folder in filter(None, os.environ.get("DISCUZ_SCRAPE_CORPUS", "").split(os.pathsep)):
        yield from (page for page in sorted(Path(folder).glob("*.html")) if page.with_suffix(".json").exists())


@pytest.mark.skipif(not os.environ.get("DISCUZ_SCRAPE_CORPUS"), reason="DISCUZ_SCRAPE_CORPUS names no corpus")
def test_corpus_agrees_with_the_parser() -> None:
    told, kinds = [], Counter[str]()
    for page in corpus():
        truth = json.loads(page.with_suffix(".json").read_text("utf-8"))
        content = page.read_bytes()
        lines = differences(content, truth["final_url"], truth["content_type"])
        told += [f"{page.parent.name}/{page.stem}: {line}" for line in lines]
        found = detect(content, url=truth["final_url"], content_type=truth["content_type"])
        kinds[found.kind if found.is_discuz else f"no Discuz!: {found.kind}"] += 1
    print(f"{kinds.total()} pages:", ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    assert told == []


# Recall: what owners do to their pages


def unbranded(page: str) -> str:
    """Every mark of the software taken out of head and footer."""
    page = re.sub(r'<meta name="(?:generator|author|copyright|application-name|msapplication-\w+)"[^>]*>', "", page)
    page = re.sub(r"<title>.*?</title>", "<title>欢迎光临</title>", page, flags=re.S)
    return re.sub(r'<div id="ft".*?(?=<div id="scrolltop"|</body>)', "", page, flags=re.S).replace("Powered by", "")


def without_scripts(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.S)


def without_body_words(page: str) -> str:
    return re.sub(r"<body[^>]*>", "<body>", page)


def bare(page: str) -> str:
    """No name, no script, no word on the body tag: what is left is how a page is built."""
    return re.sub("(?i)discuz", "bbs", without_body_words(without_scripts(unbranded(page))))


def unquoted(page: str) -> str:
    return re.sub(r'="([\w-]+)"', r"=\1", re.sub(r">\s+<", "><", page))


def shouted(page: str) -> str:
    def shout(match: re.Match[str]) -> str:
        return f"<{match[1]}{match[2].upper()}" if match[2] else match[0]

    return re.sub(r"<script.*?</script>|<(/?)([a-z][a-z0-9]*)(?=[\s>/])", shout, page, flags=re.S)


def long_head(page: str) -> str:
    return page.replace("<title>", "<style>" + "a{color:red}\n" * 2_000 + "</style><title>", 1)


SKINS: list[Callable[[str], str]] = [
    unbranded, without_scripts, without_body_words, bare, unquoted, shouted, long_head,
]  # fmt: skip


@pytest.mark.parametrize("skin", SKINS, ids=lambda skin: skin.__name__)
@pytest.mark.parametrize("page", [STOCK, BOARD, ordinary_pages(1)[0].content], ids=["thread", "board", "generated"])
def test_a_skin_hides_nothing(page: bytes, skin: Callable[[str], str]) -> None:
    found = detect(skin(page.decode()).encode())
    assert (found.is_discuz, found.kind) == (True, "board" if page is BOARD else "thread")


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5", "utf-16", "utf-8-sig"])
def test_encodings(codec: str) -> None:
    found = detect(STOCK.decode().replace("charset=utf-8", f"charset={codec}").encode(codec, "replace"))
    expected = {"big5": "big5hkscs", "utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(codec, codec)
    assert found == detect(STOCK).model_copy(update={"charset": expected})


def test_text_is_read_like_bytes() -> None:
    assert detect(STOCK.decode()) == detect(STOCK).model_copy(update={"charset": None})


def test_content_type_goes_before_the_page() -> None:
    page = STOCK.decode().replace("charset=utf-8", "charset=big5").encode("gb18030")
    assert detect(page, content_type="text/html; charset=gbk").charset == "gb18030"


def test_what_the_head_tells() -> None:
    page = STOCK.replace(b"STYLEID = '1'", b"STYLEID = '12'").replace(b"discuz_uid = '0'", b"discuz_uid = '345'")
    page = page.replace(b"</head>", b'<link rel="stylesheet" href="template/qing_shi/style.css" /></head>')
    found = detect(page)
    assert (found.style_id, found.template, found.viewer_uid, found.logged_in) == (12, "qing_shi", 345, True)
    assert (found.version, found.charset) == ("X3.4", "utf-8")


def test_user_bar_tells_where_the_globals_are_gone() -> None:
    page = without_scripts(STOCK.decode())
    assert detect(page).logged_in is False
    assert detect(page.replace('id="lsform"', 'id="um"')).logged_in is True


@pytest.mark.parametrize(
    ("url", "is_discuz"),
    [
        ("https://bbs.example.org/forum.php?mod=viewthread&tid=5", True),
        ("https://bbs.example.org/thread-5-1-1.html", True),
        ("https://bbs.example.org/archiver/?tid-5.html", True),
        ("https://shop.example.org/item/5", False),
        (None, False),
    ],
)
def test_a_wall_is_known_by_its_address_only(url: str | None, is_discuz: bool) -> None:
    found = detect(PAGES["thread/errors/anti-theft-script.in.html"], url=url)
    assert (found.is_discuz, found.kind) == (is_discuz, "message" if is_discuz else "unknown")


@pytest.mark.parametrize("title", ["频繁刷新限制", "代理服务器访问限制", "页面重载开启"])
@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_gates_are_known_by_their_title(title: str, codec: str) -> None:
    found = detect(f"<html><head><title>{title}</title></head><body>{title}</body></html>".encode(codec))
    assert (found.is_discuz, found.kind) == (True, "message")


def test_a_fragment_of_a_page() -> None:
    start = STOCK.find(b'<div id="post_')
    found = detect(STOCK[start : STOCK.find(b'<div id="post_', start + 9)])
    assert (found.is_discuz, found.kind) == (True, "thread")


def test_json_api() -> None:
    data = '{"Version":"4","Charset":"GBK","Variables":{"cookiepre":"a_","member_uid":"7","forumlist":[]}}'
    assert detect(data) == Detection(kind="api", is_discuz=True, viewer_uid=7, logged_in=True)
    assert detect('{"discuzversion":"X3.4","charset":"gbk"}').version == "X3.4"
    refused = '{"error":"closed for tonight"}'
    assert detect(refused, url="https://bbs.example.org/api/mobile/index.php?module=viewthread").kind == "message"
    assert detect(refused) == Detection(kind="unknown", is_discuz=False)


def test_feed() -> None:
    feed = '<?xml version="1.0" encoding="gbk"?><rss version="2.0"><channel><title>论</title>{}<item/></channel></rss>'
    named = feed.format("<generator>Discuz! Board by Comsenz Inc.</generator>").encode("gbk")
    assert detect(named) == Detection(kind="feed", is_discuz=True, charset="gb18030")
    assert detect(feed.format("").encode("gbk")) == Detection(kind="feed", is_discuz=False)


def test_pages_of_discuz_7() -> None:
    head = (
        '<html><head><meta name="generator" content="Discuz! 7.2" /><script>var STYLEID = \'1\', VERHASH = \'a\', '
        "discuz_uid = 0, cookiepath = '/';</script></head>"
    )
    board = head + '<body id="forumdisplay"><div id="wrap" class="wrap s_clear"><a href="viewthread.php?tid=3">x</a>'
    found = detect(board)
    assert (found.kind, found.version, found.viewer_uid) == ("old", "7.2", 0)


# No false alarm


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_else_is_taken_for_discuz(shape: str) -> None:
    pages = [page for name, page in other_pages(12, seed=7) if name == shape]
    taken = [page[:200] for page in pages if detect(page).is_discuz]
    assert taken == []
    assert {detect(page) for page in pages} <= {
        Detection(kind=kind, is_discuz=False) for kind in ("unknown", "empty", "binary", "feed")
    }


# Whatever comes


def few(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


@given(st.one_of(st.binary(), st.text(st.characters()), st.text(alphabet="<>{}\"'=/!? dxIsS\0\ufeff")))
@few(400)
def test_anything(content: str | bytes) -> None:
    assert isinstance(detect(content), Detection)


pages = st.sampled_from(sorted(PAGES)).map(PAGES.__getitem__)
bits = st.one_of(st.binary(max_size=6), st.sampled_from([b"<", b'"', b">"]))


@given(pages, st.lists(st.tuples(st.floats(0, 1), bits), max_size=40), st.floats(0, 1))
@few(400)
def test_mutated(page: bytes, changes: list[tuple[float, bytes]], end: float) -> None:
    mutant = bytearray(page[: int(len(page) * end) + 1])
    for place, change in changes:
        at = int(len(mutant) * place)
        mutant[at : at + len(change)] = change
    found = detect(bytes(mutant))
    assert found.is_discuz or found.kind in ("unknown", "empty", "binary", "feed")


@given(pages, st.randoms(use_true_random=False))
@few(100)
def test_half_a_page_is_no_other_kind(page: bytes, random: Random) -> None:
    whole = detect(page)
    part = detect(page[: random.randint(len(page) // 2, len(page))])
    assert whole.is_discuz or not part.is_discuz


@pytest.mark.parametrize("content", [bytearray(b"<p>"), None, 5])
def test_only_str_and_bytes(content: object) -> None:
    with pytest.raises(TypeError, match="str or bytes"):
        detect(content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "piece",
    [b"<body ", b"discuz_uid ", b"<script>discuz_uid", b'id="postmessage_1', b'<p id="postmessage_', b"<center id=",
     b"template/a/", b"Discuz! ", b"<meta iscuz", b'id="pid1', b"forum.php?mod=", b"<", b'"', b"errorhandle_(", b"\0"],
)  # fmt: skip
def test_hostile_pages_take_time_in_proportion(piece: bytes) -> None:
    for start in (b"<html>Discuz!", b'<?xml version="1.0"?><root><![CDATA[ handle_ ', b"{", b'<html>"forum.php?mod='):
        assert isinstance(detect(start + piece * (3_000_000 // len(piece))), Detection)


# The registry


def test_every_kind_of_the_registry_can_be_told() -> None:
    told = FACES | {"thread"} | {kind for kind, _ in _PARTS} | set(_BODY_WORDS.values())
    assert [kind.name for kind in KINDS if not FINER.get(kind.name, {kind.name}) <= told] == []


def test_every_body_word_of_the_registry_is_known() -> None:
    for kind in KINDS:
        for word in kind.body:
            assert _BODY_WORDS[word.encode()] in FINER.get(kind.name, {kind.name})


def test_the_docstring_of_kind_names_every_kind() -> None:
    from discuz_scrape._schema import field_docs

    named = set(re.findall(r'"(\w+)"', field_docs(Detection)["kind"]))
    assert {kind.name for kind in KINDS} - set(FINER) < named
    assert {"thread", "message", "api", "feed", "ajax", "empty", "binary", "unknown"} < named
