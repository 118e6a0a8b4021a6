"""Pages by Ray Data, on a cluster of several nodes on this machine."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.pages import Page, ordinary_pages
from crawls import FIXTURES, write_warc

from discuz_scrape import parse_thread
from discuz_scrape.__main__ import main

ray = pytest.importorskip("ray")

import pyarrow.parquet as pq  # noqa: E402 - what follows needs Ray
from fsspec.implementations.dirfs import DirFileSystem  # noqa: E402
from fsspec.implementations.local import LocalFileSystem  # noqa: E402
from noted_files import NODE, NotedFiles  # noqa: E402

from discuz_scrape.bulk._arrow import schema_of, table_of  # noqa: E402
from discuz_scrape.bulk._made import RowsOf  # noqa: E402
from discuz_scrape.bulk._pool import MEMORY  # noqa: E402
from discuz_scrape.bulk._work import Job  # noqa: E402
from discuz_scrape.ray import error_type, read_pages, run  # noqa: E402
from discuz_scrape.ray._read import Work  # noqa: E402
from discuz_scrape.sources import chunks  # noqa: E402

pytestmark = [
    pytest.mark.ray,
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:ray\..*"),  # it sets options that it has given up
    pytest.mark.filterwarnings(  # and leaves its logs open
        r"ignore:Exception ignored in. <_io\.\w+ name='.*ray-data:pytest.PytestUnraisableExceptionWarning"
    ),
    pytest.mark.filterwarnings(r"ignore:unclosed file .*ray-data:ResourceWarning"),
]

PAGES = ordinary_pages(24)
PATIENCE = 60
SMALL = {"object_store_memory": 80 << 20, "include_dashboard": False}

WATCHFUL = {"health_check_period_ms": 500, "health_check_failure_threshold": 10}  # a lost node is missed sooner


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head that does no work, and a node that does."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)]))
        made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "_system_config": WATCHFUL, **SMALL})
        made.add_node(num_cpus=1, env_vars={NODE: "first"}, **SMALL)
        ray.init(made.address, log_to_driver=False, logging_level="error")
        try:
            ray.data.DataContext.get_current().enable_progress_bars = False
            yield made
        finally:
            ray.shutdown()
            made.shutdown()


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return write_warc(tmp_path / "crawl.warc.gz", PAGES)


def expected(pages: list[Page]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table_of(parse_thread(page.content, url=page.url) for page in pages).to_pylist()
    return by_pid(rows)


def by_pid(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["thread"]["tid"], row["pid"]))


def saved(folder: Path, pages: list[Page]) -> Path:
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number:02}.html").write_bytes(page.content)
    return folder


def wait_for(path: Path) -> None:
    late = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < late, f"nobody wrote {path.name}"
        time.sleep(0.05)


@pytest.mark.usefixtures("cluster")
def test_one_warc_is_read_by_many_tasks_and_each_post_is_there_once(warc: Path) -> None:
    dataset = read_pages(warc, override_num_blocks=3)
    assert dataset.schema().base_schema == schema_of("thread")
    whole = dataset.materialize()
    assert whole.num_blocks() >= 3
    assert by_pid(whole.take_all()) == expected(PAGES)


@pytest.mark.usefixtures("cluster")
def test_rows_go_to_parquet_and_come_back_the_same(warc: Path, tmp_path: Path) -> None:
    read_pages([warc], override_num_blocks=2).write_parquet(str(tmp_path / "posts"))
    table = pq.read_table(tmp_path / "posts")
    assert table.schema.names == schema_of("thread").names
    assert by_pid(table.to_pylist()) == expected(PAGES)


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("scheme", ["file", "local"])
def test_addresses_are_opened_by_fsspec_where_they_are_read(scheme: str, tmp_path: Path) -> None:
    folder = saved(tmp_path / "pages", PAGES[:3])
    dataset = read_pages(f"{scheme}://{folder}/*.html")
    assert [row["pid"] for row in by_pid(dataset.take_all())] == [row["pid"] for row in expected(PAGES[:3])]


@pytest.mark.usefixtures("cluster")
def test_a_file_system_that_is_given_holds_all_paths(tmp_path: Path) -> None:
    saved(tmp_path / "pages", PAGES[:2])
    write_warc(tmp_path / "pages" / "crawl.warc.gz", PAGES[2:5])
    dataset = read_pages("pages", filesystem=DirFileSystem(str(tmp_path), LocalFileSystem()))
    assert len(dataset.take_all()) == len(expected(PAGES[:5]))


@pytest.mark.usefixtures("cluster")
def test_what_cannot_be_read_is_a_row_where_asked_for_and_costs_no_other(tmp_path: Path) -> None:
    folder = saved(tmp_path / "pages", PAGES[:3])
    (folder / "00-cut.html.gz").write_bytes(gzip.compress(PAGES[4].content)[:2000])
    (folder / "99-deadly.html").write_bytes(PAGES[5].content)
    (folder / "02-other.html").write_bytes(b"<html><body>about something else</body></html>")
    notes = tmp_path / "notes"
    notes.mkdir()
    dataset = read_pages(str(folder), filesystem=NotedFiles(str(notes)), errors=True)
    assert dataset.schema().base_schema.field("error").type == error_type
    found = dataset.take_all()
    assert len([row for row in found if row["error"] is None]) == len(expected(PAGES[:3]))
    errors = [row["error"] for row in found if row["error"]]
    assert {error["class"] for error in errors} == {"ParseError"}
    assert any("00-cut.html.gz" in error["source"] for error in errors)
    assert any("died" in error["message"] for error in errors)
    assert all(row["pid"] is None for row in found if row["error"])


@pytest.mark.usefixtures("cluster")
def test_without_sources_there_are_no_rows_but_their_columns(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    dataset = read_pages(tmp_path / "empty")
    assert dataset.schema().base_schema == schema_of("thread")
    assert dataset.take_all() == []
    assert read_pages([], errors=True).schema().names[-1] == "error"


def test_a_task_warns_of_pages_that_cannot_be_read_unless_they_are_rows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = saved(tmp_path / "pages", PAGES[:2])
    (folder / "\x1b.html.gz").write_bytes(gzip.compress(PAGES[4].content)[:2000])
    pieces = list(chunks([folder, tmp_path / "missing-*.html"]))
    for errors in (False, True):
        work = Work(Job(RowsOf("thread")), "thread", MEMORY, errors=errors)
        assert sum(table.num_rows for table in work.blocks(pieces)) == len(expected(PAGES[:2])) + 2 * errors
    (told,) = (record for record in caplog.records if record.name == "discuz_scrape.ray")
    assert told.levelname == "WARNING"
    assert told.getMessage().startswith("2 of 4 pages could not be read (1 Empty, 1 EOFError), the first: ")
    assert "\x1b" not in told.getMessage()


def test_a_kind_or_format_that_is_none_is_told_at_once() -> None:
    for options, words in (({"kind": "post"}, "unknown kind 'post'"), ({"formats": "markdown"}, "unknown formats")):
        with pytest.raises(ValueError, match=words):
            read_pages("a.html", **options)  # type: ignore[arg-type]


@pytest.mark.usefixtures("cluster")
def test_a_pipe_is_refused_for_no_other_process_can_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="cannot be read on a cluster"):
        read_pages("-")
    assert main(["parse", "-", "--ray", "local", "-o", "posts"]) == 2
    assert "--ray goes with files" in capsys.readouterr().err


def test_a_run_leaves_a_folder_of_parquet_and_tells_what_became_of_the_pages(warc: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html.gz"
    broken.write_bytes(gzip.compress(PAGES[0].content)[:2000])
    other = tmp_path / "other.html"
    other.write_bytes(b"<html><body>about something else</body></html>")
    out = tmp_path / "out"
    summary = run([warc, broken, other, tmp_path / "missing.html"], out, override_num_blocks=2)
    assert by_pid(pq.read_table(sorted(out.glob("*.parquet"))).to_pylist()) == expected(PAGES)
    told = [json.loads(line) for file in out.glob("errors-*.jsonl") for line in file.read_text().splitlines()]
    assert sorted(Path(error["source"]).name for error in told) == ["broken.html.gz", "missing.html"]
    assert summary.pages == len(PAGES) + 3
    assert summary.rows == len(expected(PAGES))
    assert summary.kinds == {"thread": len(PAGES)}
    assert summary.errors == {"EOFError": 1, "FileNotFoundError": 1}
    assert sum(summary.dropped.values()) == 1
    assert not list(out.glob(".*"))
    with pytest.raises(FileExistsError, match="something in it"):
        run([warc], out)


@pytest.mark.usefixtures("cluster")
def test_the_command_line_runs_on_a_cluster(warc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, stats = tmp_path / "out", tmp_path / "stats.json"
    command = ["parse", str(warc), "--ray", "local", "-o", str(out)]
    assert main([*command, "--stats", str(stats)]) == 0
    assert by_pid(pq.read_table(sorted(out.glob("*.parquet"))).to_pylist()) == expected(PAGES)
    assert json.loads(stats.read_text())["rows"] == len(expected(PAGES))
    assert main(command) == 1
    assert "something in it" in capsys.readouterr().err
    assert main([*command, "--resume", "state.json"]) == 2
    for option in ("--format", "csv"), ("--url", "http://a/"), ("--encoding", "gbk"), ("--now", "2024-01-01"):
        assert main([*command, *option]) == 2
        assert f"--ray goes without {option[0]}" in capsys.readouterr().err


@pytest.mark.usefixtures("cluster")
def test_what_goes_wrong_on_a_cluster_is_a_line_and_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    login = tmp_path / "login.html"
    login.write_bytes((FIXTURES / "thread" / "errors" / "login-required.in.html").read_bytes())
    command = ["parse", str(login), str(tmp_path / "missing.html"), "--ray", "local", "-o"]
    assert main([*command, "out", "--stats", "no/stats.json"]) == 8 | 1
    told = [line for line in capsys.readouterr().err.splitlines() if "INFO" not in line]
    assert told == ["no/stats.json: FileNotFoundError: No such file or directory", "2 pages, 0 rows, 2 errors"]
    assert not list((tmp_path / "out").glob(".*"))
    (tmp_path / "file").touch()
    assert main([*command, "file/out"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("file/out: NotADirectoryError: ")


LOCAL = """
import sys
from discuz_scrape.ray import run

summary = run(sys.argv[1:2], sys.argv[2], "local", override_num_blocks=1)
from ray import is_initialized
from ray._common.usage.usage_lib import usage_stats_enabled
print(summary.rows, is_initialized(), usage_stats_enabled())
"""


def test_a_cluster_of_its_own_is_silent_and_gone_after_the_run(warc: Path, tmp_path: Path) -> None:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    command = [sys.executable, "-c", LOCAL, str(warc), str(tmp_path / "out")]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=quiet, timeout=PATIENCE)
    assert done.stdout.split() == [str(len(expected(PAGES))), "False", "False"]


def test_a_run_that_is_broken_off_leaves_no_half_file(warc: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = f"from discuz_scrape.ray import run; run([{str(warc)!r}] * 60, {str(out)!r}, override_num_blocks=1)"
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL, start_new_session=True) as process:
        late = time.monotonic() + PATIENCE
        while not list(out.glob(".*.part")):
            assert time.monotonic() < late
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) != 0
    assert not list(out.iterdir())


def test_a_node_that_dies_in_mid_run_costs_no_row_and_doubles_none(cluster: Any, warc: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    node = cluster.add_node(num_cpus=1, env_vars={NODE: "second"}, **SMALL)
    files = NotedFiles(str(notes), halting="second")
    found: list[dict[str, Any]] = []
    dataset = read_pages(str(warc), filesystem=files, override_num_blocks=8)
    reading = threading.Thread(target=lambda: found.extend(dataset.take_all()))
    reading.start()
    try:
        wait_for(notes / "halted")
        cluster.remove_node(node, allow_graceful=False)
        reading.join(PATIENCE)
    finally:
        (notes / "over").touch()
    assert not reading.is_alive()
    assert list(notes.glob("second *"))
    assert list(notes.glob("first *"))
    assert by_pid(found) == expected(PAGES)
