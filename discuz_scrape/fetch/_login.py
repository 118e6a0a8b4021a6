"""Discuz's own login form: the member's name and password, as a browser would send them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from discuz_scrape._doors import parse_page
from discuz_scrape._encoding import decode
from discuz_scrape._html import Node, parse, select
from discuz_scrape.errors import ChallengeError, DiscuzScrapeError, LoginRequiredError, NoticeError, ParseError
from discuz_scrape.fetch._steps import Answer

__all__ = ["Form", "Login", "check_session", "opens_session", "read_form"]

_ACTION = re.compile(r"member\.php\?.{0,300}action=login|logging\.php\?.{0,300}action=login", re.IGNORECASE)
_SESSION = re.compile(r"\s*\w{0,64}auth\s*=\s*(?!deleted\b)[^\s;]").match
_CAPTCHA = re.compile(r"[验驗][证證][码碼问問]|captcha|seccode|verification code", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Login:
    """What a member logs in with; never shown."""

    username: str
    password: str
    question: int
    """Number of the security question; 0 for none."""
    answer: str

    def __repr__(self) -> str:
        return f"Login({self.username!r})"


@dataclass(frozen=True, slots=True)
class Form:
    """The login form of a forum."""

    action: str
    """Where to post it."""
    hidden: tuple[tuple[str, str], ...]
    """What it has filled in itself: the hash of the form among others."""
    charset: str
    """The charset of the page, in which names are sent."""

    def filled(self, login: Login) -> bytes:
        """The form with name and password, as it is posted."""
        fields = dict(self.hidden) | {
            "username": login.username,
            "password": login.password,
            "questionid": str(login.question),
            "answer": login.answer,
            "loginfield": "username",
            "cookietime": "2592000",
            "loginsubmit": "true",
        }
        return urlencode(fields, encoding=self.charset, errors="xmlcharrefreplace").encode("ascii")


def read_form(answer: Answer) -> Form:
    """Find the form on the login page. Raises the NoticeError of a message, or ParseError where there is none."""
    content_type = answer.header("content-type")
    read = decode(answer.content, content_type)
    found = [form for form in select(parse(read.text), "form[action]") if _is_login(form)]
    for form in sorted(found, key=_is_short):
        action = form.attributes.get("action") or ""
        return Form(urljoin(answer.url, action), tuple(_hidden(form)), read.charset)
    parse_page(answer.content, url=answer.url, content_type=content_type)
    raise ParseError(f"there is no login form at {answer.url}", url=answer.url)


def _is_login(form: Node) -> bool:
    return bool(_ACTION.search(form.attributes.get("action") or "") and select(form, 'input[type="password"]'))


def _is_short(form: Node) -> bool:
    """Whether it is the short form that heads each page for guests: it has no hash, which some forums want."""
    return not select(form, 'input[name="formhash"]')


def _hidden(form: Node) -> list[tuple[str, str]]:
    fields = (node.attributes for node in select(form, 'input[type="hidden"][name]'))
    return [(field["name"] or "", field.get("value") or "") for field in fields]


def opens_session(answer: Answer) -> bool:
    """Whether the forum opens a session with this answer, be it a page or a redirect to one."""
    cookies = (value for name, value in answer.headers if name.lower() == "set-cookie")
    return any(map(_SESSION, cookies))


def check_session(answer: Answer) -> None:
    """See whether the forum opened a session.

    Raises:
        ChallengeError: It wants a captcha.
        NoticeError: It says why not, such as a wrong password; the subclass tells more where the words do.

    """
    if opens_session(answer):
        return
    try:
        parse_page(answer.content, url=answer.url, content_type=answer.header("content-type"))
    except NoticeError as notice:
        if _CAPTCHA.search(notice.text) and not isinstance(notice, ChallengeError):
            words = f"the login asks for a captcha: {notice.text}"
            raise ChallengeError(words, text=notice.text, url=answer.url) from notice
        raise
    except DiscuzScrapeError:
        pass
    raise LoginRequiredError("the forum opened no session and does not say why", text="", url=answer.url)
