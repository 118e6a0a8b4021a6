"""A member: the profile in the member's space, and the list of replies there."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Forum, Issue, Model, Site


class Counters(Model):
    """How much a member has of what the forum counts. None where the page does not tell."""

    friends: int | None = None
    """Friends."""
    threads: int | None = None
    """Threads started."""
    replies: int | None = None
    """Posts that are not the first of a thread."""
    blogs: int | None = None
    """Blog entries."""
    doings: int | None = None
    """Short notes of what the member does."""
    albums: int | None = None
    """Picture albums."""
    shares: int | None = None
    """Things shared with others."""
    broadcasts: int | None = None
    """Posts sent to followers."""
    following: int | None = None
    """Members that this one follows."""
    followers: int | None = None
    """Members that follow this one."""
    visits: int | None = None
    """Visits of the space."""


class UserProfile(Model):
    """A member's space: its profile page, or its first page, which tells less."""

    kind: Literal["profile"] = "profile"
    """What this page is."""
    uid: int | None = None
    """Number of the member. None where the page does not tell."""
    name: str | None = None
    """User name. None where the page does not tell."""
    url: str | None = None
    """The member's space. None where the page does not tell the number or the site."""
    avatar_url: str | None = None
    """Absolute URL of the avatar; None where there is none."""
    online: bool = False
    """Whether the page shows the member as being there now."""
    group: str | None = None
    """Name of the user group, such as the level. None where the page does not tell."""
    group_expires_at: datetime | None = None
    """Until when the member belongs to that group. None without an end."""
    admin_group: str | None = None
    """Name of the group of the staff. None for others."""
    extended_groups: tuple[str, ...] = ()
    """Names of further groups."""
    title: str | None = None
    """The member's own title. None where there is none."""
    signature: str | None = None
    """What stands below the member's posts. None where there is none."""
    counters: Counters = Counters()
    """What the forum counts."""
    credits: dict[str, int] | None = None
    """Name of a credit to its number, the total first, under the forum's own names and without units.
    None where the page shows none."""
    registered_at: datetime | None = None
    """When the account was made, to the minute. None where the page does not tell."""
    last_visit_at: datetime | None = None
    """When the member last came, to the minute. None where the page does not tell."""
    last_active_at: datetime | None = None
    """When the member last did something, to the minute. None where the page does not tell."""
    last_post_at: datetime | None = None
    """When the member last posted, to the minute. None where the page does not tell."""
    online_hours: int | None = None
    """Hours spent on the forum. None where the page does not tell."""
    registered_ip: str | None = None
    """Address of the registration and its region, as printed. None for most viewers, who may not see it."""
    last_visit_ip: str | None = None
    """Address of the last visit and its region, as printed. None for most viewers, who may not see it."""
    medals: tuple[str, ...] = ()
    """Names of the medals."""
    moderates: tuple[Forum, ...] = ()
    """Boards that the member moderates."""
    joined_groups: tuple[Forum, ...] = ()
    """The forum's groups (mod=group) that the member has joined."""
    fields: dict[str, str] | None = None
    """All that has no field of its own, such as gender or birthday: label to value, both as printed.
    None where there is nothing."""
    site: Site
    """The forum that the page comes from, and its clock."""
    issues: tuple[Issue, ...] = ()
    """Whatever was odd without stopping the parse."""
