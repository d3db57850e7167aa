"""The branches of Yunjian's water bureau: `branch-standardization` on an office's year; every planted story comes out."""

from __future__ import annotations

from stories import ExampleOfASource


class TestBranches(ExampleOfASource):
    name = "yunjian-water"
    figures = frozenset({"BST-29", "BST-30"})
    kept = frozenset({"BST-6", "BST-16", "BST-17"})
