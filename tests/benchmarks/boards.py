"""Board pages in the stock X3.4 markup, made up like the thread pages."""

import random
import re
from datetime import datetime, timedelta
from urllib.parse import quote

from .pages import (
    BOARDS,
    CHINA,
    FORUM,
    NAMES,
    SITE,
    SUBJECTS,
    Page,
    day_of,
    markup_of,
    time_of,
)

_ROWS = 50
_FRAME = re.compile(r'(?s)^(.*?<div id="wp" class="wp">\n).*(<div id="visitedforums_menu".*)$')


def board_pages(count: int, seed: int = 1) -> list[Page]:
    """Pages of 50 rows as guests get them, a few of them sticky, highlighted, with marks and page links."""
    return [_Board(seed, number).write() for number in range(count)]


class _Board:
    """Writes one page."""

    def __init__(self, seed: int, number: int) -> None:
        self.rng = random.Random(f"{seed}/board/{number}")  # noqa: S311 - made-up pages, no secrets
        self.now = datetime(2024, 5, 16, 21, 30, tzinfo=CHINA) + timedelta(minutes=number)
        self.fid, self.page = self.rng.randint(2, 60), self.rng.choice((1, 2, 5))
        self.formhash = f"{self.rng.getrandbits(32):08x}"

    def fill(self, name: str, **values: object) -> str:
        same = {"fid": self.fid, "formhash": self.formhash, "page": self.page, "site": SITE, "forum": FORUM}
        return markup_of(name).safe_substitute(same, **values)

    def write(self) -> Page:
        board = self.rng.choice(BOARDS)
        common = {"board": board, "rand": int(self.now.timestamp()), "tid": 0, "icp": "浙ICP备00000000号-1"}
        middle = self.fill(
            "board",
            **common,
            category="生活",
            today=self.rng.randint(0, 90),
            threads=self.rng.randint(900, 9000),
            moderator=self.rng.choice(NAMES),
            pager=self.pager(self.page + 40),
            rows="".join(self.row(number) for number in range(_ROWS)),
        )
        frame = self.fill(
            "page",
            **common,
            subject=board,
            description=board,
            reporturl="",
            visited='<li><a href="forum.php?mod=forumdisplay&fid=36">手工作坊</a></li>',
            pids="",
            now=f"{day_of(self.now)} {self.now:%H:%M}",
        )
        head, tail = _FRAME.match(frame.replace("pg_viewthread", "pg_forumdisplay")).groups()  # type: ignore[union-attr]
        url = f"{SITE}forum.php?mod=forumdisplay&fid={self.fid}&page={self.page}"
        return Page(url, (head + middle + tail).replace("\n", "\r\n").encode())

    def row(self, number: int) -> str:
        rng = self.rng
        tid = 41_000 - number * rng.randint(2, 30)
        started = self.now - timedelta(days=rng.randint(1, 900), seconds=rng.randint(0, 80_000))
        latest = started + (self.now - started) * rng.random()
        pinned, pages = number < 3 and self.page == 1, rng.choice((1, 1, 1, 2, 4))
        last, author = rng.choice(NAMES), rng.randrange(len(NAMES))
        return self.fill(
            "row",
            tid=tid,
            state="stick" if pinned else "normal",
            title="本版置顶主题 - 新窗口打开" if pinned else "有新回复 - 新窗口打开",
            icon="pin_1.gif" if pinned else "folder_new.gif",
            folder="common" if pinned else "new",
            type=self.type_of() if rng.random() < 0.4 else "",
            highlight=' style="font-weight: bold;color: #EE1B2E"' if rng.random() < 0.1 else "",
            subject=f"{rng.choice(SUBJECTS)}（{rng.randint(2, 99)}）",
            marks=self.marks(tid, pages),
            uid=1001 + author,
            author=NAMES[author],
            started=day_of(started),
            replies=(pages - 1) * 10 + rng.randint(0, 9),
            views=rng.randint(30, 90_000),
            last=quote(last),
            latest=time_of(latest, self.now),
        ).replace(f">{quote(last)}<", f">{last}<")

    def type_of(self) -> str:
        number = self.rng.randint(1, 4)
        href = f"forum.php?mod=forumdisplay&fid={self.fid}&amp;filter=typeid&amp;typeid={number}"
        return f'<em>[<a href="{href}">{("求助", "记录", "闲聊", "转让")[number - 1]}</a>]</em> '

    def marks(self, tid: int, pages: int) -> str:
        marks = ""
        if self.rng.random() < 0.2:
            marks += (
                '<img src="static/image/filetype/image_s.gif" alt="attach_img" title="图片附件" align="absmiddle" />\n'
            )
        if self.rng.random() < 0.1:
            marks += (
                '<img src="static/image/common/digest_1.gif" align="absmiddle" alt="digest" title="精华 1" />\n'
            )
        if pages > 1:
            href = f"forum.php?mod=viewthread&tid={tid}&amp;extra=page%3D{self.page}&amp;page="
            links = (f'<a href="{href}{page}" onclick="atarget(this)">{page}</a>' for page in range(2, pages + 1))
            marks += f'<span class="tps">&nbsp;...{"".join(links)}</span>\n'
        return marks

    def pager(self, pages: int) -> str:
        href = f"forum.php?mod=forumdisplay&fid={self.fid}&amp;page="
        numbers = "".join(
            f"<strong>{number}</strong>" if number == self.page else f'<a href="{href}{number}">{number}</a>'
            for number in range(1, 11)
        )
        jump = (
            f'<label><input type="text" name="custompage" value="{self.page}" />'
            f'<span title="共 {pages} 页"> / {pages} 页</span></label>'
        )
        return f'<div class="pg">{numbers}<a href="{href}{pages}" class="last">... {pages}</a>{jump}</div>'
