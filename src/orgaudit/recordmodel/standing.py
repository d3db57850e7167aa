"""Words that stand in a path: however it is spelled, in spaces, case and script, but never across folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from unicodedata import category

from orgaudit.recordmodel.spelling import even, simplified

_LEAST = 2  #: characters of a word that is looked for: a single one stands nearly everywhere


class _Plain(NamedTuple):
    """What of a text is compared, and where in the text each character of it stands."""

    text: str
    at: list[int]


def standing_in(paths: Iterable[str], words: Iterable[str]) -> Iterator[str]:
    """The words that stand in any of the paths."""
    plain = [_plain(even(path)) for path in dict.fromkeys(paths)]
    together = "/".join(p.text for p in plain)
    for word in words:
        letters = _plain(even(word)).text
        if letters in together and any(True for p in plain for _ in _places(p, letters)):
            yield word


def replaced(path: str, words: Iterable[str], by: Callable[[str], str]) -> str:
    """A path with other words in the place of these, the longest first; as it is where none of them stands in it."""
    shown, taken = even(path), list[tuple[int, int, str]]()
    plain = _plain(shown)
    for word in sorted(words, key=lambda w: (-len(w), w)):
        for start, end in _places(plain, _plain(even(word)).text):
            if all(end <= s or e <= start for s, e, _ in taken):
                taken.append((start, end, word))
    for start, end, word in sorted(taken, reverse=True):
        shown = shown[:start] + by(word) + shown[end:]
    return shown if taken else path


def _plain(text: str) -> _Plain:
    """Letters and digits, in one case and script, and what parts folders."""
    kept = ((c, i) for i, c in enumerate(text) if c.isalnum() or c == "/")
    found = [(low, i) for c, i in kept for low in simplified(c).casefold()]
    return _Plain("".join(low for low, _ in found), [i for _, i in found])


def _places(plain: _Plain, letters: str) -> Iterator[tuple[int, int]]:
    """Where a word begins and ends in a text; not within a longer word, or number, of an alphabet."""
    start = -1
    while len(letters) >= _LEAST and (start := plain.text.find(letters, start + 1)) >= 0:
        end = start + len(letters)
        if not (_goes_on(plain, start - 1) or _goes_on(plain, end - 1)):
            yield plain.at[start], plain.at[end - 1] + 1


def _goes_on(plain: _Plain, i: int) -> bool:
    """Whether a character and the next one, side by side, belong to one word or number."""
    if not 0 <= i < len(plain.text) - 1 or plain.at[i + 1] - plain.at[i] != 1:
        return False
    return category(plain.text[i]) == category(plain.text[i + 1]) in ("Ll", "Nd")
