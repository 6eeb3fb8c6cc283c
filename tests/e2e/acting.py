"""What a reader does on the page, in the words of the tests."""

import re

from playwright.sync_api import Locator, Page, expect


def told(page: Page) -> Locator:
    """The narrating sentence, as it stands on the page at every step."""
    return page.locator("gw-narration .sentence")


def heard(page: Page) -> Locator:
    """The narrating sentence that a screen reader was given last: once a step rests."""
    return page.locator("gw-narration [role=status]")


def open_page(page: Page, url: str) -> None:
    """Opens an address and waits until the graph stands and the program can be edited."""
    page.goto(url)
    expect(told(page)).not_to_be_empty()
    expect(page.locator("g.node").first).to_be_visible()
    expect(page.locator(".cm-content")).to_be_visible()


def count_of_steps(page: Page) -> int:
    """N of "Step 1 of N"."""
    found = re.search(r"of (\d+)", told(page).inner_text())
    assert found
    return int(found[1])


def write_program(page: Page, source: str) -> None:
    """Replaces the program in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def run_program(page: Page, source: str) -> None:
    """Replaces the program and runs it by keyboard; waits until its own snapshot is on show."""
    before = page.url.split("?")[0]
    write_program(page, source)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/s/" in url and url.split("?")[0] != before)


def line(page: Page, number: int) -> Locator:
    """A line of the program, from 1."""
    return page.locator(".cm-line").nth(number - 1)


def button(page: Page, name: str) -> Locator:
    """A button by the beginning of its name."""
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def recording_of(page: Page, address: str, source: str) -> str:
    """Runs a program without the page; where its recording is shown."""
    answer = page.request.post(
        f"{address}/api/v1/runs", data={"source": source, "seed": 0, "overrides": []}, timeout=120_000
    )
    assert answer.status == 201, answer.text()
    return f"{address}/s/{answer.json()['snapshot']}"


def open_large(page: Page, url: str) -> None:
    """Opens a recording whose nodes may all be inside closed folds; what is observed of a large one comes later."""
    page.goto(url)
    expect(told(page)).to_contain_text(re.compile(r"Step \d+ of [\d,]+, \w+\. \S"))
    expect(page.locator("g.node, g.closed-room").first).to_be_visible()


def closed(page: Page, name: str) -> Locator:
    """The card of a closed fold, by its name on the stage."""
    return page.locator("g.closed-room").filter(has=page.get_by_text(f"▸ {name}", exact=True))


def room(page: Page, name: str) -> Locator:
    """The title of an open fold."""
    return page.locator("g.title").filter(has=page.get_by_text(f"▾ {name}", exact=True))
