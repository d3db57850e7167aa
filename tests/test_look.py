"""One pass over the bytes of a file tells where its lines are, wherever it is cut into chunks."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgaudit.records import look
from orgaudit.records.look import hash_of, look_at


@pytest.mark.parametrize(
    ("written", "is_plain", "lines"),
    [
        (b"a,b\n1,2\n", True, 2),
        (b"a,b\r\n1,2\r\n", True, 2),
        (b"a,b\n1,2", True, 2),
        (b"", True, 0),
        (b"a,b\r\n1,2\n", False, 2),
        (b"a,b\n1,2\r\n", False, 2),
        (b"a,b\n\n1,2\n", True, 3),
        (b"a,b\r\n\r\n1,2\r\n", True, 3),
        (b"a,b\n1,\r2\n", False, 2),
        (b"a,b\r\n1,2\r", False, 2),
        (b"a,b\r1,2\r", False, 1),
        (b'a,"b"\n1,2\n', False, 2),
        (b"a,b\n1,\0\n", False, 2),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 1 << 20])
def test_lines_end_in_one_way_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes, is_plain: bool, lines: int, chunk: int
) -> None:
    monkeypatch.setattr("orgaudit.records.look._CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(written)
    assert (look_at(path).plain, look_at(path).lines) == (is_plain, lines)


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
def test_a_byte_that_is_no_utf8_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr("orgaudit.records.look._CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,\xff\n")
    assert look_at(path).bad == (10, 3)


@given(written=st.text(alphabet="a甲 \t,\n", max_size=30).map(str.encode), chunk=st.integers(1, 8))
def test_a_file_is_told_as_it_is(written: bytes, chunk: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(look, "_CHUNK", chunk)
        path = Path(folder) / "a.csv"
        path.write_bytes(written)
        found = look_at(path)
    lines = written.decode().removesuffix("\n").split("\n") if written else []
    assert (found.plain, found.bad, found.lines) == (True, None, len(lines))
    assert found.spaced == any(c in written for c in b" \t")


@pytest.mark.parametrize("large", [1, 1 << 30])
def test_the_hash_is_that_of_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(look, "_LARGE", large)
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    assert hash_of(tmp_path / "a.csv")() == hashlib.sha256(b"a,b\n").hexdigest()


def test_a_file_that_goes_away_while_it_is_hashed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "_LARGE", 0)
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        hash_of(tmp_path / "a")()
