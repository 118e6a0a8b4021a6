"""robots.txt, as RFC 9309 reads it: what it forbids, by which rule, and how long it asks to wait.

protego does the matching. What it gets is made small and plain first:

- The lines of the groups that apply, and no others: protego gives each line to each name above it, so a hostile file of
  2,000 names and 2,000 rules would take it seconds.
- Nothing but ASCII: a byte beyond it, bare or percent-encoded, is written as the letter of that number in Latin-1, in
  rules and addresses alike. So they are compared byte for byte. As text they would be taken for UTF-8, in which all
  Chinese words in GBK look the same.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping, Sequence

from protego import Protego

from discuz_scrape._encoding import decode

__all__ = ["AGENT", "MAX_BYTES", "MAX_DELAY", "Robots", "agent_in"]

AGENT = "discuz_scrape"
"""Our name in robots.txt; `discuz-scrape` is read as the same."""

MAX_BYTES = 500 * 1024
"""What is read of a file, as RFC 9309 says."""

MAX_DELAY = 300.0
"""Seconds between two requests that a file can ask for: who writes more means milliseconds, or should disallow."""

_MAX_SHOWN = 200  # characters of a rule in a message
_TRY_AGAIN = frozenset({408, 425, 429})

_agent_line = re.compile(rb"user(?:-?|\s+)agent\s*(?::|\s|$)\s*(.*)", re.IGNORECASE | re.DOTALL).fullmatch
_site_line = re.compile(rb"(?:site-?maps?|host)\s*(?::|\s|$)", re.IGNORECASE).match
_allow_line = re.compile(rb"allow\s*(?::|\s)", re.IGNORECASE).match
_origin = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*", re.IGNORECASE).match
_beyond_ascii = re.compile(rb"%([89A-Fa-f][0-9A-Fa-f])|([\x00-\x1f\x7f-\xff])")

_Group = tuple[frozenset[str], list[bytes]]


def agent_in(headers: Mapping[str, str]) -> str:
    """The name that robots.txt knows us by: that of the caller, where he has one of his own."""
    agent = next((value for name, value in headers.items() if name.lower() == "user-agent"), "")
    name = agent.partition("/")[0].strip()
    return AGENT if not name or name.lower() == "mozilla" else name


class Robots:
    """What a robots.txt says."""

    def __init__(self, groups: Sequence[_Group] = ()) -> None:
        self._groups = groups
        self._rules: dict[str, _Rules] = {}

    @classmethod
    def allow_all(cls) -> Robots:
        """Give the rules of a site that has none."""
        return cls()

    @classmethod
    def for_status(cls, status: int, content: bytes = b"") -> Robots | None:
        """Give what an answer with this status means; None where only another try can tell.

        RFC 9309: a file that is not there allows all, whatever the reason (4xx, redirects that lead nowhere); a server
        at fault (5xx) forbids all for now. 408, 425 and 429 say "later" and are taken as that.
        """
        if 200 <= status < 300:
            return cls.parse(content)
        return cls.allow_all() if 300 <= status < 500 and status not in _TRY_AGAIN else None

    @classmethod
    def parse(cls, content: bytes | str) -> Robots:
        """Read a file: its first 500 KiB, in whatever encoding. A page of HTML in its place has no rules."""
        return cls(_groups(_lines(content)))

    def forbids(self, url: str, agent: str = AGENT) -> str | None:
        """Give the rule that forbids an address, as the file has it: `Disallow: /member.php`; None where none does.

        Args:
            url: The address, absolute or from the root of the site.
            agent: A name as robots.txt has them; the groups for all are read where there is none for it.

        """
        return self._rules_for(agent).forbidding(url)

    def crawl_delay(self, agent: str = AGENT) -> float | None:
        """Give the seconds between two requests that the file asks for, by `Crawl-delay` or `Request-rate`.

        The longer one counts, at whatever hour, up to `MAX_DELAY`. None where there is neither, or only nonsense.
        """
        return self._rules_for(agent).delay()

    def _rules_for(self, agent: str) -> _Rules:
        name = _name(agent)
        if name not in self._rules:
            own = [lines for names, lines in self._groups if name in names]
            lines = own or [lines for names, lines in self._groups if "*" in names]
            self._rules[name] = _Rules([line for group in lines for line in group])
        return self._rules[name]


class _Rules:
    """The lines that apply to one agent."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines
        self._protego = _protego(lines)

    def forbidding(self, url: str) -> str | None:
        address = "http://site" + _from_root(url)
        if self._protego.can_fetch(address, "*"):
            return None
        # The longest rule that matches counts. protego tells only yes or no, so the rules are asked by halves, longest
        # first: of those that disallow, one of the first half matches or all that match are in the second.
        rules = sorted((line for line in self._lines if not _allow_line(line)), key=_length, reverse=True)
        while len(rules) > 1:
            first = rules[: len(rules) // 2]
            rules = rules[len(first) :] if _protego(first).can_fetch(address, "*") else first
        return _shown(rules[0])

    def delay(self) -> float | None:
        delays = []
        delay = self._protego.crawl_delay("*")
        if delay is not None:
            delays.append(min(delay, MAX_DELAY))
        rate = self._protego.request_rate("*")
        if rate is not None:
            # whole numbers of any length: cut before the division, which else may be beyond all floats
            delays.append(min(rate.seconds, int(MAX_DELAY) * rate.requests) / rate.requests)
        return max(delays, default=None)


def _lines(content: bytes | str) -> list[bytes]:
    if isinstance(content, str):
        content = content[: MAX_BYTES + 1].encode("utf-8", "surrogatepass")
    if len(content) > MAX_BYTES:  # a rule cut in two would be another rule
        content = content[:MAX_BYTES]
        content = content[: max(content.rfind(b"\n"), content.rfind(b"\r")) + 1]
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = decode(content).text.encode("utf-8", "surrogatepass")
    content = content.removeprefix(BOM_UTF8)
    if content.lstrip().startswith(b"<"):
        return []
    lines = (line.partition(b"#")[0].strip() for line in content.splitlines())
    return [line for line in lines if line]


def _groups(lines: Iterable[bytes]) -> list[_Group]:
    """The groups of a file: the names above the rules, and the rules."""
    groups: list[_Group] = []
    names: set[str] = set()
    rules: list[bytes] = []
    for line in lines:
        agent = _agent_line(line)
        if agent is None:
            if not _site_line(line):  # of the whole site: stands anywhere, and parts no groups
                rules.append(line)
            continue
        if rules:
            groups.append((frozenset(names), rules))
            names, rules = set(), []
        names.add(_name(agent[1].decode("latin-1")))
    groups.append((frozenset(names), rules))
    return groups


def _name(agent: str) -> str:
    """A name as it is compared: without version, case, and the difference of `_` and `-`."""
    words = agent.replace("/", " ").split(None, 1)
    return words[0].lower().replace("_", "-") if words else ""


def _protego(lines: Iterable[bytes]) -> Protego:
    return Protego.parse("User-agent: *\n" + "\n".join(map(_plain, lines)))


def _plain(text: bytes) -> str:
    """Rules and addresses in ASCII, each other byte by the UTF-8 of its letter in Latin-1, percent-encoded."""
    return _beyond_ascii.sub(_escaped, text.replace(b"\t", b" ")).decode("ascii")


def _escaped(found: re.Match[bytes]) -> bytes:
    byte = int(found[1], 16) if found[1] else found[2][0]
    return b"".join(b"%%%02X" % part for part in chr(byte).encode())


def _from_root(url: str) -> str:
    """Path and query of an address, as protego is asked."""
    origin = _origin(url)
    rest = (url[origin.end() :] if origin else url).partition("#")[0]
    return ("" if rest.startswith("/") else "/") + _plain(rest.encode("utf-8", "surrogatepass"))


def _length(line: bytes) -> int:
    return len(re.split(rb"[:\s]", line, maxsplit=1)[-1].strip())


def _shown(line: bytes) -> str:
    """A rule for a message: a stranger wrote it."""
    text = "".join(letter if letter.isprintable() else "?" for letter in decode(line).text)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
