"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled standards are kept beside what else the tests write, never where those of the user are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORGAUDIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
