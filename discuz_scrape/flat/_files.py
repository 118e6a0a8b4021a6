"""Files in a body with their hidden tips: name (size), buttons, description, time of upload, terms."""

from __future__ import annotations

import re

from discuz_scrape.flat._body import Body
from discuz_scrape.flat._chrome import DATE
from discuz_scrape.flat._lines import Line, matches

_BYTES = r"\d[\d.]*\s*(?:Bytes|KB|MB|GB)"
_size = re.compile(rf"\(?{_BYTES}(?:, (?:[阅閱][读讀]|下[载載]|[售价價])[^)]*)?\)?")
_name_and_size = re.compile(rf".*?[^\s(]\s*+\({_BYTES}(?:, 下[载載]次[數数][:：]?\s*\d+)?(?:, 售[价價].*)?\)")
_behind_words = re.compile(r"(?P<words>.*[：:，。,.；！？])\s+\S+\s+\(\d[^()]*\)$")
_uploaded = re.compile(rf"{DATE}\s*上[传傳]", re.VERBOSE)
_click = re.compile(r"[点點][击擊]文件名下[载載]附件(?:下[载載][积積]分.*)?")
_terms = re.compile(
    r"[点點][击擊]文件名下[载載]附件.*|售[价價][:：].*|[阅閱][读讀][权權]限[:：]\s*\d+|下[载載][积積]分[:：].*"
    r"|(?:\[\s*)?(?:(?:[记記][录錄]|[购購][买買])[\s\]\[]*)+|[\]\[]"
)
_REACH = 8  # lines from the time of upload back to the name


def cut_list_of_files(body: Body) -> None:
    """Below a body stands a list of the files that are not in the text."""
    for index, line in enumerate(body.lines[1:]):
        if matches(_click, line.text) and matches(_uploaded, body.line(index)) and matches(_size, body.line(index + 2)):
            del body.lines[max(0, index - 1) :]
            return


def cut_files(body: Body) -> None:
    """Files in the text, each from its name to its terms."""
    kept: list[Line] = []
    since = 0  # what stands before the last file is settled
    tip = False
    for index, line in enumerate(body.lines):
        if matches(_uploaded, line.text):
            _take_file(kept, since)
            since = len(kept)
            tip = True
        elif not (tip and (matches(_terms, line.text) or matches(_terms, body.line(index + 1)))):
            kept.append(line)
            tip = False
    body.lines = kept


def _take_file(kept: list[Line], since: int) -> None:
    """Take away the file whose time of upload comes next; a name may stand behind words on their line."""
    for index in range(len(kept) - 1, max(since, len(kept) - _REACH) - 1, -1):
        text, gap = kept[index]
        if matches(_name_and_size, text):
            behind = _behind_words.match(text)
            kept[index:] = [Line(behind["words"], gap)] if behind else []
            return
        if matches(_size, text):
            del kept[max(since, index - 1) :]
            return
