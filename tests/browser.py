"""Chromium without a network, for what only a browser can say of a page."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

#: the views of the compliance report, by their addresses
VIEWS = ["overview", "matrix", "ladder", "findings", "due", "unknown", "organizations", "rules", "records"]


def install_chromium() -> None:
    """Takes Chromium and its driver from Debian where they are missing."""
    if shutil.which("chromedriver") and shutil.which("chromium"):
        return
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver"],
    ):
        done = subprocess.run(["apt-get", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"the browser tests need chromium and chromium-driver: {done.stderr}"


class Browser:
    """Chromium without a network; what its console says is kept."""

    def __init__(self) -> None:
        install_chromium()
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))

    def open(self, path: Path, view: str = "", *, width: int = 1400) -> float:
        """Opens a report; the seconds until it is there."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        self.driver.get("about:blank")
        start = time.monotonic()
        self.driver.get(f"{path.as_uri()}#/{view}")
        while not self.do("return document.body.dataset.ready"):
            assert time.monotonic() - start < 30, self.console()
            time.sleep(0.02)
        return time.monotonic() - start

    def do(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def go(self, view: str) -> None:
        self.do(f"location.hash = '#/{view}'")
        time.sleep(0.15)

    def text(self, selector: str = "main") -> str:
        return self.do(f"return document.querySelector({json.dumps(selector)}).innerText")

    def count(self, selector: str) -> int:
        return self.do(f"return document.querySelectorAll({json.dumps(selector)}).length")

    def console(self) -> list[str]:
        return [line["message"] for line in self.driver.get_log("browser")]
