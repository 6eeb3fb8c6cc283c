"""One answer to one question: the stage, the training history and the findings name the same first NaN and infinity."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.acting import count_of_steps, open_page, recording_of, told

MASKED = """import torch
w = torch.tensor([0.5, 1.0, -2.0], requires_grad=True)
for step in range(2):
    mask = torch.zeros(3)
    mask[1] = float('-inf')
    loss = (w + mask).softmax(0)[0]
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad = None
"""
SPOILED = """import torch
w = torch.tensor(2.0, requires_grad=True)
x = torch.tensor(0.0)
for step in range(2):
    part = {made}
    loss = w * part
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad = None
"""


def verdicts(page: Page, url: str) -> tuple[set[str], set[str], set[str]]:
    """Return the nodes at which the observations, the training history and the findings say that infinity began."""
    start, _, snapshot = url.partition("/s/")
    api = f"{start}/api/v1/snapshots/{snapshot}"
    head: Any = page.request.get(api).json()
    observed = page.request.get(f"{api}/iterations/0/observations").json()["non_finite"]
    training = head["course"]["first_nonfinite"]
    findings = page.request.get(f"{api}/findings").json()["findings"]
    return (
        {one["node"] for one in observed},
        set() if training is None else {training["node"]},
        {one["node"] for one in findings if one["code"] == "first-nan"},
    )


def test_a_mask_that_is_written_by_index_is_no_accident_anywhere(page: Page, address: str) -> None:
    url = recording_of(page, address, MASKED)
    assert verdicts(page, url) == (set(), set(), set())
    with page.expect_response("**/iterations/0/observations"):
        open_page(page, f"{url}?step=1")
    sentences = []
    for at in range(1, count_of_steps(page) + 1):
        expect(told(page)).to_contain_text(f"Step {at} of")
        expect(page.locator("g.remark.origin")).to_have_count(0)
        sentences.append(told(page).inner_text())
        page.keyboard.press("ArrowRight")
    assert any("−∞" in sentence for sentence in sentences)
    assert [sentence for sentence in sentences if "The first" in sentence] == []


@pytest.mark.parametrize("made", ["1 / x", "torch.log(x)"])
def test_an_accident_is_told_of_the_same_node_everywhere(page: Page, address: str, made: str) -> None:
    url = recording_of(page, address, SPOILED.format(made=made))
    observed, training, findings = verdicts(page, url)
    assert len(observed) == 1
    assert observed == training == findings
    open_page(page, f"{url}?step=1")
    page.keyboard.press("End")
    expect(page.locator("g.remark.origin")).to_have_count(1)
    expect(page.locator("g.remark.origin")).to_contain_text("∞ here")


def test_the_walk_goes_on_without_observations(page: Page, address: str) -> None:
    """Marks that the server does not answer with are absent; they appear where the answer comes late."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/observations", hold)
    open_page(page, recording_of(page, address, SPOILED.format(made="1 / x")) + "?step=1")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 2 of")
    page.keyboard.press("End")
    expect(page.locator("g.remark.origin")).to_have_count(0)
    expect(page.locator("gw-notice [role=alert]")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.locator("g.remark.origin")).to_have_count(1)
