"""What the forum holds: members, boards, threads, posts. All of it may be changed while it is served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

ZONE = timezone(timedelta(hours=8))
Refusal: TypeAlias = Literal["gone", "level", "group", "members", "password", "wall"]
"""How a thread or board is refused: "gone" is a 404 message, "level", "group" and "members" are messages with 200,
"password" asks for that of the board (a thread leads there by 302), "wall" leads to the login form by 302."""

NAMES = ("青石路人", "骑慢车的阿梅", "老渡口", "链条上的猫", "芦花白", "钓竿在左", "夜航船", "q=1;p")
_SCENES = (
    "老渡口的水又涨了一尺",
    "桥头修车铺换了新招牌",
    "昨晚在堤上看见一群白鹭",
    "集市上的柿饼便宜了",
    "旧书摊收到一套地方志",
)
_ENDS = (
    "大家怎么看？",
    "有空一起去看看。",
    "照片明天补上。",
    "先记一笔。",
    "谢谢楼上。",
    "不知道还能撑多久。",
    "顶一下。",
)


@dataclass(frozen=True)
class Author:
    uid: int
    name: str


@dataclass
class Comment:
    """A remark (点评) below a post."""

    author: Author
    text: str
    time: datetime


@dataclass
class Rating:
    author: Author
    scores: dict[str, int]
    reason: str
    time: datetime


@dataclass(eq=False)
class File:
    """An attachment, picture or not."""

    aid: int
    name: str
    data: bytes
    image: bool = False
    placed: bool = False
    """In the text, not in the list below it."""
    by_token: bool = False
    """Linked by forum.php?mod=attachment, as sites do that check referers; else by its path."""
    url: str | None = None
    """What the page links to instead, such as another host."""
    content_type: str | None = None
    disposition: str | None = None
    """The Content-Disposition to send instead of the usual one with the name."""

    @property
    def path(self) -> str:
        suffix = PurePosixPath(self.name).suffix
        return f"data/attachment/forum/202403/17/{self.aid}{suffix if suffix[1:].isalnum() else '.attach'}"


@dataclass(eq=False)
class Post:
    pid: int
    author: Author
    time: datetime
    text: str
    position: int = 0
    """Its place in the thread as stored, which no deletion changes; 0 is given one when the thread is looked at."""
    sticky: bool = False
    recommended: bool = False
    shielded: bool = False
    quoted: Post | None = None
    parts: tuple[str, ...] = ()
    """The text of a long post split by [page], instead of `text`."""
    labels: tuple[str, ...] = ()
    """Names of the parts, for a post with [index]."""
    comments: list[Comment] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def attach(self, name: str, data: bytes = b"hello", **options: object) -> File:
        attached = File(self.pid * 10 + len(self.files), name, data, **options)  # type: ignore[arg-type]
        self.files.append(attached)
        return attached

    def comment(self, author: Author, text: str) -> Comment:
        written = Comment(author, text, self.time + timedelta(hours=1 + len(self.comments)))
        self.comments.append(written)
        return written

    def rate(self, author: Author, scores: dict[str, int], reason: str = "") -> Rating:
        given = Rating(author, scores, reason, self.time + timedelta(hours=2 + len(self.ratings)))
        self.ratings.append(given)
        return given


@dataclass(eq=False)
class Thread:
    tid: int
    fid: int
    subject: str
    authors: Sequence[Author]
    """Who writes when nobody is named, in turn."""
    start: datetime
    posts: list[Post] = field(default_factory=list)
    views: int = 0
    ordinals: bool = False
    """Whether pages count what is visible; before, they are ranges of positions."""
    newest_first: bool = False
    sticky: bool = False
    closed: bool = False
    moved_to: int | None = None
    refusal: Refusal | None = None
    last_position: int = 0

    def add(self, text: str | None = None, *, author: Author | None = None, time: datetime | None = None) -> Post:
        """Write a reply; without words of its own it gets some that no other post has."""
        if self.posts and not self.posts[-1].position:
            self.settle()
        self.last_position = position = self.last_position + 1
        made = Post(
            pid=self.tid * 10_000 + position,
            author=author or self.authors[(position - 1) % len(self.authors)],
            time=time or (self.posts[-1].time if self.posts else self.start) + timedelta(minutes=7, seconds=11),
            text=_words(self.tid, position) if text is None else text,
            position=position,
        )
        self.posts.append(made)
        return made

    def delete(self, post: Post) -> None:
        self.settle()
        self.posts.remove(post)

    def settle(self) -> None:
        """Give a position to posts that were put in by hand."""
        for post in self.posts:
            if not post.position:
                post.position = self.last_position + 1
            self.last_position = max(self.last_position, post.position)

    @property
    def replies(self) -> int:
        """As the header counts them: with remarks."""
        return len(self.posts) - 1 + sum(len(post.comments) for post in self.posts)

    @property
    def last_post(self) -> Post:
        return max(self.posts, key=lambda post: post.time)


@dataclass(eq=False)
class Board:
    fid: int
    name: str
    refusal: Refusal | None = None


@dataclass
class Member:
    author: Author
    password: str
    question: int = 0
    answer: str = ""


@dataclass(frozen=True)
class Shown:
    """A post on a page."""

    post: Post
    floor: int
    lifted: bool = False
    """Shown on page 1 out of its turn."""


@dataclass(frozen=True)
class View:
    """A page of a thread."""

    page: int
    pages: int
    posts: tuple[Shown, ...]
    hole: bool
    """Whether a post is missing in the range of positions."""


def view_of(
    thread: Thread, page: int, per_page: int, *, authorid: int | None = None, newest_first: bool = False
) -> View:
    """Choose what a page shows, as the software does: a page past the end is the last one."""
    thread.settle()
    posts = [post for post in thread.posts if authorid is None or post.author.uid == authorid]
    if thread.ordinals or authorid is not None:
        floors = dict(enumerate(posts, start=1))
        last = len(posts)
    else:
        floors = {post.position: post for post in posts}
        last = thread.last_position
    pages = max(1, -(-last // per_page))
    page = min(max(page, 1), pages)
    order = [1, *range(last, 1, -1)] if newest_first else [*range(1, last + 1)]
    wanted = order[(page - 1) * per_page : page * per_page]
    shown = [Shown(floors[floor], floor) for floor in wanted if floor in floors]
    if page == 1 and authorid is None:
        shown = list(_with_lifted(shown, floors))
    return View(page, pages, tuple(shown), any(floor not in floors for floor in wanted))


def page_of(thread: Thread, post: Post, per_page: int) -> int:
    """Tell which page a post stands on."""
    thread.settle()
    number = thread.posts.index(post) + 1 if thread.ordinals else post.position
    return -(-number // per_page)


def _with_lifted(shown: Iterable[Shown], floors: dict[int, Post]) -> Iterator[Shown]:
    lifted = [Shown(post, floor, lifted=True) for floor, post in floors.items() if post.sticky and floor > 1]
    lifted += [
        Shown(post, floor, lifted=True)
        for floor, post in floors.items()
        if post.recommended and not post.sticky and floor > 1
    ]
    taken = {one.post for one in lifted}
    for index, one in enumerate(shown):
        if index == 1:
            yield from lifted
        if one.post not in taken:
            yield one


def _words(tid: int, position: int) -> str:
    scene = _SCENES[(tid + position) % len(_SCENES)]
    return f"（{tid} 之 {position}）{scene}，\n{_ENDS[(tid * 3 + position) % len(_ENDS)]}"
