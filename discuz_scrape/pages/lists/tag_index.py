"""The page that names the tags of a forum."""

from __future__ import annotations

from discuz_scrape._html import Node, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import TagIndex
from discuz_scrape.pages.lists._lists import Record, front_name, read_all
from discuz_scrape.pages.lists.tag import tag_id

__all__ = ["read"]


def read(page: Source) -> TagIndex:
    """All tags of the page; none is a result too."""
    tags = read_all(page, select(page.root, ".taglist a[href]"), _read_tag, "tags")
    return TagIndex.model_validate({"tags": tags, "site": page.site(front_name(page)), "issues": tuple(page.issues)})


def _read_tag(page: Source, link: Node) -> Record | None:
    attributes = link.attributes
    href = attributes.get("href")
    name = one_line(attributes.get("title")) or one_line(text_of(link))
    return {"id": tag_id(href), "name": name, "url": page.absolute(href)} if name else None
