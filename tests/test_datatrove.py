"""The step for pipelines of datatrove, behind its WarcReader and before its JsonlWriter."""

from __future__ import annotations

import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from benchmarks.others import other_pages
from benchmarks.pages import Page, ordinary_pages
from crawls import write_warc

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import WarcReader
from datatrove.pipeline.writers import JsonlWriter

from discuz_scrape import parse_thread
from discuz_scrape.datatrove import DiscuzExtractor

pytestmark = [pytest.mark.datatrove]

PAGES = ordinary_pages(4)
FACTS = {"tid", "subject", "thread_url", "fid", "forum", "page", "total_pages"}


def gbk(page: Page) -> Page:
    text = page.content.decode().replace("charset=utf-8", "charset=gbk")
    assert "charset=gbk" in text
    return Page(page.url.replace("example.org", "example.net"), text.encode("gbk"))


def other() -> Page:
    return Page("https://blog.example.org/", other_pages(1, 1)[0][1])


def pipeline(tmp_path: Path, pages: list[Page], step: DiscuzExtractor) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What comes out of a run over a WARC, and the statistics of our step."""
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    write_warc(crawl / "one.warc.gz", pages)
    reader = WarcReader(str(crawl), default_metadata={"crawl": "one"})
    writer = JsonlWriter(str(tmp_path / "out"))
    logs = tmp_path / "logs"
    LocalPipelineExecutor([reader, step, writer], tasks=1, logging_dir=str(logs)).run()
    with gzip.open(tmp_path / "out" / "00000.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    return documents, json.loads((logs / "stats.json").read_text())[1]["stats"]


def test_a_crawl_becomes_a_document_of_each_page_of_a_thread(tmp_path: Path) -> None:
    pytest.importorskip("magic", exc_type=ImportError)
    documents, stats = pipeline(tmp_path, [*PAGES[:2], other(), gbk(PAGES[2])], DiscuzExtractor())
    threads = [parse_thread(page.content, url=page.url) for page in PAGES[:3]]
    assert [document["text"] for document in documents] == [
        "\n\n".join(post.body.strip() for post in thread.posts if post.body.strip()) for thread in threads
    ]
    first = documents[0]["metadata"]
    assert first.keys() >= {"url", "date", "crawl", "file_path", "posts", *FACTS}
    assert (first["tid"], first["subject"]) == (threads[0].tid, threads[0].subject)
    assert [post["pid"] for post in first["posts"]] == [post.pid for post in threads[0].posts if post.body.strip()]
    assert stats["total"] == 4
    assert stats["forwarded"] == 3
    assert stats["dropped"] == 1
    assert any(name.startswith("dropped_") for name in stats)


def test_the_reader_drops_gbk_with_a_broken_character_before_we_see_it(tmp_path: Path) -> None:
    """As the docstring warns; ours reads it."""
    pytest.importorskip("magic", exc_type=ImportError)
    page = gbk(PAGES[0])
    cut = Page(page.url, page.content.replace(b"</title>", b"\x81</title>"))
    documents, stats = pipeline(tmp_path, [cut, PAGES[1]], DiscuzExtractor())
    assert (len(documents), stats["total"]) == (1, 1)
    assert len(parse_thread(cut.content, url=cut.url).posts) == 10


def test_each_post_may_be_a_document_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("magic", exc_type=ImportError)
    documents, _ = pipeline(tmp_path, PAGES[:1], DiscuzExtractor(per="post", body="markdown"))
    thread = parse_thread(PAGES[0].content, url=PAGES[0].url, formats=("markdown",))
    posts = [post for post in thread.posts if (post.body_markdown or "").strip()]
    assert [document["text"] for document in documents] == [(post.body_markdown or "").strip() for post in posts]
    assert len({document["id"] for document in documents}) == len(posts)
    for document, post in zip(documents, posts, strict=True):
        told = document["metadata"]
        assert (told["pid"], told["floor"], told["author"], told["uid"]) == (
            post.pid,
            post.floor,
            post.author.name,
            post.author.uid,
        )
        assert told["timestamp"] == (post.timestamp and post.timestamp.isoformat())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", {}),
        ("<html>\ud800<body>", {"url": 7, "date": "never"}),
        ("<div>" * 100_000, {"url": "https://bbs.example.org/thread-1-1-1.html"}),
        ("nothing but text", {"date": "2024-01-01"}),
    ],
)
def test_no_document_makes_it_raise(text: str, told: dict[str, Any]) -> None:
    step = DiscuzExtractor(sieve=False)
    assert list(step.run([Document(text=text, id="one", metadata=told)])) == []
    assert step.stats["dropped"].total == 1


def test_it_travels_to_other_processes() -> None:
    step = pickle.loads(pickle.dumps(DiscuzExtractor(per="post")))  # noqa: S301 - our own
    (page,) = PAGES[:1]
    assert list(step.run([Document(text=page.content.decode(), id="one", metadata={"url": page.url})]))


def test_what_it_does_not_know_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="'page' or 'post'"):
        DiscuzExtractor(per="thread")  # type: ignore[arg-type]
