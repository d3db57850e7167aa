"""Codes and their texts in Chinese and English."""


def render_error(error, language):
    return f"{error.where}: {error.code} {error.values} {error.hint}"
