"""Training over time: curves, what happened, the film strip, by pointer and by keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.acting import button, open_page, told
from tests.e2e.picture import curves
from tests.tiers import rest_at_night

TWO = """import torch
x = torch.linspace(-1, 1, 8)
y = 3 * x - 1
w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)
for step in range(60):
    optimizer.zero_grad()
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    optimizer.step()
"""
LONG = """import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(64, 4)
y = torch.sin(2 * x[:, :1])
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(200):
    batch = torch.randint(0, 64, (4,))
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(x[batch]), y[batch])
    loss.backward()
    optimizer.step()
"""
BREAKS = """import torch
w = torch.tensor(5.5, requires_grad=True)
still = torch.tensor(2.0, requires_grad=True)
for step in range(12):
    loss = torch.sqrt(w - step) + 0 * still
    loss.backward()
    with torch.no_grad():
        w -= 0.001 * w.grad
        w.grad = None
"""
CHANGES = """import torch
w = torch.tensor([1.0, -2.0], requires_grad=True)
v = torch.tensor(0.5, requires_grad=True)
for step in range(20):
    out = (w * w).sum()
    if step % 5 == 4:
        out = (v - 1) ** 2 + out
    out.backward()
    with torch.no_grad():
        w -= 0.05 * w.grad
        w.grad = None
"""
DEEP = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(*[nn.Linear(2, 2) for _ in range(6)])
for step in range(3):
    net(torch.ones(1, 2)).sum().backward()
"""
LARGE = """import torch
w = torch.linspace(-1, 2, 4000, requires_grad=True)
for step in range(5):
    (w * w).mean().backward()
"""


def recorded(page: Page, address: str, source: str) -> str:
    """The address of a program's snapshot."""
    answer = page.request.post(f"{address}/api/v1/runs", data={"source": source})
    assert answer.status == 201
    return f"{address}/s/{answer.json()['snapshot']}"


def open_training(page: Page, url: str) -> Locator:
    """Opens a snapshot and, by its key, the training."""
    open_page(page, url)
    page.keyboard.press("t")
    training = page.get_by_role("region", name="Training over time")
    expect(training.locator("gw-loss-chart path.loss")).to_be_attached()
    return training


def open_film(page: Page, url: str) -> Locator:
    training = open_training(page, url)
    training.get_by_role("tab", name="Film strip").click()
    expect(training.get_by_role("option").first).to_be_visible()
    return training


def slider(training: Locator) -> Locator:
    return training.get_by_role("slider", name=re.compile("^Iteration. Loss"))


def multiple(training: Locator, name: str) -> Locator:
    return training.locator("gw-multiple", has=training.page.get_by_role("button", name=name, exact=True))


def test_the_training_comes_and_goes_by_key_and_by_button_and_is_remembered(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, TWO))
    page.reload()
    expect(training.locator("gw-loss-chart")).to_be_visible()
    page.keyboard.press("T")
    expect(training).to_be_hidden()
    opener = button(page, "Training")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.click()
    expect(training).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    button(page, "Close the training").click()
    expect(training).to_be_hidden()


def test_a_link_says_that_the_training_is_open(page: Page, address: str, browser: Browser) -> None:
    open_training(page, recorded(page, address, TWO))
    expect(page).to_have_url(re.compile("training=1"))
    with browser.new_context() as stranger:
        other = stranger.new_page()
        other.goto(page.url)
        expect(other.get_by_role("region", name="Training over time")).to_be_visible()
    page.keyboard.press("t")
    expect(page).not_to_have_url(re.compile("training"))


def test_losses_after_a_full_recording_are_drawn_as_such(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, TWO.replace("range(60)", "range(2300)")))
    chart = training.locator("gw-loss-chart")
    expect(chart.locator("path.beyond")).to_have_attribute("d", re.compile("^M"))
    expect(chart).to_contain_text("recording full: only the loss")
    expect(slider(training)).to_have_accessible_name(re.compile("Then the recording was full; the loss went"))
    recorded_iterations = int(slider(training).get_attribute("aria-valuemax") or 0)
    assert recorded_iterations < 2300
    # what was not recorded cannot be gone to: the last that was is
    box = chart.locator(".plot").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 20)
    expect(page).to_have_url(re.compile(f"iteration={recorded_iterations - 1}"))


def test_one_iteration_is_no_training(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, TWO))
    page.goto(f"{address}/lessons/neuron")
    expect(told(page)).to_contain_text("Step 1 of")
    expect(training).to_be_hidden()
    expect(button(page, "Training")).to_have_count(0)
    box = page.locator("gw-stage").bounding_box()
    assert box
    assert box["height"] > 500
    page.keyboard.press("t")
    expect(training).to_be_hidden()


def test_an_iteration_is_chosen_by_keyboard_and_shown_at_the_same_step(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, TWO) + "?step=9&iteration=20")
    step = told(page).inner_text().split(".")[0]
    chart = slider(training)
    chart.focus()
    for key in ("PageUp", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(chart).to_have_attribute("aria-valuetext", re.compile(r"^iteration 28 of 60 \(step 27\), loss 0\.0\d+, w 2"))
    expect(training.locator(".there")).to_contain_text("iteration 28: 0.0")
    assert training.locator("gw-multiple line.pointed").count() == 2
    expect(page.locator("gw-timeline")).to_contain_text("iteration 21 of 60")
    page.keyboard.press("Enter")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 28 of 60")
    expect(told(page)).to_contain_text(step)
    page.wait_for_url(re.compile("iteration=27"))
    shown = page.locator("gw-timeline .loss-number").inner_text()
    expect(training.locator("gw-loss-chart b")).to_have_text(shown)
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(training.locator("line.pointed")).to_have_count(0)
    expect(training).to_be_visible()


def test_pointing_at_an_iteration_shows_its_numbers_everywhere_and_a_click_goes_there(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, TWO))
    w = multiple(training, "w")
    before = w.locator(".value-text").inner_text()
    box = w.locator(".plot").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 20)
    expect(training.locator(".there")).to_contain_text("iteration 60:")
    expect(w.locator(".value-text")).to_have_text("2.985")
    expect(multiple(training, "b").locator(".value-text")).to_have_text("−1")
    page.mouse.move(5, 5)
    expect(w.locator(".value-text")).to_have_text(before)
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + 20)
    expect(page.locator("gw-timeline")).to_contain_text("iteration 60 of 60")


def test_a_screen_reader_hears_each_curve_in_a_sentence(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, TWO))
    expect(multiple(training, "w").get_by_role("img")).to_have_attribute(
        "aria-label",
        re.compile(
            r"^w: gradient norm from 2\.571 down to 0\.01\d+, largest 2\.571 in iteration 1 \(step 0\); value from 0"
        ),
    )
    expect(slider(training)).to_have_attribute(
        "aria-label", re.compile("Loss from 4.857 down to .* logarithmic scale. Enter goes there.")
    )
    events = training.get_by_role("list", name="What happened in this training")
    assert events.get_by_role("listitem").count() == 2


def test_the_first_nan_is_one_click_away(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, BREAKS))
    first = training.get_by_role("button", name=re.compile("^First NaN"))
    expect(first).to_have_text("First NaN or infinite number: the value of sqrt (line 5), iteration 7 (step 6)")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 7 of 12")
    expect(page.locator("gw-timeline .loss-number")).to_have_text("NaN")
    expect(told(page)).to_contain_text("square root")
    expect(told(page)).to_contain_text("NaN")
    expect(page.locator("g.node.selected .number.value")).to_have_text("NaN")
    expect(page.locator(".cm-line.lit")).to_contain_text("torch.sqrt")
    expect(training.locator("gw-loss-chart rect.broken")).to_have_count(1)


def test_a_parameter_that_never_learned_is_named_and_shown(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, BREAKS))
    training.get_by_role("button", name=re.compile("^still never moved by its gradient: it was 0 in all 12")).click()
    expect(page.locator("g.node.selected")).to_contain_text("still")
    expect(training.locator("gw-multiple[selected] button")).to_have_text("still")


def test_a_node_stays_itself_where_the_graph_changes(page: Page, address: str) -> None:
    training = open_film(page, recorded(page, address, CHANGES))
    page.keyboard.press("Escape")
    page.locator("g.node", has_text="w").first.click()
    expect(training.locator("gw-film h3")).to_have_text("w")
    strip = training.get_by_role("listbox")
    strip.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 5 of 20")
    expect(page.locator("g.node.selected")).to_contain_text("w")
    expect(training.locator("gw-film h3")).to_have_text("w")
    page.locator("g.node[data-node=n3]").click()
    expect(training.locator("gw-film h3")).to_have_text("v")
    cells = training.get_by_role("option")
    expect(cells.nth(4)).to_have_attribute("aria-label", "iteration 5 (step 4): 0.5")
    expect(cells.nth(5)).to_have_attribute("aria-label", "iteration 6 (step 5): nothing")


def test_the_film_strip_fetches_what_is_in_view(page: Page, address: str) -> None:
    asked: list[int] = []
    page.on("request", lambda r: asked.extend(int(k) for k in re.findall(r"/iterations/(\d+)$", r.url)))
    training = open_film(page, recorded(page, address, LONG))
    cells = training.get_by_role("option")
    assert 100 <= cells.count() <= 102
    expect(training).to_contain_text("every 2nd iteration")
    expect(cells.nth(8)).to_have_attribute("aria-label", re.compile(r"^iteration 17 \(step 16\): 8×4, −"))
    assert max(asked) < 100
    strip = training.get_by_role("listbox")
    strip.focus()
    page.keyboard.press("End")
    expect(cells.last).to_have_attribute("aria-label", re.compile(r"^iteration 200 \(step 199\): 8×4, −"))
    expect(cells.last).to_be_in_viewport()
    assert len(asked) < 40
    before = cells.last.get_attribute("aria-label")
    training.get_by_role("button", name="Gradient").click()
    expect(cells.last).not_to_have_attribute("aria-label", before or "")
    expect(cells.last).to_have_attribute("aria-label", re.compile(r"^iteration 200 \(step 199\): 8×4, −"))
    page.keyboard.press("Tab")
    strip.focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 200 of 200")


def test_a_large_tensor_is_shown_by_its_statistics(page: Page, address: str) -> None:
    training = open_film(page, recorded(page, address, LARGE))
    expect(training.get_by_role("option").first).to_have_attribute(
        "aria-label", "iteration 1 (step 0): 4000, −1 … 2, mean 0.5"
    )


def test_a_film_strip_without_a_server_says_so_and_can_be_tried_again(
    page: Page, address: str, expected: list[str]
) -> None:
    expected.append("net::ERR_FAILED")
    training = open_training(page, recorded(page, address, LONG))

    def away(route: Route) -> None:
        route.abort()

    page.route("**/iterations/*", away)
    training.get_by_role("tab", name="Film strip").click()
    expect(training).to_contain_text("The server cannot be reached.")
    page.unroute("**/iterations/*", away)
    training.get_by_role("button", name="Try again").click()
    expect(training.get_by_role("option").nth(8)).to_have_attribute(
        "aria-label", re.compile(r"^iteration 17 \(step 16\): 8×4")
    )
    expect(training).not_to_contain_text("cannot be reached")


def test_many_parameters_stand_by_module_and_have_a_filter(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, DEEP))
    expect(training.locator("gw-multiple")).to_have_count(12)
    expect(training.locator("gw-multiples h4").first).to_have_text("net.0")
    training.get_by_label("Filter").fill("3.w")
    expect(training.locator("gw-multiple")).to_have_count(1)
    expect(training).to_contain_text("1 of 12 parameters")
    training.get_by_label("Filter").fill("nothing")
    expect(training).to_contain_text("No parameter's name holds “nothing”")


@pytest.mark.parametrize(
    "source", rest_at_night([TWO, LONG, BREAKS, DEEP], {TWO, BREAKS}), ids=["two", "long", "breaks", "deep"]
)
@pytest.mark.parametrize("large", rest_at_night([False, True], {True}), ids=["usual", "large"])
def test_curves_can_be_projected(page: Page, address: str, source: str, large: bool) -> None:
    training = open_training(page, recorded(page, address, source))
    if large:
        button(page, "Larger").click()
        expect(button(page, "Smaller")).to_be_visible()
    slider(training).focus()
    page.keyboard.press("ArrowRight")
    expect(training.locator(".there")).to_be_visible()
    found = curves(page)
    assert found.charts
    assert found.letters
    assert found.faults() == []


def test_a_curve_has_no_more_points_than_the_screen_can_show(page: Page, address: str) -> None:
    training = open_training(page, recorded(page, address, LONG))
    width = training.locator("gw-loss-chart svg").evaluate("svg => svg.clientWidth")
    paths = training.locator("path").evaluate_all("paths => paths.map(p => p.getAttribute('d').split('L').length)")
    # one more where a busy machine has ended the recording early: the losses after that
    assert len(paths) in (9, 10)
    assert max(paths) <= 4 * width


def test_a_small_screen_has_the_training_in_a_tab(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(recorded(page, address, TWO))
    expect(told(page)).to_contain_text("Step 1 of")
    page.get_by_role("tab", name="Training").click()
    expect(page.locator("gw-loss-chart")).to_be_visible()
    expect(page.locator("gw-stage")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("tab", name="Picture").click()
    expect(page.locator("gw-stage")).to_be_visible()
    expect(page.locator("gw-loss-chart")).to_be_hidden()
