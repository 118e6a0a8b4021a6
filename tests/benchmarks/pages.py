"""Thread pages in the stock X3.4 markup, made up from word lists by a seed, each with the truth about its posts."""

import base64
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

SITE = "https://bbs.example.org/"
FORUM = "青石桥论坛"
CHINA = timezone(timedelta(hours=8))

_FOLDER = Path(__file__).parent / "templates"
_WORDS = [line.split() for line in (_FOLDER / "words.txt").read_text(encoding="utf-8").splitlines()]
_OPENINGS, _PEOPLE, _DEEDS, _RESULTS, SUBJECTS = _WORDS
BOARDS = ("手工作坊", "出行见闻", "花木园艺", "影像器材")
NAMES = [first + last for first in ("竹影", "听雨", "北窗", "老桥", "青禾") for last in ("客", "先生", "2046", "_w")]
_GROUPS = ((10, "新手上路"), (12, "中级会员"), (15, "金牌会员"))
_REASONS = ("步骤清楚", "很有帮助", "图文并茂", "感谢分享")
_FLOORS = {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}
_JUNK = "".join(chr(code) for code in range(33, 127) if chr(code) not in "&<>")


class Row(NamedTuple):
    """What the benchmark asks of a post."""

    pid: int | None
    floor: int | None
    author: str | None
    uid: int | None
    time: datetime | None
    lines: tuple[str, ...]


class Reading(NamedTuple):
    """What the benchmark asks of a page."""

    subject: str
    posts: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what is on it where that is known."""

    url: str
    content: bytes
    truth: Reading | None = None


class _Markup(Template):
    delimiter = "@"
    idpattern = "(?a:[a-z]+)"


@dataclass
class Writer:
    """Writes one page; what stays the same over it is held here."""

    rng: random.Random
    tid: int
    page: int
    now: datetime
    per_page: int
    heavy: bool
    pages: int = 0
    """How many pages its thread has; 0 for any number."""
    fid: int = field(init=False)
    formhash: str = field(init=False)
    jammed: bool = field(init=False)
    subject: str = field(init=False)

    def __post_init__(self) -> None:
        self.fid = self.rng.randint(2, 60)
        self.formhash = f"{self.rng.getrandbits(32):08x}"
        self.jammed = self.rng.random() < 0.2
        self.subject = f"{self.rng.choice(SUBJECTS)}（{self.rng.randint(2, 99)}）"

    def fill(self, template: str, **values: object) -> str:
        """The template with what is the same on the whole page, and with `values`."""
        page = {"tid": self.tid, "fid": self.fid, "formhash": self.formhash, "page": self.page}
        return markup_of(template).substitute(page, site=SITE, forum=FORUM, **values)

    def write(self) -> Page:
        pages = self.pages or self.page + self.rng.randint(1, 9)
        rows: list[Row] = []
        posts = []
        first_floor = (self.page - 1) * self.per_page + 1
        pid, time = self.tid * 31 + first_floor * 40, self.now - timedelta(seconds=self.rng.randint(9_000, 40_000_000))
        for floor in range(first_floor, first_floor + self.per_page):
            pid += self.rng.randint(1, 40)
            time += (self.now - time) * self.rng.uniform(0.01, 0.1)
            time = time.replace(microsecond=0)
            row, markup = self.post(pid, floor, time, rows[-1] if rows else None)
            rows.append(row)
            posts.append(markup)
        onward = f"forum.php?mod=viewthread&amp;tid={self.tid}&amp;extra=&amp;page={self.page + 1}"
        text = self.fill(
            "page",
            subject=self.subject,
            board=self.rng.choice(BOARDS),
            category="生活",
            description=self.sentence(),
            reporturl=base64.b64encode(f"{SITE}forum.php?mod=viewthread&tid={self.tid}".encode()).decode(),
            pager=self.pager(pages),
            heading=self.heading(rows[0]),
            posts="".join(posts),
            nextbutton=f'<div class="pgbtn"><a href="{onward}" hidefocus="true" class="bm_h">下一页 &raquo;</a></div>',
            visited='<li><a href="forum.php?mod=forumdisplay&fid=36">手工作坊</a></li>',
            pids=",".join(str(row.pid) for row in rows),
            now=f"{day_of(self.now)} {self.now:%H:%M}",
            icp="浙ICP备00000000号-1",
            rand=int(self.now.timestamp()),
        )
        url = f"{SITE}forum.php?mod=viewthread&tid={self.tid}&page={self.page}"
        return Page(url, text.replace("\n", "\r\n").encode(), Reading(self.subject, tuple(rows)))

    def post(self, pid: int, floor: int, time: datetime, before: Row | None) -> tuple[Row, str]:
        rng = self.rng
        uid, author = self.member()
        credit = rng.randint(20, 30_000)
        lines, body = self.body(pid, author, time, before)
        first = floor == 1
        location = f"viewthread&tid={self.tid}" if first else f"redirect&goto=findpost&ptid={self.tid}&pid={pid}"
        sign = f'<div class="sign" style="max-height:100px;maxHeightIE:100px;">{self.sentence()}</div>\n'
        rated = rng.random() < (0.25 if self.heavy else 0.05)
        markup = self.fill(
            "post",
            pid=pid,
            uid=uid,
            author=author,
            credits=credit,
            hover="" if self.heavy else f""" onmouseover="showauthor(this, 'userinfo{pid}')\"""",
            profile="" if self.heavy else self.profile(pid, uid, credit),
            lift=self.fill("lift") if first else "",
            order=self.fill("order", pid=pid) if first else "",
            permalink=f"forum.php?mod={location}",
            floor=_FLOORS.get(floor, f"<em>{floor}</em><sup>#</sup>"),
            time=time_of(time, self.now),
            body=body,
            comments=self.comments(time) if rng.random() < (0.35 if self.heavy else 0.05) else "",
            ratings=self.ratings(pid) if rated else f'<div id="post_rate_div_{pid}"></div>',
            buttons=self.fill("buttons", favorites=rng.randint(0, 9), support=4, against=0) if first else "",
            sign=sign if rng.random() < 0.2 else "",
            reply="reppost" if first else "repquote",
            votes="" if first else self.fill("votes", pid=pid),
        )
        return Row(pid, floor, author, uid, time, tuple(lines)), markup

    def body(self, pid: int, author: str, time: datetime, before: Row | None) -> tuple[list[str], str]:
        """The author's own lines, and the body that holds them."""
        rng = self.rng
        parts = []
        if rng.random() < 0.1:
            edited = f"{day_of(time)} {time + timedelta(minutes=3):%H:%M}"
            parts.append(f'<i class="pstatus"> 本帖最后由 {author} 于 {edited} 编辑 </i><br />\n<br />\n')
        elif before and before.time and rng.random() < (0.4 if self.heavy else 0.3):
            quoted = f"{day_of(before.time)} {before.time:%H:%M}"
            parts.append(self.fill("quote", pid=before.pid, author=before.author, time=quoted, text=before.lines[0]))
        lines = []
        count = rng.randint(5, 10) if self.heavy else rng.randint(1, 3)
        for number in range(count):
            line = "".join(self.sentence() for _ in range(rng.randint(1, 2)))
            lines.append(line)
            parts.append(self.dressed(line))
            if number < count - 1:
                parts.append(self.line_break() * rng.randint(1, 2))
                if rng.random() < (0.06 if self.heavy else 0.01):
                    parts += [self.picture(pid * 20 + number, time), "<br />\n"]
        return lines, "".join(parts)

    def dressed(self, line: str) -> str:
        """A line in the markup that authors use here and there."""
        dress = self.rng.random()
        if dress < 0.08:
            return f"<strong>{line}</strong>"
        if dress < 0.12:
            return f'<font color="Red">{line[:6]}</font>{line[6:]}'
        if dress < 0.18:
            return f'{line[:-6]}<a href="https://example.com/{len(line)}" target="_blank">{line[-6:]}</a>'
        if dress < 0.24:
            return f'{line}<img src="static/image/smiley/default/smile.gif" smilieid="1" border="0" alt="" />'
        return line

    def line_break(self) -> str:
        """A break; on jammed boards with the junk that nobody sees."""
        if not self.jammed:
            return "<br />\n"
        triplets = (self.rng.choice(_JUNK) + " " + self.rng.choice(_JUNK) for _ in range(self.rng.randint(5, 15)))
        junk = "".join(triplets)
        if self.rng.random() < 0.5:
            return f'<font class="jammer">{junk}</font><br />\n'
        return f'<br />\n<span style="display:none">{junk}</span>'

    def picture(self, aid: int, time: datetime) -> str:
        rng = self.rng
        token = f"{aid}|{rng.getrandbits(32):08x}|{int(self.now.timestamp())}|0|{self.tid}"
        return self.fill(
            "picture",
            aid=aid,
            path=f"{time:%Y%m/%d/%H%M%S}{rng.getrandbits(64):016x}.jpg",
            name=f"IMG_{rng.randint(1000, 9999)}.jpg",
            size=round(rng.uniform(20, 900), 2),
            downloads=rng.randint(0, 60),
            token=base64.b64encode(token.encode()).decode().replace("=", "%3D"),
            time=f"{day_of(time)} {time:%H:%M}",
        )

    def profile(self, pid: int, uid: int, credit: int) -> str:
        gid, group = self.rng.choice(_GROUPS)
        star = '<img src="static/image/common/star_level1.gif" alt="Rank: 3" />'
        return self.fill(
            "profile",
            pid=pid,
            uid=uid,
            threads=self.rng.randint(0, 99),
            replies=self.rng.randint(0, 3000),
            points=f'<span title="{credit}">{credit // 10_000}万</span>' if credit > 10_000 else credit,
            gid=gid,
            group=group,
            title='<p class="xg1">慢工细活</p>' if self.rng.random() < 0.2 else "",
            stars=star * self.rng.randint(1, 3),
            missing=50_000 - credit,
            percent=credit // 500,
            credits=credit,
        )

    def comments(self, time: datetime) -> str:
        parts = ['<h3 class="psth xs1"><span class="icon_ring vm"></span>点评</h3>\n']
        for _ in range(self.rng.randint(1, 3)):
            uid, author = self.member()
            shown = time_of(time, self.now)
            parts.append(self.fill("comment", uid=uid, author=author, text=self.sentence(), time=shown))
        return "".join(parts)

    def ratings(self, pid: int) -> str:
        rows, fame, coins = [], 0, 0
        for uid, author in self.rng.sample(list(enumerate(NAMES, 1001)), self.rng.randint(1, 4)):
            one, two = self.rng.randint(1, 5), self.rng.randint(1, 9)
            fame, coins = fame + one, coins + two
            reason = self.rng.choice(_REASONS)
            rows.append(self.fill("rating", pid=pid, uid=uid, author=author, fame=one, coins=two, reason=reason))
        return self.fill("ratings", pid=pid, count=len(rows), fame=fame, coins=coins, rows="".join(rows))

    def heading(self, first: Row) -> str:
        if self.page == 1:
            views, replies = self.rng.randint(100, 9000), self.rng.randint(20, 90)
            return (
                f'<div class="hm ptn">\n<span class="xg1">查看:</span> <span class="xi1">{views}</span>'
                '<span class="pipe">|</span>'
                f'<span class="xg1">回复:</span> <span class="xi1">{replies}</span>\n</div>'
            )
        href = f"home.php?mod=space&amp;uid={first.uid}"
        return (
            f'<div id="tath" class="cl">\n<a href="{href}" title="{first.author}">'
            f'<img src="{SITE}uc_server/avatar.php?uid={first.uid}&size=small" /></a>\n'
            f'楼主: <a href="{href}" title="{first.author}">{first.author}</a>\n</div>'
        )

    def pager(self, pages: int) -> str:
        href = f"forum.php?mod=viewthread&tid={self.tid}&amp;extra=&amp;page="
        first = max(1, min(self.page - 2, pages - 9))
        numbers = [
            f"<strong>{number}</strong>" if number == self.page else f'<a href="{href}{number}">{number}</a>'
            for number in range(first, min(pages, first + 9) + 1)
        ]
        back = f'<a href="{href}{self.page - 1}" class="prev">&nbsp;&nbsp;</a>' if self.page > 1 else ""
        start = f'<a href="{href}1" class="first">1 ...</a>' if first > 1 else ""
        jump = (
            '<label><input type="text" name="custompage" class="px" size="2" title="输入页码，按回车快速跳转" '
            f'value="{self.page}" onkeydown="if(event.keyCode==13) {{window.location=\'{href}\'+this.value;; '
            f'doane(event);}}" /><span title="共 {pages} 页"> / {pages} 页</span></label>'
        )
        onward = f'<a href="{href}{self.page + 1}" class="nxt">下一页</a>'
        return f'<div class="pg">{start}{back}{"".join(numbers)}{jump}{onward}</div>'

    def member(self) -> tuple[int, str]:
        number = self.rng.randrange(len(NAMES))
        return 1001 + number, NAMES[number]

    def sentence(self) -> str:
        words = [self.rng.choice(choices) for choices in (_OPENINGS, _PEOPLE, _DEEDS, _RESULTS)]
        return f"{words[0]}，{words[1]}{words[2]}，{words[3]}。"


def ordinary_pages(count: int, seed: int = 1, posts: int = 10) -> list[Page]:
    """Pages as guests of a busy board get them: with 10 posts about 85 KB, most of it frame."""
    return [_write(seed, number, per_page=posts, heavy=False) for number in range(count)]


def heavy_pages(count: int, seed: int = 1) -> list[Page]:
    """Pages of 20 long posts with quotes, pictures, ratings and comments: about 150 KB.

    The author columns are the short ones of `threadguestlite`, so that the posts make most of the page.
    """
    return [_write(seed, number, per_page=20, heavy=True) for number in range(count)]


def thread_pages(number: int, count: int, seed: int = 1) -> list[Page]:
    """All pages of one thread, of 10 posts each."""
    now = datetime(2024, 5, 16, 21, 30, tzinfo=CHINA)
    return [
        Writer(
            random.Random(f"{seed}/thread/{number}/{page}"),  # noqa: S311 - made-up pages, no secrets
            tid=30_000 + 1_000 * number,
            page=page,
            now=now,
            per_page=10,
            heavy=False,
            pages=count,
        ).write()
        for page in range(1, count + 1)
    ]


def _write(seed: int, number: int, *, per_page: int, heavy: bool) -> Page:
    rng = random.Random(f"{seed}/{per_page}/{number}")  # noqa: S311 - made-up pages, no secrets
    now = datetime(2024, 5, 16, 21, 30, tzinfo=CHINA) + timedelta(minutes=number)
    return Writer(rng, 20_000 + number, rng.choice((1, 1, 2, 3, 7)), now, per_page, heavy).write()


@cache
def markup_of(name: str) -> _Markup:
    """A piece of markup with places for values."""
    return _Markup((_FOLDER / f"{name}.html").read_text(encoding="utf-8"))


def day_of(time: datetime) -> str:
    """A day as Discuz prints it."""
    return f"{time.year}-{time.month}-{time.day}"


def time_of(time: datetime, now: datetime) -> str:
    """A time as Discuz prints it: relative for a week, with the full one as the title."""
    full = f"{day_of(time)} {time:%H:%M:%S}"
    days = (now.date() - time.date()).days
    age = (now - time).seconds
    if days > 7:
        return full
    if days > 2:
        relative = f"{days}&nbsp;天前"
    elif days:
        relative = f"{('', '昨天', '前天')[days]}&nbsp;{time:%H:%M}"
    elif age > 3600:
        relative = f"{age // 3600}&nbsp;小时前"
    elif age > 1800:
        relative = "半小时前"
    else:
        relative = f"{age // 60}&nbsp;分钟前" if age > 60 else f"{age}&nbsp;秒前"
    return f'<span title="{full}">{relative}</span>'


def own_lines(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty, white space collapsed: what two readings are compared by."""
    return tuple(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
