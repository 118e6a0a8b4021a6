"""The XML that Discuz wraps around what its scripts ask for (`inajax=1`)."""

from __future__ import annotations

import re

__all__ = ["unwrap_ajax"]

_HEAD = re.compile(r"\ufeff?\s{0,99}(?:<\?xml[^>]{0,200}>\s{0,99})?<root>\s{0,99}<!\[CDATA\[")


def unwrap_ajax(text: str) -> str | None:
    """The HTML inside an ajax answer (`<root><![CDATA[…`); None where `text` is not one."""
    head = _HEAD.match(text)
    if head is None:
        return None
    end = text.rfind("]]>", head.end())
    return text[head.end() : end if end >= 0 else len(text)].replace("]]]]><![CDATA[>", "]]>")
