"""What a page shows at first sight, before anything of it is parsed."""

from discuz_scrape.models._base import Model


class Detection(Model):
    """What `detect` makes of a page from its bytes alone."""

    kind: str
    """What page it is, by the names that `parse_page` knows kinds by: "thread", "board", "index", "guide", "search",
    "tag", "space" (any page of a member's), "archiver", "touch", "mobile", "print", "album", "goods", "group",
    "portal", "announcement", "form", "old" (Discuz! 6 or 7), "api", "feed", "ajax"; "message" for the forum's
    messages, its login page, its gates and its faults; "empty" and "binary" for what is no page; "unknown" for the
    rest. Unless `is_discuz`, only "feed", "empty", "binary" and "unknown" are told apart."""
    is_discuz: bool
    """Whether Discuz! made the page; False also for a wall in front of it that carries no mark of the forum."""
    version: str | None = None
    """Version of Discuz!, such as `X3.4`; None where neither the head nor the last lines name it."""
    charset: str | None = None
    """How the bytes are to be read, as a Python codec name, by the label and by a sample.
    None where text was given, and where the page is not Discuz!."""
    style_id: int | None = None
    """Number of the style (`STYLEID`), the same for pages of one skin. None where the page does not tell."""
    template: str | None = None
    """Folder of the skin's template (`template/NAME/`). None for the stock one, and where the head does not tell."""
    viewer_uid: int | None = None
    """Who the page was rendered for: 0 for a guest; None where the page does not tell."""
    logged_in: bool | None = None
    """Whether it was rendered for a member. None where the page does not tell."""
