"""Which addresses belong to the site that was asked for, and which hosts may be connected to.

Addresses come from redirects and pages, so from strangers. What was checked must be what is sent: `Site` reads an
address as strictly as a browser would and refuses what two programs could read in two ways, and `Border.check` gives
back the address with its host spelled as it was checked.

The host is encoded as IDNA 2008 with the mapping of browsers, not by the codec of the standard library: that one is of
2003 and makes another name of some letters, so another host would be checked than httpx connects to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import idna

from discuz_scrape._address import MAX_LENGTH
from discuz_scrape.errors import FetchError
from discuz_scrape.fetch._private import is_private

__all__ = ["Border", "Site", "check", "check_addresses"]

_PORTS = {"http": 80, "https": 443}
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::(?P<port>[0-9]{0,5}))?")
_USERINFO = re.compile(r"//[^/?#]*[@\ufe6b\uff20]")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61]")
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_LIKE_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NUMBER = re.compile(r"(?P<hex>0x[0-9a-f]+)|(?P<octal>0[0-7]*)|[1-9][0-9]*")
_MAX_HOST = 253  # characters of a name in the DNS
_SHOWN = 200  # characters of an address in a message

_REGISTRIES = frozenset({
    "com", "net", "org", "edu", "gov", "mil", "gob", "gouv", "govt", "gub", "idv", "info", "biz", "name", "nom", "web",
    "sch", "school", "ltd", "plc", "nhs", "police", "asn", "club", "game", "ebiz", "firm", "ind", "gen", "nic", "int",
    "pro", "art", "press", "priv", "med",
    *("xn--" + word.encode("punycode").decode() for word in (
        "公司", "網絡", "网络", "網络", "网絡", "網路", "組織", "组织", "商業", "政府", "教育", "個人", "个人",
    )),
})  # fmt: skip
"""Names under which the registries of countries give out names."""


@dataclass(frozen=True, slots=True)
class Site:
    """Scheme, host and port of an address."""

    scheme: str
    """`http` or `https`."""
    host: str
    """A name in ASCII and lower case, without the last dot; an IP address in its usual form, without brackets."""
    port: int

    @classmethod
    def of(cls, url: str) -> Site:
        """Tell the site of an address.

        Raises:
            FetchError: It is none that can be fetched: another scheme than http and https, no host or a bad one, a bad
                port, a name or password in it, a control character or a blank.

        """
        return _parts(url)[0]

    def __str__(self) -> str:
        """Scheme, host and port as an address begins with them; no port where the scheme tells it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.has_usual_port else f":{self.port}")

    @property
    def has_usual_port(self) -> bool:
        """Whether the port is the one that the scheme stands for."""
        return self.port == _PORTS[self.scheme]

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address and no name."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    @property
    def domain(self) -> str | None:
        """The domain that the host's sub-domains are told by; None for an IP address and for a bare public ending.

        There is no list of all public endings here: it is the last two labels, and the last three where the second last
        is short or a usual name of a registry below a country (`example.com.cn`, `example.co.uk`, `example.bj.cn`). So
        two users of one hoster (`a.github.io`, `b.github.io`) seem to be of one domain.
        """
        labels = self.host.split(".")
        country = len(labels[-1]) == 2 or labels[-1].startswith("xn--")
        size = 3 if country and (len(labels[-2:][0]) == 2 or labels[-2:][0] in _REGISTRIES) else 2
        return None if self.is_literal or len(labels) < size else ".".join(labels[-size:])

    def admits(self, url: str, *, subdomains: bool) -> bool:
        """Whether an address belongs to this site."""
        try:
            check(url, home=self, subdomains=subdomains, came_from="")
        except FetchError:
            return False
        return True


def check(url: str, *, home: Site, subdomains: bool, came_from: str) -> str:
    """Check that an address belongs to the site that was asked for, and give it as it is to be sent.

    http→https and host ↔ www.host are one site; the usual ports change with the scheme, another port stays the same.

    Args:
        url: The address.
        home: The site that was asked for.
        subdomains: Whether other sub-domains of its domain belong to it.
        came_from: The address that led here, by a redirect or a link; "" where the caller gave it himself.

    Raises:
        FetchError: It does not belong to the site, leaves https, or is none that can be fetched.

    """
    site, rest = _parts(url, came_from)
    objection = _objection(home, site, subdomains=subdomains)
    if objection is None and site.scheme == "http" and came_from[:6].lower() == "https:":
        objection = _DOWNGRADE
    if objection is not None:
        raise _refusal(url, objection, came_from)
    return f"{site}{rest}"


_DOWNGRADE = "leaves https, which is not done on the way; ask for the http address itself if it is to be read that way"


def _objection(home: Site, site: Site, *, subdomains: bool) -> str | None:
    if home.scheme == "https" and site.scheme == "http":
        return _DOWNGRADE
    if home.port != site.port and not (home.has_usual_port and site.has_usual_port):
        return f"is on another port than {home}; ask for that address itself"
    if _without_www(home.host) == _without_www(site.host):
        return None
    related = home.domain is not None and home.domain == site.domain
    if related and subdomains:
        return None
    return f"is on another host than {home}; ask for that address itself" + (
        ", or allow the other sub-domains by subdomains=True" if related else ""
    )


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def check_addresses(url: str, addresses: Sequence[str], *, home_private: bool) -> None:
    """Check what the host of an address was resolved to. What was not resolved cannot be connected to either.

    Raises:
        FetchError: The site that was asked for is public, and the host leads to a private address.

    """
    private = None if home_private else next(filter(is_private, addresses), None)
    if private is not None:
        shown = private[:_SHOWN]
        raise _refusal(url, f"leads from a public site into a private network ({shown!r}); ask for that address itself")


class Border:
    """The border of the site that was asked for, and whether that site is public.

    Before a request is sent: `check` its address; where it `must_be_resolved`, look up the site's own host first if it
    `is_public` is not known yet, then that of the address, and `check_addresses`. A site asked for by a private
    address, or by a name that leads to one, may stay in its network.
    """

    def __init__(self, home: Site, *, subdomains: bool = False) -> None:
        self.home = home
        self.is_public = not is_private(home.host) if home.is_literal else None
        """Whether the site is public; None as long as its host was not resolved."""
        self._subdomains = subdomains

    def check(self, url: str, came_from: str = "") -> str:
        """Check that an address belongs to the site and give it as it is to be sent; as the function `check` does."""
        return check(url, home=self.home, subdomains=self._subdomains, came_from=came_from)

    def admits(self, url: str) -> bool:
        """Whether an address belongs to the site."""
        return self.home.admits(url, subdomains=self._subdomains)

    def must_be_resolved(self, url: str, came_from: str = "") -> bool:
        """Whether the host of an address is to be resolved: a redirect led there, or it is not the one asked for."""
        site = Site.of(url)
        return not site.is_literal and (bool(came_from) or site.host != self.home.host)

    def note_home(self, addresses: Sequence[str]) -> None:
        """Note what the site's own host was resolved to.

        One private address among others makes it private: a campus may have one of each kind for its forum.
        """
        self.is_public = not any(map(is_private, addresses))

    def check_peer(self, url: str, peer: str | None) -> None:
        """Check who answered: a name may lead elsewhere than a moment ago. The first answer tells what is public."""
        if peer is not None:
            if self.is_public is None and Site.of(url).host == self.home.host:
                self.note_home((peer,))
            self.check_addresses(url, (peer,))

    def check_addresses(self, url: str, addresses: Sequence[str]) -> None:
        """Check what the host of an address was resolved to; as the function `check_addresses` does."""
        check_addresses(url, addresses, home_private=self.is_public is False)


def _parts(url: str, came_from: str = "") -> tuple[Site, str]:
    """The site of an address, and what follows the host."""
    try:
        return _taken_apart(url)
    except ValueError as error:
        raise _refusal(url, f"is no address that can be fetched: {error}", came_from) from error


@lru_cache(maxsize=64)  # all that is decided of one address asks for its site again
def _taken_apart(url: str) -> tuple[Site, str]:
    if len(url) > MAX_LENGTH:
        raise ValueError(f"it is longer than {MAX_LENGTH} characters")
    if _BLANK.search(url):
        raise ValueError("it has a blank or a control character in it; write that with %")
    try:
        parts = urlsplit(url)
    except ValueError:  # its text has the name and password in it
        raise ValueError("it has a bad host") from None
    if parts.scheme not in _PORTS:
        raise ValueError("it begins neither with http:// nor with https://")
    if "@" in parts.netloc:
        raise ValueError("it has a name or a password in front of the host; give them in `headers` or by `login`")
    found = _AUTHORITY.fullmatch(parts.netloc)
    if found is None:
        raise ValueError("it has no host, or a bad host or port")
    port = int(found["port"] or _PORTS[parts.scheme])
    if not 0 < port < 65536:
        raise ValueError("it has a bad port")
    return Site(parts.scheme, _host(found["host"]), port), url[len(parts.scheme) + 3 + len(parts.netloc) :]


def _host(text: str) -> str:
    """A host as `Site` has it. Raises ValueError for what a browser would not open."""
    if text.startswith("["):
        return str(IPv6Address(text[1:-1]))
    if len(text) > _MAX_HOST:
        raise ValueError("its host is too long")
    host = ".".join(map(_label, _DOTS.split(text))).removesuffix(".")
    if len(host) > _MAX_HOST or not _NAME.fullmatch(host):
        raise ValueError("it has a bad host")
    return str(_ipv4(host)) if _LIKE_NUMBER.fullmatch(host.rpartition(".")[2]) else host


def _label(text: str) -> str:
    """One label of a name; only those that are not ASCII go through IDNA, which knows no underscore."""
    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise ValueError("its host is no name of IDNA 2008; write it in its xn-- form") from error


def _ipv4(host: str) -> IPv4Address:
    """An address of IPv4 in any of the spellings that browsers and the C library take: 127.1, 0x7f.1, 2130706433."""
    *first, last = map(_number, host.split("."))
    if len(first) > 3 or any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError("its host is a bad IP address")
    return IPv4Address(last + sum(number << 8 * (3 - at) for at, number in enumerate(first)))


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise ValueError("its host is a bad IP address")
    return int(text, 16 if found["hex"] else 8 if found["octal"] else 10)


def _refusal(url: str, objection: str, came_from: str = "") -> FetchError:
    where = f", where {_shown(came_from)!r} leads," if came_from else ""
    return FetchError(f"{_shown(url)!r}{where} {objection}", url=_shown(url))


def _shown(url: str) -> str:
    """An address for a message: without name and password, and not endless."""
    text = _USERINFO.sub("//…@", url[:MAX_LENGTH])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
