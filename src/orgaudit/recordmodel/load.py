"""Reads a record model and checks that its names fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from orgaudit.errors import OrgauditError, OrgauditErrors
from orgaudit.recordmodel.checks import model_errors
from orgaudit.recordmodel.model import RecordModel
from orgaudit.recordmodel.validation import validated
from orgaudit.yamlfile import YamlFile, read_yaml

#: what finds errors in a record model and the file that it stands in
Checks = Callable[[RecordModel, YamlFile], Iterable[OrgauditError]]


def load_record_model(path: Path, name: str | None = None) -> RecordModel:
    """The record model in a file; raises OrgauditErrors with everything that is wrong in it."""
    return checked(read_yaml(path, name))


def no_more(model: RecordModel, file: YamlFile) -> Iterable[OrgauditError]:
    """No further checks."""
    return ()


def checked(file: YamlFile, further: Checks = no_more) -> RecordModel:
    """The record model that stands in a file, if nothing is wrong with it; `further` checks one whose names fit together."""
    model, errors = validated(RecordModel, file)
    if model is not None:
        errors = list(model_errors(model, file)) or list(further(model, file))
    if model is None or errors:
        raise OrgauditErrors(errors)
    return model
