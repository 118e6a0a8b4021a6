"""Discuz! pages in pipelines of datatrove: a step that stands where a general extractor would, behind a reader of HTML.

    LocalPipelineExecutor([WarcReader("s3://crawl/"), DiscuzExtractor(per="post"), JsonlWriter("posts/")]).run()

The step reads what the reader made of the bytes. datatrove's WarcReader decodes them itself: as UTF-8, and what is not
UTF-8 by guessing from the bytes, whatever header and page tell. That gets ordinary pages in GBK right. Those with a
broken character, as forums have that cut titles, it drops without a word. Where that matters, `parse_many` and Ray read
the same files: they go by header and page, and bear broken characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any, Literal

from discuz_scrape._any import is_flattened
from discuz_scrape.bulk._made import page_itself
from discuz_scrape.bulk._work import Job, run
from discuz_scrape.models import Post, Thread
from discuz_scrape.sources import Item
from discuz_scrape.sources._files import Held
from discuz_scrape.sources._item import moment_of

try:
    from datatrove.data import Document
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise ImportError('datatrove needs more: pip install "discuz-scrape[datatrove]"') from error

__all__ = ["DiscuzExtractor"]

_BETWEEN = "\n\n"
_CONTENT_TYPE = "text/html; charset=utf-8"  # what a page is in that we encode ourselves, whatever it says


class DiscuzExtractor(PipelineStep):  # type: ignore[misc]
    """Makes of each document with the HTML of a thread page one document of its posts, or one of each post.

    The text is that of the posts alone: no names, signatures, buttons, nor the signs that forums hide in it. What else
    is known of them goes into the metadata, beside what the reader put there: times in ISO format, with their offset.
    What is not a page of a thread is dropped, and counted in the statistics by what it is (`dropped_…`) or by why it
    could not be read (`error_…`). No page makes the step raise.

    Args:
        per: "page" for one document of each page of a thread, "post" for one of each post.
        body: What the text of a post is: "text", or "markdown".
        timezone: Offset of the pages' times where their footer does not tell.
        sieve: Whether to drop what is not Discuz! by a look at it, before it is parsed; see `detect`.
        seconds: Longest time for one page.

    """

    name = "💬 Discuz!"
    type = "🛢 - EXTRAC"

    def __init__(
        self,
        per: Literal["page", "post"] = "page",
        body: Literal["text", "markdown"] = "text",
        timezone: tzinfo | None = None,
        *,
        sieve: bool = True,
        seconds: float = 30.0,
    ) -> None:
        if per not in ("page", "post") or body not in ("text", "markdown"):
            raise ValueError(f"per is 'page' or 'post', body 'text' or 'markdown', not {per!r} and {body!r}")
        super().__init__()
        self.per = per
        self.body = body
        self.job = Job(page_itself, (body,), timezone, sieve, seconds)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002 - datatrove's
        """Go through the documents."""
        for document in data or ():
            self.stat_update(StatHints.total)
            with self.track_time():
                made = list(self._documents(document))
            self.stat_update(StatHints.forwarded if made else StatHints.dropped)
            for one in made:
                self.update_doc_stats(one)
                yield one

    def _documents(self, document: Any) -> Iterator[Any]:
        batch = run(Held((_item(document),)), self.job)
        for kind in batch.dropped:
            self.stat_update(f"dropped_{kind}")
        for outcome in batch.outcomes:
            if outcome.error is not None:
                self.stat_update(f"error_{type(outcome.error).__name__}")
            elif outcome.kind != "thread":
                self.stat_update(f"dropped_{outcome.kind}")
            else:
                self.stat_update("posts", value=len(outcome.made.posts), unit="page")
                yield from self._of_thread(document, outcome.made)

    def _of_thread(self, document: Any, thread: Thread) -> Iterator[Any]:
        posts = [(post, text) for post in thread.posts if (text := self._text(post).strip())]
        told = {**document.metadata, **_facts_of_thread(thread)}
        if self.per == "post":
            for number, (post, text) in enumerate(posts):
                place = f"pid{post.pid}" if post.pid is not None else str(number)
                yield Document(text=text, id=f"{document.id}#{place}", metadata={**told, **_facts_of_post(post)})
        elif posts:
            facts = [_facts_of_post(post) for post, _ in posts]
            text = _BETWEEN.join(text for _, text in posts)
            yield Document(text=text, id=document.id, metadata={**told, "posts": facts})

    def _text(self, post: Post) -> str:
        return (post.body_markdown if self.body == "markdown" else post.body) or ""


def _item(document: Any) -> Item:
    text, told = document.text, document.metadata
    url = told.get("url")
    content = text.encode("utf-8", "replace")
    return Item(
        document.id,
        content,
        url if isinstance(url, str) else None,
        _CONTENT_TYPE,
        moment_of(str(told.get("date"))),
        is_flattened(text),
    )


def _facts_of_thread(thread: Thread) -> dict[str, Any]:
    forum = thread.forum
    return {
        "tid": thread.tid,
        "subject": thread.subject,
        "thread_url": thread.url,
        "fid": forum and forum.fid,
        "forum": forum and forum.name,
        "page": thread.page,
        "total_pages": thread.total_pages,
    }


def _facts_of_post(post: Post) -> dict[str, Any]:
    return {
        "pid": post.pid,
        "floor": post.floor,
        "author": post.author.name,
        "uid": post.author.uid,
        "timestamp": post.timestamp and post.timestamp.isoformat(),
        "post_url": post.url,
        "quoted_pids": [quote.pid for quote in post.quotes if quote.pid is not None],
    }
