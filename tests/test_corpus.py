"""Pages of real installs beside their database rows, where DISCUZ_SCRAPE_CORPUS names folders of them.

A case is PAGE.html, the bytes as served, and PAGE.json: how it was fetched (`kind`, `final_url`, `content_type`,
`captured_at`) and the rows behind it (`posts`).
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from discuz_scrape import Post, parse_thread

KINDS = {"thread", "thread_desc", "thread_authoronly", "thread_stand"}


def pages() -> Iterator[Path]:
    for folder in filter(None, os.environ.get("DISCUZ_SCRAPE_CORPUS", "").split(os.pathsep)):
        for truth in sorted(Path(folder).glob("*.json")):
            page = truth.with_suffix(".html")
            if page.exists() and (told := json.loads(truth.read_text("utf-8"))).get("posts") and told["kind"] in KINDS:
                yield page


def squeezed(text: str | None) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", text or "")


def differences(post: Post, row: dict[str, Any]) -> Iterator[str]:
    name = unescape(unescape(row["display_author"])).strip() if row["display_author"] and not row["anonymous"] else None
    if post.author.name != name:
        yield f"{row['pid']}: author {post.author.name!r}, in truth {name!r}"
    second = int(post.timestamp.timestamp()) if post.timestamp else None
    if second not in (row["dateline"], row["dateline"] - row["dateline"] % 60):
        yield f"{row['pid']}: time {second}, in truth {row['dateline']}"
    own = row.get("expected_own_text")
    text = row["expected_text"] if own is None else own
    if text is not None and squeezed(post.body) != squeezed(text):
        yield f"{row['pid']}: body {post.body!r}, in truth {text!r}"


@pytest.mark.skipif(not os.environ.get("DISCUZ_SCRAPE_CORPUS"), reason="DISCUZ_SCRAPE_CORPUS names no corpus")
@pytest.mark.parametrize("page", list(pages()), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_page_agrees_with_its_database(page: Path) -> None:
    truth = json.loads(page.with_suffix(".json").read_text("utf-8"))
    captured = datetime.fromtimestamp(truth["captured_at"], UTC)
    thread = parse_thread(
        page.read_bytes(), url=truth["final_url"], content_type=truth["content_type"], now=captured
    )
    assert [post.pid for post in thread.posts] == [row["pid"] for row in truth["posts"]]
    pairs = zip(thread.posts, truth["posts"], strict=True)
    told = [line for post, row in pairs if post.status != "deleted" for line in differences(post, row)]
    assert not told, "\n".join(["", *told])
