"""The quote that leads a reply: a header, then at most a few lines of a post.

Nothing in the text ends a quote. What was written on this page is known and compared; of other posts one line is taken,
which is what most quotes are, and never the last line: a reply has words of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from discuz_scrape.flat._body import Body
from discuz_scrape.flat._chrome import DATE, POSTED
from discuz_scrape.flat._lines import LONGEST, Line
from discuz_scrape.models import Quote

_head = re.compile(rf"(?P<name>\S.{{0,40}}?)\s+(?:{POSTED}|posted\ (?:on|at))\s+(?P<at>{DATE})", re.VERBOSE)
_old_head = re.compile(rf"原[帖貼文]由\s+(?P<name>\S.{{0,40}}?)\s+[于於]\s+(?P<at>{DATE})\s+[发發]表", re.VERBOSE)
"""The same up to 7.0."""
_white = re.compile(r"\s+")
_CUT = ("...", "…")  # ends a quote that is shorter than the post
_MOST_LINES = 5
_POSTS_TO_COMPARE = 60  # of an author
_WORDS_TO_COMPARE = 1000  # characters of each: a quote is the beginning of a post


def cut_quotes(bodies: Sequence[Body], names: Iterable[str | None]) -> None:
    """Part the replies of a page from the quotes that lead them."""
    written: dict[str, list[str]] = defaultdict(list)
    for body, name in zip(bodies, names, strict=True):
        if name and len(written[name]) < _POSTS_TO_COMPARE:
            written[name].append(_white.sub("", body.text()[:_WORDS_TO_COMPARE]))
    for body in bodies:
        _cut_quote(body, written)


def _cut_quote(body: Body, written: dict[str, list[str]]) -> None:
    first = body.line(0)[: LONGEST + 1]
    head = _head.fullmatch(first) or _old_head.fullmatch(first)
    if head is None or len(body.lines) < 2:
        return
    quoted = body.lines[1 : 1 + _MOST_LINES]
    size = _size_by_post([line.text for line in quoted], written.get(head["name"], []))
    if size == 0 and len(body.lines) > 2:
        size = _size_by_gap(quoted)
    if size:
        text = "\n".join(line.text for line in quoted[:size])
        body.quote = Quote(author=head["name"], timestamp=body.clock.read(head["at"]), text=text)
        body.take(0, 1 + size)


def _size_by_post(lines: Sequence[str], written: Sequence[str]) -> int:
    """How many lines are the beginning of something that its author wrote on this page."""
    best, said = 0, ""
    for size, line in enumerate(lines, 1):
        said += _white.sub("", line)
        cut = said.removesuffix("...")
        if any(words.startswith(cut) for words in written):
            best = size
        if cut != said:
            return size if best >= size - 1 else best
    return best


def _size_by_gap(lines: Sequence[Line]) -> int:
    for index in range(1, min(4, len(lines))):
        if lines[index].gap or lines[index - 1].text.endswith(_CUT):
            return index
    return 1
