"""The files of posts: each in a folder of its own number, below that of its forum."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from discuz_scrape.cli._run import Run
from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.models import Attachment, Image, Post, Thread

if TYPE_CHECKING:
    from discuz_scrape import Client


class Files:
    """Fetches attachments, and pictures that are attachments; what lies there already is not asked for again."""

    def __init__(self, client: Client, folder: Path, run: Run) -> None:
        self._client, self._folder, self._run = client, folder, run

    def fetch(self, url: str, page: Thread) -> None:
        """Fetch the files of all posts of a page; one that is refused is told of, and the others go on."""
        from discuz_scrape.fetch._files import safe_name

        forum = (page.site.url or url).partition("://")[2].strip("/")
        for post in page.posts:
            for item in _items(post):
                folder = self._folder / safe_name(forum, fallback="forum") / str(item.aid)
                try:
                    self._fetch_into(folder, item)
                except DiscuzScrapeError as error:
                    self._run.failed(item.url or url, error)
                except OSError as error:
                    self._run.unreadable(folder, error)

    def _fetch_into(self, folder: Path, item: Attachment | Image) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if any(entry.name[0] != "." for entry in folder.iterdir()):  # drafts begin with a dot, and no safe name does
            return
        try:
            self._client.download(item, folder)
        except BaseException:
            with suppress(OSError):
                folder.rmdir()
            raise


def _items(post: Post) -> Iterator[Attachment | Image]:
    known = set()
    items: tuple[Attachment | Image, ...] = (*post.attachments, *post.images)
    for item in items:
        if item.aid is not None and item.aid not in known:
            known.add(item.aid)
            yield item
