"""An iteration is called by the turns of the program's loops: in the slider, the sentence, the training, on paper."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import heard, open_page, recording_of, told
from tests.e2e.picture import Box

EPOCHS = """import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(256, 6)
y = x[:, :1] - x[:, 1:2]
net = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(1, 4):
    for batch in range(3):
        rows = slice(64 * batch, 64 * batch + 64)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        validation = nn.functional.mse_loss(net(x[192:]), y[192:])
"""
UNNAMED = """import torch
w = torch.tensor(2.0, requires_grad=True)
for the_longest_name_of_an_experiment in ["a text that says more than it has to"]:
    for _ in range(2):
        (w * w).backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
"""


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Iteration", exact=True)


def box_of(page: Page, part: str) -> Box:
    """Where a part of the page stands."""
    found = page.locator(part).bounding_box()
    assert found
    return Box(part, found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"])


def test_an_iteration_is_called_by_its_turns_everywhere(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, EPOCHS) + "?step=3")
    slider(page).fill("5")
    timeline = page.locator("gw-timeline")
    expect(timeline).to_contain_text("iteration 6 of 12")
    expect(timeline.locator(".turn")).to_have_text("epoch 2, batch 1")
    expect(slider(page)).to_have_attribute("aria-valuetext", "iteration 6 of 12 (epoch 2, batch 1)")
    expect(page.locator("gw-narration .where")).to_have_text("iteration 6 of 12 · epoch 2, batch 1")
    expect(heard(page)).to_have_text(re.compile(r"^Iteration 6 of 12 \(epoch 2, batch 1\)\. Step 3 of "))
    slider(page).blur()
    page.keyboard.press("ArrowRight")
    expect(heard(page)).to_have_text(re.compile("^Step 4 of "))

    page.keyboard.press("t")
    training = page.get_by_role("region", name="Training over time")
    chart = training.get_by_role("slider", name=re.compile("^Iteration. Loss"))
    expect(chart).to_have_attribute("aria-valuetext", re.compile(r"^iteration 6 of 12 \(epoch 2, batch 1\), loss "))
    expect(training.get_by_role("button", name=re.compile("^Lowest loss: "))).to_contain_text(
        re.compile(r"iteration \d+ of 12 \(epoch 3, batch \d\)")
    )
    training.get_by_role("tab", name="Film strip").click()
    expect(training.get_by_role("option").nth(5)).to_have_attribute(
        "aria-label", re.compile(r"^iteration 6 \(epoch 2, batch 1\): ")
    )
    expect(training.locator("gw-film-cell").nth(5)).to_contain_text("epoch 2, batch 1")

    page.goto(page.url.split("?")[0].replace("/s/", "/print/s/") + "?iteration=5")
    expect(page.locator("gradwalk-handout")).to_contain_text("Iteration 6 of 12 · epoch 2, batch 1")


def test_an_evaluation_is_called_so_and_is_no_part_of_the_curve_of_the_loss(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, EPOCHS) + "?training=1")
    slider(page).fill("7")
    timeline, training = page.locator("gw-timeline"), page.get_by_role("region", name="Training over time")
    expect(timeline.locator(".turn")).to_have_text("evaluation, epoch 2")
    expect(timeline.locator(".loss-number")).to_have_count(0)
    expect(timeline.locator("path.evaluation")).to_have_count(1)
    expect(heard(page)).to_have_text(re.compile(r"^Iteration 8 of 12 \(evaluation, epoch 2\)\. "))
    chart = training.locator("gw-loss-chart")
    curve = chart.locator("path.loss").get_attribute("d") or ""
    assert (curve.count("M"), curve.count("L")) == (1, 8), "the nine turns that trained are one line"
    assert (chart.locator("path.evaluations").get_attribute("d") or "").count("M") == 3
    expect(training.locator("gw-training .legend")).to_contain_text("evaluation")
    expect(chart.get_by_role("slider")).to_have_attribute("aria-valuetext", "iteration 8 of 12 (evaluation, epoch 2)")
    training.get_by_role("tab", name="Film strip").click()
    expect(training.locator("gw-film-cell[evaluation]")).to_have_count(3)


def test_long_turns_are_cut_and_stay_in_their_place(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, UNNAMED) + "?training=1")
    slider(page).fill("1")
    words = "the_longest_name_of_an_… “a text that says more t…”, turn 2 of the loop in line 4"
    turn = page.locator("gw-timeline .turn")
    expect(turn).to_have_attribute("title", words)
    expect(page.locator("gw-narration .where")).to_have_attribute("title", f"iteration 2 of 2 · {words}")
    page.locator("gw-loss-chart .plot").hover(position={"x": 60, "y": 20})
    track, where, below, chart, label = (
        box_of(page, part)
        for part in ("gw-timeline .middle", "gw-iterations .where", "gw-iterations .turn", "gw-loss-chart", ".there")
    )
    assert not any(one.overlaps(other) for one, other in ((track, where), (track, below), (where, below)))
    assert label.inside(chart)
    assert below.inside(Box("window", 0, 0, 1280, 720))
    assert page.locator("gw-timeline").evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(told(page)).to_contain_text("Step 1 of ")
