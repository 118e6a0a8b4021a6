"""Answers of the mobile JSON API (version 4), made up like the pages, with the truth about their posts."""

import json
import random
from datetime import datetime, timedelta
from typing import Any

from .pages import CHINA, SITE, Page, Reading, Row, Writer


class AnswerWriter(Writer):
    """Writes one answer of `viewthread`."""

    def answer(self) -> Page:
        """The answer, and what its posts say."""
        rows: list[Row] = []
        posts: list[dict[str, Any]] = []
        comments: dict[str, Any] = {}
        first_floor = (self.page - 1) * self.per_page + 1
        pid, time = self.tid * 31, self.now - timedelta(seconds=self.rng.randint(900_000, 40_000_000))
        for floor in range(first_floor, first_floor + self.per_page):
            pid += self.rng.randint(1, 40)
            time = (time + (self.now - time) * self.rng.uniform(0.01, 0.1)).replace(microsecond=0)
            uid, author = self.member()
            lines, message = self.message(pid, rows[-1] if rows else None)
            rows.append(Row(pid, floor, author, uid, time, tuple(lines)))
            posts.append(self.api_post(rows[-1], message))
            if self.rng.random() < 0.05:
                comments[str(pid)] = [self.api_comment(pid, time)]
        thread = self.api_thread(rows[0], self.page * self.per_page + self.rng.randint(0, 40))
        variables = {
            "cookiepre": "Qx3k_2132_", "auth": None, "saltkey": "aaaaaaaa", "member_uid": "0", "member_username": "",
            "member_avatar": f"{SITE}uc_server/avatar.php?uid=0&size=small", "groupid": "7",
            "formhash": self.formhash, "ismoderator": "0", "readaccess": "1",
            "notice": {"newpush": "0", "newpm": "0", "newprompt": "0", "newmypost": "0"},
            "thread": thread, "fid": str(self.fid), "postlist": posts, "allowpostcomment": ["1", "2"],
            "comments": comments, "commentcount": dict.fromkeys(comments, "1"), "ppp": str(self.per_page),
            "setting_rewriterule": {"forum_viewthread": "thread-{tid}-{page}-{prevpage}.html"},
            "setting_rewritestatus": "", "forum_threadpay": "",
            "cache_custominfo_postno": ["<sup>#</sup>", "楼主", "沙发", "板凳", "地板"], "forum": {"password": "0"},
        }  # fmt: skip
        written = json.dumps({"Version": "4", "Charset": "UTF-8", "Variables": variables}).replace("/", "\\/")
        url = f"{SITE}api/mobile/index.php?module=viewthread&version=4&tid={self.tid}&page={self.page}"
        return Page(url, written.encode(), Reading(self.subject, tuple(rows)))

    def message(self, pid: int, before: Row | None) -> tuple[list[str], str]:
        """The author's own lines, and the message that holds them."""
        parts = []
        if before and before.time and self.rng.random() < 0.3:
            href = f"{SITE}forum.php?mod=redirect&amp;goto=findpost&amp;pid={before.pid}&amp;ptid={self.tid}"
            said = f"{before.author} 发表于 {before.time:%Y-%m-%d %H:%M}"
            quoted = f'<a href="{href}" target="_blank">{said}</a><br />\r\n{before.lines[0]}'
            parts.append(f'<div class="reply_wrap">{quoted}</div><br />\r\n<br />\r\n')
        lines = []
        count = self.rng.randint(1, 3)
        for number in range(count):
            line = "".join(self.sentence() for _ in range(self.rng.randint(1, 2)))
            lines.append(line)
            smiley = f'<div class="img"><img src="{SITE}static/image/smiley/default/smile.gif" /></div>'
            dressed = self.dressed(line)
            parts.append(line + smiley if "smilieid" in dressed else dressed)
            if number < count - 1:
                parts.append("<br />\r\n" * self.rng.randint(1, 2))
                if self.rng.random() < 0.05:
                    path = f"data/attachment/forum/202404/01/{self.rng.getrandbits(64):016x}.jpg"
                    parts.append(f'<div class="img"><img src="{SITE}{path}" attach="{pid}" /></div><br />\r\n')
        return lines, "".join(parts)

    def api_post(self, row: Row, message: str) -> dict[str, Any]:
        """A row of `postlist`."""
        assert row.time is not None
        return {
            "pid": str(row.pid), "tid": str(self.tid), "first": str(int(row.floor == 1)), "author": row.author,
            "authorid": str(row.uid), "dateline": _printed(row.time), "message": message, "anonymous": "0",
            "attachment": "0", "status": "0", "replycredit": "0", "position": str(row.floor), "username": row.author,
            "adminid": "0", "groupid": "12", "memberstatus": "0", "number": str(row.floor),
            "dbdateline": str(int(row.time.timestamp())), "groupiconid": "3",
        }  # fmt: skip

    def api_comment(self, pid: int, time: datetime) -> dict[str, Any]:
        """A remark on a post."""
        uid, author = self.member()
        return {
            "id": str(pid), "tid": str(self.tid), "pid": str(pid), "author": author, "authorid": str(uid),
            "dateline": _printed(time)[:-3], "comment": self.sentence(),
            "avatar": f"{SITE}uc_server/avatar.php?uid={uid}&size=small",
        }  # fmt: skip

    def api_thread(self, first: Row, replies: int) -> dict[str, Any]:
        """The row of the thread; of its nearly fifty columns those that an answer always has."""
        assert first.time is not None
        zeros = (
            "posttableid typeid sortid readperm price displayorder highlight digest rate special attachment moderated"
            " closed stickreply recommends recommend_add recommend_sub status isgroup favtimes sharetimes pushedaid"
            " cover replycredit relatebytag comments hidden threadtableid archiveid recommendlevel heatlevel relay"
            " ordertype recommend"
        )
        return {
            **dict.fromkeys(zeros.split(), "0"),
            "tid": str(self.tid), "fid": str(self.fid), "author": first.author, "authorid": str(first.uid),
            "subject": self.subject, "dateline": str(int(first.time.timestamp())), "lastpost": _printed(self.now),
            "lastposter": first.author, "views": "1234", "replies": str(replies), "allreplies": str(replies),
            "maxposition": str(replies + 1), "heats": "3", "stamp": "-1", "icon": "-1", "threadtable": "forum_thread",
            "posttable": "forum_post", "short_subject": self.subject, "replycredit_rule": {"extcreditstype": "2"},
        }  # fmt: skip


def _printed(time: datetime) -> str:
    return f"{time.year}-{time.month}-{time.day} {time:%H:%M:%S}"


def api_answers(count: int, seed: int = 1, posts: int = 10) -> list[Page]:
    """Answers for a thread of a busy board: with 10 posts about 15 KB."""
    return [_write(seed, number, posts) for number in range(count)]


def _write(seed: int, number: int, posts: int) -> Page:
    rng = random.Random(f"{seed}/{posts}/{number}")  # noqa: S311 - made-up answers, no secrets
    now = datetime(2024, 5, 16, 21, 30, tzinfo=CHINA) + timedelta(minutes=number)
    return AnswerWriter(rng, 20_000 + number, rng.choice((1, 1, 2, 3, 7)), now, posts, heavy=False).answer()
