"""A standard as a page that people read: its clauses, each rule with its sentence, quote, readings and examples."""

from orgaudit.docs.page import Example, page_of

__all__ = ["Example", "page_of"]
