"""Reads a record model and checks that its names fit together."""

from __future__ import annotations

from pathlib import Path

from orgaudit.errors import OrgauditErrors
from orgaudit.recordmodel.checks import model_errors
from orgaudit.recordmodel.model import RecordModel
from orgaudit.recordmodel.validation import validated
from orgaudit.yamlfile import YamlFile, read_yaml


def load_record_model(path: Path, name: str | None = None) -> RecordModel:
    """The record model in a file; raises OrgauditErrors with everything that is wrong in it."""
    return checked(read_yaml(path, name))


def checked(file: YamlFile) -> RecordModel:
    """The record model that stands in a file, if nothing is wrong with it."""
    model, errors = validated(RecordModel, file)
    if model is not None:
        errors = list(model_errors(model, file))
    if model is None or errors:
        raise OrgauditErrors(errors)
    return model
