"""The templates for CI: their commands are run as a runner would, as far as a machine without a network can."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import yaml

ROOT = Path(__file__).parent.parent
RECORDS = ROOT / "examples/linjiang-street/records"


def loaded(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """A folder with `records` and an `orgaudit` on the path, as after its installation."""
    shutil.copytree(RECORDS, tmp_path / "records")
    program = tmp_path / "bin/orgaudit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orgaudit "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src")}


def run(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_the_action_annotates_and_leaves_its_results(tmp_path: Path, shell: dict[str, str]) -> None:
    action = loaded("examples/ci/action.yml")
    step = action["runs"]["steps"][-1]
    inputs = {name: str(i["default"]) for name, i in action["inputs"].items()}
    env = {name: inputs[value.split("inputs.")[1].rstrip(" }")] for name, value in step["env"].items()}
    summary = tmp_path / "summary.md"
    done = run(step["run"], tmp_path, shell | env | {"GITHUB_STEP_SUMMARY": str(summary)})
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("::error ") == 10
    assert "file=records/" in done.stdout
    assert summary.read_text("utf-8").startswith("# ")
    results = tmp_path / "orgaudit-results"
    assert json.loads((results / "orgaudit.sarif").read_text())["version"] == "2.1.0"
    assert Xml.parse(results / "junit.xml").getroot().tag == "testsuites"
    assert (results / "report.html").stat().st_size > 50_000
    workflow = loaded("examples/ci/github-workflow.yml")
    assert workflow["jobs"]["audit"]["steps"][-1]["with"]["sarif_file"] == "orgaudit-results/orgaudit.sarif"


def test_the_gitlab_template_leaves_what_it_says(tmp_path: Path, shell: dict[str, str]) -> None:
    job = loaded("examples/ci/gitlab-ci.yml")["orgaudit"]
    done = run(job["script"][-1], tmp_path, shell | job["variables"])
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    for name in [*job["artifacts"]["paths"], reports["codequality"], reports["junit"]]:
        assert (tmp_path / name).stat().st_size > 1000
    assert json.loads((tmp_path / reports["codequality"]).read_text())[0]["location"]["path"].startswith("records/")


@pytest.mark.parametrize("hook", loaded(".pre-commit-hooks.yaml"), ids=lambda h: h["id"])
def test_the_hooks_run(tmp_path: Path, shell: dict[str, str], hook: dict[str, Any]) -> None:
    shutil.copytree(ROOT / "standards/branch-standardization", tmp_path / "mine")
    shutil.copy(ROOT / "standards/records.yaml", tmp_path / "mine/records.yaml")
    files = [] if hook.get("pass_filenames", True) is False else ["mine/standard.yaml"]
    done = run(" ".join([hook["entry"], *hook.get("args", []), *files]), tmp_path, shell)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout
