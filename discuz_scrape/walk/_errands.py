"""What a page of a thread leaves out, and how to get it: further parts of a long post, remarks and ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from discuz_scrape.errors import ParseError
from discuz_scrape.models import Page, PageRef, Post, Thread
from discuz_scrape.urls import canonical_url

__all__ = ["Errand", "errands_of"]

_MOST_PAGES = 1_000  # of the remarks of one post
_CONTENT = (
    "body", "body_html", "body_markdown", "quotes", "attachments", "images", "mentions", "links", "notices",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Errand:
    """One more address to ask for, for the sake of one post."""

    ref: PageRef
    pid: int
    field: str
    """The field of the post that it completes."""
    add: Callable[[Post, Post], Post]
    """Puts what the answer shows of the post into the post."""

    @property
    def url(self) -> str:
        """The address to ask for."""
        return canonical_url(self.ref)

    def done(self, post: Post, answer: Page) -> tuple[Post, Errand | None]:
        """The post with what the answer adds, and the next errand where the answer is one page of several."""
        if not isinstance(answer, Thread):
            raise ParseError(f"asked for {self.field} of post {self.pid}, got a page of kind {answer.kind!r}")
        found = next((shown for shown in answer.posts if shown.pid in (self.pid, None)), None)
        if found is None:
            raise ParseError(f"asked for {self.field} of post {self.pid}, got an answer without it")
        page = self.ref.page or 1
        more = self.field == "comments" and found.more_comments and found.comments and page < _MOST_PAGES
        following = Errand(self.ref.model_copy(update={"page": page + 1}), self.pid, self.field, self.add)
        return self.add(post, found), following if more else None


def errands_of(ref: PageRef, posts: tuple[Post, ...], *, extras: bool) -> Iterator[Errand]:
    """What must be asked for to have the posts of a page whole; remarks and ratings with `extras` only."""
    if ref.face != "desktop":
        return
    for post in posts:
        if post.pid is None:
            continue
        if post.parts is not None:
            yield Errand(_of(ref, post.pid, "thread", (("cp", "all"),)), post.pid, "body", _whole)
        if extras and post.more_comments:
            yield Errand(_of(ref, post.pid, "comments", page=2), post.pid, "comments", _with_comments)
        if extras and post.more_ratings:
            yield Errand(_of(ref, post.pid, "ratings"), post.pid, "ratings", _with_ratings)


def _of(ref: PageRef, pid: int, kind: str, query: tuple[tuple[str, str], ...] = (), page: int | None = None) -> PageRef:
    return PageRef.model_validate(
        {"kind": kind, "face": "ajax", "site": ref.site, "tid": ref.tid, "pid": pid, "query": query, "page": page}
    )


def _whole(post: Post, answer: Post) -> Post:
    return post.model_copy(update={"parts": None} | {name: getattr(answer, name) for name in _CONTENT})


def _with_comments(post: Post, answer: Post) -> Post:
    known = {(comment.author.name, comment.timestamp, comment.text) for comment in post.comments}
    new = (c for c in answer.comments if (c.author.name, c.timestamp, c.text) not in known)
    return post.model_copy(update={"comments": (*post.comments, *new), "more_comments": answer.more_comments})


def _with_ratings(post: Post, answer: Post) -> Post:
    return post.model_copy(update={"ratings": answer.ratings, "more_ratings": False})
