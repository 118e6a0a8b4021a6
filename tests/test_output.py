"""What is written: every format, and what must never come out raw."""

import csv
import io
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.models import (
    Announcement,
    Attachment,
    Author,
    Board,
    BoardInfo,
    BoardSummary,
    Edit,
    Forum,
    Notice,
    Page,
    Post,
    Quote,
    Site,
    Thread,
    ThreadSummary,
)
from discuz_scrape.output import ROWS, Format, PostRow, Row, json_lines, rows, write
from discuz_scrape.testing import find_cases

SITE = Site(utc_offset="+08:00", utc_offset_assumed=False)
PAGE: TypeAdapter[Page] = TypeAdapter(Page)
ROW: TypeAdapter[Row] = TypeAdapter(Row)
FIXTURES = Path(__file__).parent.parent / "fixtures"
CST = timezone(timedelta(hours=8))
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
NASTY = "红\x1b[31m字\x9b\x00\x7f\u202e倒\u2066\u200f\u061c\u2028行"


def post(**fields: object) -> Post:
    given = {"pid": 7, "tid": 3, "floor": 1, "author": Author(name="阿梅", uid=58), "body": "你好", **fields}
    return Post.model_validate({"timestamp": datetime(2024, 3, 17, 20, 16, 8, tzinfo=CST), **given})


def thread(*posts: Post, subject: str = "换中轴") -> Thread:
    return Thread(
        tid=3, url="https://bbs.example/forum.php?mod=viewthread&tid=3", subject=subject,
        forum=Forum(fid=2, name="修车铺"), page=1, posts=posts,
        site=SITE,
    )  # fmt: skip


def written(fmt: str, *threads: Thread, body: str | None = None, whole: bool = False) -> str:
    return "".join(write(threads, fmt, body=body, whole=whole))


def test_a_line_is_the_post_and_its_thread() -> None:
    (line,) = json_lines(thread(post()))
    row = json.loads(line)
    assert list(row) == [*Post.model_fields, "kind", "thread"]
    assert row["kind"] == "thread"
    assert row["thread"] == {
        "tid": 3, "subject": "换中轴", "url": "https://bbs.example/forum.php?mod=viewthread&tid=3",
        "forum": {"fid": 2, "name": "修车铺"}, "page": 1,
    }  # fmt: skip
    assert row["timestamp"] == "2024-03-17T20:16:08+08:00"
    assert row["edit"] is None
    assert "阿梅" in line


def test_lines_rows_and_models_agree() -> None:
    page = thread(post(), post(pid=8, body=NASTY, quotes=(Quote(text="x"),)))
    lines = list(json_lines(page))
    assert [json.loads(line) for line in lines] == list(rows(page))
    for line, told in zip(lines, page.posts, strict=True):
        row = PostRow.model_validate_json(line)
        assert Post.model_validate(row.model_dump(exclude={"kind", "thread"})) == told


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("fmt", Format)
def test_nothing_of_a_page_is_raw_on_a_terminal(fmt: str, whole: bool) -> None:
    told = post(
        author=Author(name=NASTY), body=NASTY, body_markdown=NASTY, subject=NASTY, edit=Edit(by=NASTY),
        quotes=(Quote(author=NASTY, text=NASTY),), notices=(Notice(kind="paid", text=NASTY),),
        attachments=(Attachment(aid=1, is_image=False, inline=False, filename=NASTY, url="https://x.example/\x1b"),),
    )  # fmt: skip
    text = written(fmt, thread(told, subject=NASTY), whole=whole)
    assert not RAW.search(text)
    assert "\\u001b[31m" in text.replace("\\[", "[")
    assert "\\u202e" in text


def _pages() -> dict[str, list[Page]]:
    """Every page of the fixtures that can be read, by its kind."""
    found: dict[str, list[Page]] = {}
    for case in find_cases(FIXTURES):
        try:
            page = case.parse(case.expected()["case"])
        except DiscuzScrapeError:
            continue
        found.setdefault(page.kind, []).append(page)
    return found


PAGES = _pages()


def test_there_is_a_page_of_every_kind() -> None:
    assert set(PAGES) == set(ROWS)


@pytest.mark.parametrize("kind", ROWS)
def test_rows_of_every_kind_are_what_their_model_says(kind: str) -> None:
    lines = 0
    for page in PAGES[kind]:
        for line, row in zip(json_lines(page), rows(page), strict=True):
            lines += 1
            model = ROW.validate_json(line)
            assert type(model) is ROWS[kind].row
            assert json.loads(line) == row == model.model_dump(mode="json")
            assert list(row) == list(type(model).model_fields)
    assert lines


@pytest.mark.parametrize("kind", ROWS)
def test_a_whole_page_is_read_back(kind: str) -> None:
    for page in PAGES[kind]:
        (line,) = write([page], whole=True)
        assert PAGE.validate_json(line) == page


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("fmt", Format)
@pytest.mark.parametrize("kind", ROWS)
def test_every_format_writes_every_kind(kind: str, fmt: str, whole: bool) -> None:
    for page in PAGES[kind]:
        text = "".join(write([page], fmt, whole=whole))
        assert text or not list(rows(page))
        assert not RAW.search(text)


def test_a_list_is_a_document_too() -> None:
    row = ThreadSummary(
        tid=3, url="https://x.example/3", subject="[求] 碗组", author=Author(name="阿*梅"), replies=2, excerpt="一\n二"
    )
    board = Board(forum=BoardInfo(fid=2, name="修车铺", url="https://x.example/b"), threads=(row,), site=SITE)
    assert "".join(write([board], "markdown")) == (
        "# 修车铺\n\n<https://x.example/b>\n\n"
        "- [\\[求\\] 碗组](<https://x.example/3>) · 阿\\*梅 · replies: 2  \n  一  \n  二\n\n"
    )
    assert "".join(write([board], "text")) == (
        "修车铺\nhttps://x.example/b\n\n[求] 碗组 · 阿*梅 · replies: 2\n    https://x.example/3\n    一\n    二\n\n"
    )


def test_a_document_shows_the_boards_below_and_the_announcements() -> None:
    board = Board(
        forum=BoardInfo(fid=2, name="修车铺"),
        subforums=(BoardSummary(fid=4, name="车铃", thread_count=7),),
        announcements=(Announcement(subject="歇业三天"),),
        site=SITE,
    )
    assert "".join(write([board], "markdown")) == "# 修车铺\n\n- 车铃 · threads: 7\n- 歇业三天\n\n"
    assert "".join(write([board], "text")) == "修车铺\n\n车铃 · threads: 7\n歇业三天\n\n"


def test_one_table_is_of_one_kind() -> None:
    with pytest.raises(ValueError, match="'thread' and 'board'"):
        list(write([thread(post()), *PAGES["board"]], "csv"))


def test_escapes_of_json_are_read_back() -> None:
    rows = json.loads(written("json", thread(post(body=NASTY))))
    assert rows[0]["body"] == NASTY


@pytest.mark.parametrize("whole", [False, True])
def test_json_is_one_array_whatever_comes(whole: bool) -> None:
    assert json.loads(written("json", whole=whole)) == []
    assert json.loads(written("json", thread(), whole=False)) == []
    page = thread(post(), post(pid=8))
    assert len(json.loads(written("json", page, page, whole=whole))) == (2 if whole else 4)


def test_whole_page_is_one_object() -> None:
    page = thread(post(), post(pid=8))
    (line,) = written("jsonl", page, whole=True).splitlines()
    assert Thread.model_validate_json(line) == page


def test_lines_come_before_the_next_page_is_asked_for() -> None:
    asked: list[int] = []

    def pages() -> object:
        for number in (1, 2):
            asked.append(number)
            yield thread(post(pid=number))

    lines = write(pages(), "jsonl")  # type: ignore[arg-type]
    next(iter(lines))
    assert asked == [1]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_columns() -> None:
    (row,) = table(written("csv", thread(post(quotes=(Quote(text="a\nb"),), body="一\n二"))))
    assert row["author_name"] == "阿梅"
    assert row["thread_forum_name"] == "修车铺"
    assert row["edit_at"] == row["signature"] == row["images"] == ""
    assert row["body"] == "一\n二"
    assert json.loads(row["quotes"])[0]["text"] == "a\nb"
    assert row["is_first"] == "false"
    assert "body_html" not in row


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cell_is_no_formula(start: str) -> None:
    (row,) = table(written("csv", thread(post(body=f"{start}1+1"))))
    assert row["body"].startswith("'")


def test_csv_of_whole_pages() -> None:
    (row,) = table(written("csv", thread(post(), post()), whole=True))
    assert row["forum_fid"] == "2"
    assert row["site_utc_offset"] == "'+08:00"
    assert len(json.loads(row["posts"])) == 2


@pytest.mark.parametrize("fmt", ["csv", "markdown", "text"])
@pytest.mark.parametrize(("body", "shown"), [("text", "plain"), ("html", "<b>rich</b>"), ("markdown", "**rich**")])
def test_the_chosen_body_is_shown(fmt: str, body: str, shown: str) -> None:
    told = post(body="plain", body_html="<b>rich</b>", body_markdown="**rich**")
    text = written(fmt, thread(told), body=body)
    assert [form for form in ("plain", "<b>rich</b>", "**rich**") if form in text] == [shown]


def test_markdown_is_a_document() -> None:
    told = post(
        body="正文", body_markdown="**正文**", author=Author(name="阿*梅_"),
        quotes=(Quote(author="石板路", text="# 一\n二"),),
        notices=(Notice(kind="reply_to_view", text="请回复"),),
        attachments=(Attachment(aid=5, is_image=False, inline=False, filename="图[1].zip", url="https://x.example/5"),),
    )  # fmt: skip
    assert written("markdown", thread(told, subject="1. <b>")) == (
        "# 1\\. \\<b\\>\n\n"
        "<https://bbs.example/forum.php?mod=viewthread&tid=3>\n\n"
        "## 1 · 阿\\*梅\\_ · 2024-03-17 20:16:08+08:00\n\n"
        "> **石板路**  \n> \\# 一  \n> 二\n\n"
        "*请回复*\n\n"
        "**正文**\n\n"
        "- [图\\[1\\].zip](<https://x.example/5>)\n\n"
    )


def test_markdown_without_a_markdown_body_escapes_the_text() -> None:
    assert "\\* not a list  \n\\- nor this" in written("markdown", thread(post(body="* not a list\n- nor this")))


def test_text_is_a_document() -> None:
    told = post(quotes=(Quote(author=None, text="引"),), author=Author(anonymous=True), timestamp=None, floor=None)
    assert written("text", thread(told)) == (
        "换中轴\nhttps://bbs.example/forum.php?mod=viewthread&tid=3\n\n--- anonymous\n> ?:\n> 引\n你好\n\n"
    )


def test_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="yaml"):
        written("yaml")
