"""The Chromium that tests and pictures use: the one on the PATH, else Playwright's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT = (
    "WebUIOmniboxPopup",  # the address bar's list is a page of its own, which takes longer to start than a tab
    "WebUIOmniboxAimPopup",
    # Chromium heeds the last list alone, so what Playwright leaves out is left out here again.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
)
ARGUMENTS = (
    "--no-sandbox",  # root, as in a container, is refused by Chromium's sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # a new process for each page takes longer than what most tests do with it
    "--disable-site-isolation-trials",
    f"--disable-features={','.join(WITHOUT)}",
)


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A headless browser, with further arguments."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *arguments])
        yield browser
        browser.close()
