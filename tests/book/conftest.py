"""What the tests of a built book share: a browser for each file of tests."""

import pytest

from tests.book import axe


@pytest.fixture(scope="module")
def browser(browser_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path or None, args=axe.ARGUMENTS)
        yield started
        started.close()
