"""What tests begin with: the command line, and for the client a small forum, where it is served, and time."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import certifi
import pytest
from clients import Time
from command import Ran
from forum import Forum, Site

from discuz_scrape.__main__ import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    def call(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return call


@pytest.fixture
def forum() -> Forum:
    return Forum()


@pytest.fixture
def site(forum: Forum) -> Iterator[Site]:
    with forum.served() as site:
        yield site


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(autouse=True, scope="session")
def _quick_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let clients trust one authority instead of all: each of them reads the list anew, which takes its time."""
    end = "-----END CERTIFICATE-----\n"
    first = tmp_path_factory.mktemp("certificates") / "first.pem"
    first.write_text(Path(certifi.where()).read_text("utf-8").partition(end)[0] + end, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(first))
        yield
