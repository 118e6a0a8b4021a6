"""Names of files that a server gives, and files that are whole or not there."""

import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuz_scrape._draft import Draft
from discuz_scrape.fetch._files import MAX_NAME, name_from, safe_name

posix = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")


def few(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


# Safe names

PIECES = [
    ".", "..", "/", "\\", " ", "\u3000", "\u202e", "\u200d", "\ufeff", "\x00", "\n", "CON", "nul", "COM¹", "LPT9",
    "aux", ".txt", ".tar.gz", "修车记录", "a", "e\u0301", "\u0338", "\ufe0f", "\uff0f", "\u2044", "\ud800", "x" * 190,
    "图" * 80, "<", ":", "|", "?", "~", "$", "_", "\u3164", "\U000e0041", "\u1100", "\u1161",
]  # fmt: skip
NAMES = st.text() | st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@given(NAMES)
@few(1_000)
def test_any_text_gives_a_name_that_is_one_part_of_a_path(text: str) -> None:
    name = safe_name(text, fallback="attachment-7")
    assert Path("folder", name).resolve().parent == Path("folder").resolve()
    assert Path(name).name == name
    assert 0 < len(name.encode()) <= MAX_NAME
    assert ".." not in name
    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*\u2044\u2215\uff0f\uff3c')
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in name)
    assert name == unicodedata.normalize("NFC", name)
    assert name.split(".")[0].strip().upper() not in {"CON", "NUL", "AUX", "PRN", "COM1", "COM¹", "LPT9"}
    assert safe_name(name, fallback="other") == name


@given(st.text(), st.text())
@few(300)
def test_a_fallback_is_made_safe_as_well(text: str, fallback: str) -> None:
    name = safe_name(text, fallback=fallback)
    assert name
    assert safe_name(name, fallback="") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("链条保养.pdf", "链条保养.pdf"),
        ("../../etc/passwd", "_._etc_passwd"),
        ("C:\\fakepath\\刹车.jpg", "C__fakepath_刹车.jpg"),
        ("NUL", "_NUL"),
        ("con.txt", "_con.txt"),
        ("com².tar.gz", "_com².tar.gz"),
        ("Lpt1 .log", "_Lpt1 .log"),
        ("contents.txt", "contents.txt"),
        (".htaccess", "htaccess"),
        ("账单\u202egpj.exe", "账单gpj.exe"),
        ("a\u200b.\u200b.\u200b/b", "a._b"),
        ("a \u3000\t b.txt", "a b.txt"),
        ("名字. . .", "名字"),
        ("Cafe\u0301.txt", "Café.txt"),
        ("／＼⁄∕", "____"),
        ("", "attachment-7"),
        (None, "attachment-7"),
        ("\u3164\u200b..", "attachment-7"),
    ],
)
def test_safe_names(text: str | None, name: str) -> None:
    assert safe_name(text, fallback="attachment-7") == name


def test_a_long_name_keeps_its_suffix() -> None:
    name = safe_name("车" * 10_000 + ".rar", fallback="x")
    assert len(name.encode()) <= MAX_NAME
    assert name.startswith("车车")
    assert name.endswith("车.rar")
    assert len(safe_name("a." + "b" * 999, fallback="x")) == MAX_NAME


# What a server calls a file

ADDRESS = "https://bbs.qingshiqiao.example/forum.php?mod=attachment&aid=OTE3"


def sent(name: str, charset: str) -> str:
    """A header as it looks when its bytes are taken for characters."""
    return f'attachment; filename="{name}"'.encode(charset).decode("latin-1")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=chain.pdf", "chain.pdf"),
        ('attachment; filename="chain oil; v2.pdf"', "chain oil; v2.pdf"),
        ('attachment; filename="a \\"quoted\\" name.txt"', 'a "quoted" name.txt'),
        ("attachment; filename*=UTF-8''%E9%93%BE%E6%9D%A1.pdf", "链条.pdf"),
        ("attachment; filename=\"x.pdf\"; filename*=utf-8'zh'%E9%93%BE%E6%9D%A1.pdf", "链条.pdf"),
        ("attachment; filename*=GBK''%C1%B4%CC%F5.pdf; filename=x.pdf", "链条.pdf"),
        ('attachment; filename="%E9%93%BE%E6%9D%A1.pdf"', "链条.pdf"),
        ("attachment; filename*=broken; filename=x.pdf", "x.pdf"),
        (sent("链条.pdf", "utf-8"), "链条.pdf"),
        (sent("链条.pdf", "gbk"), "链条.pdf"),
        (sent("繁體說明.pdf", "gbk"), "繁體說明.pdf"),
        ('attachment; filename="链条.pdf"', "链条.pdf"),
        ('inline; FileName = "链条.jpg', "链条.jpg"),
        ("attachment; x=\"; filename=evil.exe\"; filename=good.txt", "good.txt"),
    ],
)  # fmt: skip
def test_the_header_names_the_file(header: str, name: str) -> None:
    assert name_from({"content-disposition": header}, ADDRESS) == name
    assert name_from({"Content-Disposition": header}, ADDRESS) == name


def test_a_byte_of_gbk_that_is_a_backslash_is_none() -> None:
    assert "誠".encode("gbk")[1:] == b"\\"
    assert name_from({"Content-Disposition": sent("誠.txt", "gbk")}, ADDRESS) == "誠.txt"


def test_the_charset_of_the_forum_is_told_where_bytes_leave_a_doubt() -> None:
    header = {"Content-Disposition": sent("說明書.txt", "big5")}
    assert name_from(header, ADDRESS, charset="big5") == "說明書.txt"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://bbs.example/data/attachment/forum/202403/18/abc.jpg?x=1", "abc.jpg"),
        ("https://bbs.example/%E9%93%BE%E6%9D%A1.pdf", "链条.pdf"),
        ("https://bbs.example/%C1%B4%CC%F5.pdf", "链条.pdf"),
        (ADDRESS, None),
        ("https://bbs.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_without_a_header_the_address_names_the_file(url: str, name: str | None) -> None:
    assert name_from({"Content-Type": "image/jpeg"}, url) == name
    assert name_from({"Content-Disposition": "attachment"}, url) == name


@given(st.text(), st.text())
@few(500)
def test_any_header_gives_a_name_or_none(header: str, url: str) -> None:
    for value in (header, f'attachment; filename="{header}"', f"attachment; filename*={header}"):
        assert safe_name(name_from({"Content-Disposition": value}, url), fallback="x")


@pytest.mark.parametrize("unit", ["; ", ";a=", '"', "\\", ";filename*=''", ' ;a="\\', "%"])
def test_no_header_takes_long(unit: str) -> None:
    name_from({"Content-Disposition": unit * 100_000}, ADDRESS)


# Drafts


def test_a_draft_becomes_a_file(tmp_path: Path) -> None:
    with Draft(tmp_path) as draft:
        draft.file.write(b"oil")
        path = draft.place("链条.txt")
    assert path == tmp_path / "链条.txt"
    assert path.read_bytes() == b"oil"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("links", [True, False])
def test_no_other_file_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.delattr(os, "link")
    (tmp_path / "a.txt").write_bytes(b"old")
    for content in (b"one", b"two"):
        with Draft(tmp_path) as draft:
            draft.file.write(content)
            draft.place("a.txt")
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {"a.txt": b"old", "a (2).txt": b"one", "a (3).txt": b"two"}


@posix
@pytest.mark.parametrize("links", [True, False])
def test_a_link_at_the_place_is_a_name_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.delattr(os, "link")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "elsewhere.txt")
    with Draft(folder) as draft:
        assert draft.place("a.txt").name == "a (2).txt"
    assert not (tmp_path / "elsewhere.txt").exists()


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with Draft(tmp_path) as draft:
            draft.file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with Draft(tmp_path):  # nor does one that nobody placed
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_had_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"."), Draft(tmp_path) as draft:
        draft.place("x" * 999)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "b/c", "/etc/passwd"])
def test_a_draft_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a file"), Draft(tmp_path) as draft:
        draft.place(name)


def test_the_place_that_the_caller_chose_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with Draft(tmp_path) as draft:
        draft.file.write(b"new")
        assert draft.place_at(path) == path
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_modes(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    for private in (False, True):
        with Draft(tmp_path, private=private) as draft:
            (part,) = tmp_path.glob(".*.part")
            before = part.stat().st_mode
            after = draft.place(f"{private}").stat().st_mode
            assert before == after
    assert (tmp_path / "False").stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert stat.S_IMODE((tmp_path / "True").stat().st_mode) == 0o600
