"""Texts of the records as readers may safely see them: what controls a screen, or turns a line round, is shown instead."""

from __future__ import annotations

import re

#: controls of C0 and C1 but for tab and line ends, of line and paragraph, of direction; what is no character at all
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
#: what a runner takes for a command, wherever a text is printed
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)


def visible(text: str) -> str:
    """A text of the same length: controls as their pictures (␛), the others as �."""
    return _CONTROLS.sub(_picture, text)


def encodable(text: str) -> str:
    """A text as it is, but for what UTF-8 cannot write: bytes of file names that are no text."""
    try:
        text.encode()  # nearly always, and much quicker than looking for what is none
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def printed(text: str) -> str:
    """A text for a terminal or a log of CI: visible, and no line of it a command to the runner."""
    return _COMMAND.sub(lambda m: f"{m[1]}：" if m[1] is not None else "＃", visible(text))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
