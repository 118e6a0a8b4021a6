from __future__ import annotations

import codecs

import pytest

from discuz_scrape._encoding import decode

WORDS = "雨后的山路很滑，下山时请走慢一点，别忘了带伞和热水。"
PAGE = f"<html><head><title>{WORDS}</title></head><body><p>{WORDS}</p></body></html>"
BAD = "\ufffd"


def page(meta: str = "", words: str = WORDS) -> str:
    return f"<html><head>{meta}<title>{words}</title></head><body><p>{words}</p></body></html>"


def meta(charset: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />'


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("x-gbk", "gb18030"),
        ("cp936", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_a_declared_charset_is_read_by_its_superset(label: str, codec: str) -> None:
    text = page(meta(label))
    assert decode(text.encode(codec)) == (text, codec)
    assert decode(PAGE.encode(codec), f"text/html; charset={label}") == (PAGE, codec)
    assert decode(PAGE.encode(codec), encoding=label) == (PAGE, codec)


@pytest.mark.parametrize("label", ["big5", "Big5-HKSCS", "big5-hkscs", "cp950"])
def test_big5_is_read_with_the_characters_of_hong_kong(label: str) -> None:
    text = page(meta(label), "雨後的山路很滑，㗎喺咗")
    assert decode(text.encode("big5hkscs")) == (text, "big5hkscs")


def test_gb2312_pages_hold_more_than_gb2312() -> None:
    text = page(meta("gb2312"), "體 鎔 镕 €")
    assert decode(text.encode("gb18030")) == (text, "gb18030")


def test_the_euro_of_gbk_browsers_is_read() -> None:
    content = page(meta("gbk"), "票价 # 元").encode("gb18030").replace(b"#", b"\x80")
    assert decode(content).text == page(meta("gbk"), "票价 € 元")


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_western_labels_mean_windows_1252_unless_the_bytes_are_utf8(label: str) -> None:
    assert decode("“café” €".encode("cp1252"), f"text/html; charset={label}") == ("“café” €", "cp1252")
    assert decode("é".encode(), f"text/html; charset={label}") == ("é", "utf-8")


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="gbk">',
        "<meta charset=gbk>",
        "<META CHARSET = 'GBK' />",
        '<meta name="x" content="y" /><meta content="text/html;charset=gbk" http-equiv="Content-Type">',
        '<meta charset="no-such-charset"><meta charset="gbk">',
        '<meta charset="utf-8"><!-- mirrored --><meta charset="gbk">',
        '<meta charset="utf-16"><meta charset="gbk">',
    ],
)
def test_any_meta_of_the_head_names_the_charset(head: str) -> None:
    text = page(head)
    assert decode(text.encode("gbk")) == (text, "gb18030")


def test_an_xml_declaration_names_the_charset() -> None:
    text = f'<?xml version="1.0" encoding="big5"?><root><![CDATA[{"雨後的山路很滑"}]]></root>'
    assert decode(text.encode("big5")) == (text, "big5hkscs")


def test_the_server_comes_before_the_meta() -> None:
    text = page(meta("gbk"), "雨後")
    assert decode(text.encode("big5"), "text/html; charset=big5") == (text, "big5hkscs")


def test_the_caller_comes_before_everything() -> None:
    content = codecs.BOM_UTF8 + b"\xe9"
    assert decode(content, "text/html; charset=utf-8", "latin1") == ("ï»¿é", "cp1252")
    assert decode(PAGE.encode(), encoding="gbk").charset == "gb18030"


@pytest.mark.parametrize(
    ("bom", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_bom_comes_before_the_server_and_is_not_text(bom: bytes, codec: str) -> None:
    text = page(meta("gbk"))
    assert decode(bom + text.encode(codec), "text/html; charset=gbk") == (text, codec)
    assert decode(bom + text.encode(codec), encoding=codec) == (text, codec)


def test_utf16_needs_a_bom_or_a_label_and_bytes_that_agree() -> None:
    assert decode(PAGE.encode("utf-16-le"), "text/html; charset=utf-16") == (PAGE, "utf-16-le")
    assert decode(PAGE.encode("utf-16-be"), encoding="utf-16-be") == (PAGE, "utf-16-be")
    assert decode(PAGE.encode(), "text/html; charset=utf-16") == (PAGE, "utf-8")


@pytest.mark.parametrize("label", ["", "no-such", "hex", "rot13", "idna", "undefined", "a\0b", "统一码", "../x"])
def test_an_unknown_label_is_ignored(label: str) -> None:
    text = page(meta(label.replace("\0", "")))
    assert decode(text.encode("gbk"), f"text/html; charset={label}", label) == (text, "gb18030")
    assert decode(text.encode(), f"text/html; charset={label}", label) == (text, "utf-8")


def test_without_a_label_the_bytes_decide() -> None:
    assert decode(PAGE.encode()) == (PAGE, "utf-8")
    assert decode(PAGE.encode("gbk")) == (PAGE, "gb18030")
    assert decode(PAGE.encode("gbk")[:-3] + b"\xff") == (PAGE[:-3] + BAD, "gb18030")
    assert decode("中".encode("gbk")) == ("中", "gb18030")
    assert decode(b"") == ("", "utf-8")
    assert decode(b"plain") == ("plain", "utf-8")


@pytest.mark.parametrize("label", ["gbk", "big5", "iso-8859-1", "windows-1251", "shift_jis", "euc-kr"])
def test_utf8_under_another_name_is_read_as_utf8(label: str) -> None:
    text = page(meta(label))
    assert decode(text.encode()) == (text, "utf-8")
    assert decode(text.encode(), f"text/html; charset={label}") == (text, "utf-8")


@pytest.mark.parametrize("words", ["雨后的山路", "山", "伞。"])
def test_a_few_characters_suffice_where_the_declared_charset_fails(words: str) -> None:
    text = f"{meta('gbk')}<b>{words}</b>, 山."
    assert decode(text.encode()) == (text, "utf-8")


def test_utf8_under_another_name_with_a_bad_byte_is_read_as_utf8() -> None:
    text = page(meta("gbk"), WORDS * 20)
    content = text.encode().replace(b"<body>", b"<body>\xff")
    assert decode(content) == (text.replace("<body>", "<body>" + BAD), "utf-8")


def test_gbk_under_the_name_of_utf8_is_read_as_gb18030() -> None:
    text = page(meta("utf-8"))
    assert decode(text.encode("gbk")) == (text, "gb18030")
    assert decode(text.encode("gbk"), "text/html; charset=utf-8") == (text, "gb18030")


def test_short_gbk_is_not_taken_for_utf8() -> None:
    text = "脪梅"  # also valid as UTF-8
    content = text.encode("gbk")
    assert decode(content, "text/html; charset=gbk") == (text, "gb18030")


@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xe4", b"\xd6", b"\xf0\x9f"])
@pytest.mark.parametrize("label", ["utf-8", None])
def test_a_bad_byte_in_utf8_costs_one_character(bad: bytes, label: str | None) -> None:
    text = page(meta(label) if label else "")
    content = text.encode().replace(b"<body>", b"<body>" + bad)
    assert decode(content) == (text.replace("<body>", "<body>" + BAD), "utf-8")


@pytest.mark.parametrize("codec", ["gb18030", "big5hkscs"])
@pytest.mark.parametrize("lead", [0x81, 0xA1, 0xD6, 0xFE, 0xFF])
@pytest.mark.parametrize("tail", ["<", ">", '"', "'", "&", "=", "/", " ", "\n", "0<", "9>", "0"])
def test_the_markup_after_a_bad_byte_survives(codec: str, lead: int, tail: str) -> None:
    content = b"<i>" + bytes([lead]) + tail.encode() + b"br>"
    assert decode(content, encoding=codec).text == f"<i>{BAD}{tail}br>"


def test_a_bad_byte_does_not_change_the_charset() -> None:
    text = page(meta("gbk"), WORDS)
    content = text.encode("gbk").replace(b"<body>", b"<body>\xff")
    assert decode(content) == (text.replace("<body>", "<body>" + BAD), "gb18030")


@pytest.mark.parametrize(("label", "codec"), [("utf-8", "utf-8"), ("gbk", "gb18030"), ("big5", "big5hkscs")])
def test_a_page_cut_at_any_byte_keeps_its_charset(label: str, codec: str) -> None:
    text = page(meta(label), "山中的松林")
    content = text.encode(codec)
    for end in range(len(meta(label)) + 20, len(content)):
        cut = decode(content[:end])
        assert cut.charset == codec
        assert text.startswith(cut.text.removesuffix(BAD))


@pytest.mark.parametrize("content", [bytes(range(256)) * 4, b"\0" * 99, b"\xff" * 99, b"\xff\xfe\xd8", b"\xed\xa0\x80"])
@pytest.mark.parametrize("label", [None, "utf-8", "gbk", "big5", "utf-16", "ascii", "shift_jis", "koi8-r", "euc-kr"])
def test_no_bytes_raise(content: bytes, label: str | None) -> None:
    for result in (decode(content, f"text/html; charset={label}"), decode(content, None, label), decode(content)):
        result.text.encode(result.charset, "replace")


@pytest.mark.parametrize("gap", [" " * 200_000, "= " * 100_000, "charset " * 50_000])
def test_no_content_type_takes_long(gap: str) -> None:
    assert decode(WORDS.encode(), f"text/html; charset={gap}") == (WORDS, "utf-8")
