"""What a page seems to be that is none of Discuz!: a hint for whoever has a folder of all sorts of pages."""

from __future__ import annotations

import re

from discuz_scrape._html import one_line, select
from discuz_scrape._source import Source

__all__ = ["seems"]

_HEAD = 100_000  # characters in which other software shows itself
_MOST_NAMES, _LONGEST_NAME = 5, 40
_LONGEST_GENERATOR = 60
_XML = re.compile(
    r"\ufeff?\s{0,99}<\?xml[^>]{0,200}>\s{0,99}(?:<[!?][^>]{0,999}>\s{0,99}){0,9}<([A-Za-z_][\w:.-]{0,60})"
)
_HTML = frozenset({"html", "root"})
_MARKS: tuple[tuple[str, str], ...] = (
    ("phpBB", 'id="phpbb"'),
    ("XenForo", 'id="xf"'),
    ("XenForo", "data-xf-"),
    ("Discourse", "discourse"),
    ("vBulletin", "vbulletin"),
    ("MyBB", "mybb"),
    ("Flarum", "flarum"),
    ("NodeBB", "nodebb"),
    ("Invision Community", "ipslayout"),
    ("phpwind", "phpwind"),
    ("MediaWiki", "mediawiki"),
    ("WordPress", "/wp-content/"),
)
"""What the pages of other software have in their heads, in lower case."""


def seems(page: Source) -> str | None:
    """What a page that nobody reads seems to be; None where nothing tells."""
    text = page.text
    if (answer := page.answer) is not None:
        names = [name[:_LONGEST_NAME] for name in answer if name.replace(":", "").isidentifier()]
        return f"JSON with {', '.join(names[:_MOST_NAMES]) or 'nothing'}"  # never a value: it may be a secret
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return "JSON, or the beginning of it"
    found = _XML.match(text)
    if found is not None and found[1].lower() not in _HTML:
        return f"XML with the root element <{found[1]}>"
    generator = next((node.attributes.get("content") for node in select(page.root, 'meta[name="generator"]')), None)
    if name := one_line(generator):
        return f"a page of {name[:_LONGEST_GENERATOR]}"
    head = text[:_HEAD].lower()
    return next((f"a page of {name}" for name, mark in _MARKS if mark in head), None)
