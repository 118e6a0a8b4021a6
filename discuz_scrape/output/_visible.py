"""What a page says, made fit for a terminal and for JSON.

No control character of a page comes out raw, except the line breaks and tabs of a text: neither an escape sequence nor
a mark that turns the direction of writing can reach a terminal.
"""

from __future__ import annotations

import re

__all__ = ["escape_json", "json_text", "visible", "visible_line"]

_BIDI = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # with the two separators that JavaScript takes for line ends
_IN_JSON = re.compile(f"[\x7f-\x9f{_BIDI}]")  # JSON itself escapes what is below a space
_IN_TEXT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}]")
_IN_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}]")


def visible(text: str) -> str:
    r"""Make a text fit for a terminal: line breaks and tabs stay, other control characters become \uXXXX."""
    return text if text.isprintable() else _IN_TEXT.sub(_code, text)


def visible_line(text: str) -> str:
    r"""Make one line of a text, fit for a terminal: every control character becomes \uXXXX."""
    return text if text.isprintable() else _IN_LINE.sub(_code, text)


def escape_json(line: str) -> str:
    r"""Make a line of JSON fit for a terminal; it says the same."""
    # the test costs a third of the search, and nearly every line passes it
    return line if line.isprintable() else _IN_JSON.sub(_code, line)


def json_text(encoded: bytes) -> str:
    """Decode a line of JSON and make it fit for a terminal."""
    line = encoded.decode()
    # in UTF-8 whatever is escaped begins with one of these, and to find out that they are missing costs next to nothing
    suspect = b"\xe2" in encoded or b"\xc2" in encoded or b"\x7f" in encoded or b"\xd8" in encoded
    return escape_json(line) if suspect else line


def _code(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
