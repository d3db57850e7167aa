"""The names that expressions can speak of: one word, and none of the language's own."""

from __future__ import annotations

_WORDS = (  # the language's own, and those that SQL cannot take bare
    "subject each audit breach breaches previous next ancestors descendants event as_of is in and or not case then else "
    "end between null true false recorded dated ever of from on select where with join when any set union show desc "
    "using inner cross lateral fetch as distinct except for glob having ilike intersect into like notnull outer qualify "
    "regexp returning rlike tablesample xor"
)
RESERVED = frozenset(_WORDS.split())


def is_name(word: str) -> bool:
    """Whether it is one word, of letters (of any script), digits and `_`, that does not begin with a digit."""
    return word.isidentifier()
