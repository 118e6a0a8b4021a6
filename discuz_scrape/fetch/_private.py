"""Which IP addresses are of no public site."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

__all__ = ["is_private"]

# Tables of our own: those of the standard library differ from one version of Python to the next.
_PRIVATE_V4 = tuple(map(IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
    "240.0.0.0/4",
)))  # fmt: skip
_PUBLIC_V6 = IPv6Network("2000::/3")
_PRIVATE_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))  # within the public part
_NAT64 = IPv6Network("64:ff9b::/96")


def is_private(address: str) -> bool:
    """Whether an IP address is one that a public site has no business to lead to.

    Loopback, link-local, private and shared networks, multicast, reserved, for documentation; of IPv6 all that is not
    global, and an address that holds a private one of IPv4 (mapped, 6to4, NAT64, Teredo). What is no IP address counts
    as private too.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(ip, IPv4Address):
        return _is_private_v4(ip)
    inner = _embedded(ip)
    if inner:
        return any(map(_is_private_v4, inner))
    return ip not in _PUBLIC_V6 or any(ip in network for network in _PRIVATE_V6)


def _is_private_v4(ip: IPv4Address) -> bool:
    return any(ip in network for network in _PRIVATE_V4)


def _embedded(ip: IPv6Address) -> tuple[IPv4Address, ...]:
    """The addresses of IPv4 that one of IPv6 leads to."""
    if ip in _NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    if ip.teredo is not None:
        return ip.teredo
    inner = ip.ipv4_mapped or ip.sixtofour
    return () if inner is None else (inner,)
