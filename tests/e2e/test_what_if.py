"""Numbers under the reader's hand: the run follows, and what the gradient predicts stands beside what came."""

import json
import math
import re

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.e2e.acting import open_page, recording_of, run_program, told

BRANCH = """import torch
w = torch.tensor(1.0, requires_grad=True)
y = w * 3
if w > 2:
    y = (y + 1) * y
loss = y * 1
loss.backward()
"""
FRAGILE = """import torch
w = torch.tensor(1.0, requires_grad=True)
if w > 1.5:
    raise ValueError('w is too large')
loss = w * w
loss.backward()
"""
KINDS = """import torch
n = torch.tensor([1, 2])
flag = torch.tensor([True, False])
big = torch.zeros(40, 40)
wide = torch.arange(100.).reshape(10, 10).requires_grad_()
loss = (wide * wide).sum() + (big * 1).sum() + (n * 1).sum() + (~flag).sum()
loss.backward()
"""
FROZEN = """import torch
w = torch.tensor(2.0, requires_grad=True)
frozen = torch.tensor(3.0)
loss = w * frozen
loss.backward()
"""
HALF = """import torch
w = torch.tensor(1.0, dtype=torch.float16, requires_grad=True)
loss = w * 1
loss.backward()
"""


def card(page: Page) -> Locator:
    return page.locator("gw-what-if")


def handle(page: Page, flat: int = 0) -> Locator:
    return card(page).locator(f"gw-number[data-flat='{flat}']").get_by_role("spinbutton")


def bar(page: Page) -> Locator:
    return page.locator("gw-what-if-bar .bar")


def cell(page: Page, name: str) -> str:
    """What the table of the change says in the row `name`."""
    return card(page).get_by_role("row", name=re.compile(f"^{name}")).locator("td").inner_text()


def number(text: str) -> float:
    found = re.search(r"[+−]?\d+\.?\d*(e[+−]?\d+)?", text)
    assert found, text
    return float(found[0].replace("−", "-"))


def at_rest(page: Page) -> None:
    """Waits until the hand has come to rest and what it asked for is on show."""
    page.wait_for_function(
        """() => {
          const { whatIf } = document.querySelector('gradwalk-app').shadowRoot.querySelector('gw-what-if-bar').view
          return whatIf === null || !whatIf.moving
        }"""
    )


def pull(page: Page, held: Locator, pixels: int) -> None:
    """Drags a number sideways, a few pixels at a time."""
    box = held.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for at in range(1, abs(pixels) + 1):
        page.mouse.move(x + math.copysign(at, pixels), y)
    page.mouse.up()


def neuron(**given: float) -> tuple[float, float]:
    """The loss of the neuron and its gradient with regard to w, from plain PyTorch."""
    start = {"x": 1.1, "y": 1.0, "w": 2.2, "b": 0.0, **given}
    x, y, w, b = (torch.tensor([start[name]], requires_grad=name in "wb") for name in "xywb")
    loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(x * w + b), y)
    torch.autograd.backward(loss)
    assert w.grad is not None
    return loss.item(), w.grad.item()


def test_a_dragged_weight_shows_the_predicted_and_the_real_change(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    entries = page.evaluate("history.length")
    places = page.locator("g.node").evaluate_all("all => all.map(e => e.getAttribute('transform'))")
    pull(page, handle(page), -39)
    at_rest(page)
    (before, gradient), (after, _) = neuron(), neuron(w=1.42)
    expect(handle(page)).to_have_text("1.42")
    assert number(cell(page, "change of w")) == pytest.approx(-0.78)
    assert number(cell(page, "gradient")) == pytest.approx(gradient, abs=5e-5)
    assert number(cell(page, "predicted change")) == pytest.approx(gradient * -0.78, abs=5e-5)
    assert number(cell(page, "real change")) == pytest.approx(after - before, abs=5e-5)
    assert number(cell(page, "difference")) == pytest.approx(after - before - gradient * -0.78, abs=5e-5)
    expect(page.locator("g.node[data-node=n2] .number.value")).to_have_text("1.42")
    expect(told(page)).to_contain_text("Step 10 of 14")
    expect(bar(page)).to_contain_text("What if w = 1.42 (recorded 2.2)")
    assert page.locator("g.node").evaluate_all("all => all.map(e => e.getAttribute('transform'))") == places
    assert page.evaluate("history.length") == entries


def test_the_plot_shows_what_was_visited_and_the_tangent(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    for value in ("0", "-2", "4"):
        handle(page).press("Enter")
        page.keyboard.insert_text(value)
        page.keyboard.press("Enter")
        at_rest(page)
    plot = card(page).locator("gw-loss-plot")
    expect(plot.locator("circle.visited")).to_have_count(4)
    expect(plot.locator("svg[role=img]")).to_have_attribute("aria-label", re.compile(r"4 runs.*gradient, −0\.0898"))
    # the recorded point lies on its tangent, and the curve, which is convex, above it
    tangent, recorded = plot.locator("svg[role=img] line.tangent"), plot.locator("svg[role=img] circle.recorded")
    x1, y1, x2, y2 = (float(tangent.get_attribute(name) or "") for name in ("x1", "y1", "x2", "y2"))

    def above(x: float, y: float) -> float:
        return y1 + (x - x1) / (x2 - x1) * (y2 - y1) - y

    x, y = (float(recorded.get_attribute(name) or "") for name in ("cx", "cy"))
    assert abs(above(x, y)) < 0.1
    dots = plot.locator("circle.visited").evaluate_all(
        "all => all.map(e => [+e.getAttribute('cx'), +e.getAttribute('cy')])"
    )
    assert all(above(x, y) > -0.1 for x, y in dots)


def test_by_keyboard_alone_and_back(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    handle(page).focus()
    page.keyboard.press("ArrowUp")
    expect(handle(page)).to_have_text("2.22")
    page.keyboard.press("PageDown")
    expect(handle(page)).to_have_text("2.02")
    page.keyboard.press("Shift+ArrowLeft")
    expect(handle(page)).to_have_text("2.018")
    expect(handle(page)).to_have_attribute("aria-valuetext", "2.018, recorded 2.2")
    at_rest(page)
    expect(page.locator("gw-what-if-bar [role=status]")).to_contain_text("What if w = 2.018 (recorded 2.2). Loss")
    expect(told(page)).to_contain_text("Step 10 of 14")
    page.keyboard.press("Delete")
    expect(handle(page)).to_have_text("2.2")
    expect(bar(page)).to_have_count(0)
    page.keyboard.press("ArrowUp")
    at_rest(page)
    page.keyboard.press("Escape")
    expect(bar(page)).to_have_count(0)
    expect(handle(page)).to_be_focused()
    page.wait_for_url("**/lessons/neuron?step=10**")
    page.keyboard.press("Escape")
    expect(page.locator("gw-inspector h2")).not_to_contain_text("follow steps")


def test_a_typed_number_is_the_one_that_the_program_gets(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    handle(page).click()
    field = card(page).get_by_role("textbox")
    field.fill("abc")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("2,3100000001")
    field.press("Enter")
    at_rest(page)
    expect(handle(page)).to_have_attribute("aria-valuenow", "2.31")
    assert number(cell(page, "change of w")) == pytest.approx(0.11)
    handle(page).click()
    field.fill("7")
    field.press("Escape")
    expect(handle(page)).to_have_attribute("aria-valuenow", "2.31")
    expect(bar(page)).to_have_count(1)


def test_a_half_is_rounded_as_the_program_rounds_it(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, HALF))
    page.locator("g.node.parameter").click()
    handle(page).press("Enter")
    page.keyboard.insert_text("1.23456")
    page.keyboard.press("Enter")
    at_rest(page)
    expected = torch.tensor(1.23456, dtype=torch.float16).item()
    shown = handle(page).get_attribute("aria-valuenow")
    assert torch.tensor(float(shown or ""), dtype=torch.float16).item() == expected
    # as the page writes it, with four digits
    assert number(cell(page, "real change")) == pytest.approx(expected - 1, abs=5e-5)


@pytest.mark.parametrize(("node", "name", "value"), [("n0", "x", 1.2), ("n1", "y", 0.5)])
def test_a_frozen_leaf_has_a_real_change_and_no_prediction(
    page: Page, address: str, node: str, name: str, value: float
) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node={node}")
    handle(page).press("Enter")
    page.keyboard.insert_text(str(value))
    page.keyboard.press("Enter")
    at_rest(page)
    assert cell(page, "predicted change") == "none"
    expect(card(page)).to_contain_text(f"no gradient, for {name} does not require one")
    change = neuron(**{name: value})[0] - neuron()[0]
    assert number(cell(page, "real change")) == pytest.approx(change, abs=5e-5)
    expect(card(page).locator("svg[role=img] line.tangent")).to_have_count(0)


def test_several_numbers_add_up(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=17")
    page.locator("g.node.parameter").first.click()
    handle(page).focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("Control+ArrowRight")
    expect(handle(page, 1)).to_be_focused()
    page.keyboard.press("PageDown")
    page.keyboard.press("Control+ArrowDown")
    expect(handle(page, 11)).to_be_focused()
    page.keyboard.press("PageUp")
    at_rest(page)
    parts = [number(cell(page, re.escape(f"fc1.weight[{at}]")).split("=")[1]) for at in ("0, 0", "0, 1", "1, 1")]
    predicted = number(cell(page, "predicted change"))
    assert predicted == pytest.approx(sum(parts), abs=2e-6)
    assert number(cell(page, "real change")) == pytest.approx(predicted, rel=0.2)
    expect(bar(page)).to_contain_text("and 2 more")


def test_what_is_kept_has_an_address_that_shows_the_same(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/fan-out?step=8")
    page.locator("g.node.parameter").click()
    page.wait_for_url("**node=n0**")
    handle(page).press("Enter")
    page.keyboard.insert_text("3.5")
    page.keyboard.press("Enter")
    at_rest(page)
    bar(page).get_by_role("button", name="Keep").click()
    expect(bar(page)).to_contain_text("What-if run: x = 3.5")
    page.wait_for_url("**/s/**")
    other = page.context.new_page()
    open_page(other, page.url)
    expect(other.locator("g.node.parameter .number.value")).to_have_text("3.5")
    expect(bar(other)).to_contain_text("What-if run: x = 3.5")
    bar(other).get_by_role("button", name="Run without").click()
    expect(other.locator("g.node.parameter .number.value")).to_have_text("3")
    expect(bar(other)).to_have_count(0)
    other.close()
    page.go_back()
    expect(page.locator("g.node.parameter .number.value")).to_have_text("3")
    assert "/lessons/fan-out" in page.url


def test_a_branch_that_depends_on_the_number_is_drawn(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, BRANCH))
    expect(page.locator("g.node:not(.parameter)")).to_have_count(3)
    page.locator("g.node.parameter").click()
    handle(page).press("Enter")
    page.keyboard.insert_text("3")
    page.keyboard.press("Enter")
    expect(bar(page)).to_contain_text("The program took another way here: 5 operations instead of 3.")
    expect(page.locator("g.node:not(.parameter)")).to_have_count(5)
    at_rest(page)
    assert number(cell(page, "predicted change")) == pytest.approx(3 * 2)
    assert number(cell(page, "real change")) == pytest.approx(90 - 3)
    page.keyboard.press("Escape")
    expect(page.locator("g.node:not(.parameter)")).to_have_count(3)


def test_a_program_that_stops_leaves_the_last_good_picture(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, FRAGILE))
    page.locator("g.node.parameter").click()
    handle(page).press("Enter")
    page.keyboard.insert_text("1.4")
    page.keyboard.press("Enter")
    at_rest(page)
    handle(page).press("Enter")
    page.keyboard.insert_text("1.6")
    page.keyboard.press("Enter")
    expect(bar(page)).to_contain_text("the program stops in line 4: ValueError: w is too large")
    expect(bar(page)).to_contain_text("The picture is still of w = 1.4")
    expect(page.locator("g.node.parameter .number.value")).to_have_text("1.4")


def test_a_busy_server_is_asked_again_when_it_said(page: Page, address: str, expected: list[str]) -> None:
    expected.append("503")
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    asked: list[float] = []

    def refuse_the_first(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "")["overrides"][0]["value"])
        if len(asked) > 1:
            return route.continue_()
        problem = {"type": "about:blank", "title": "Busy", "status": 503, "code": "busy", "detail": "Too many wait."}
        headers = {"Retry-After": "1", "Content-Type": "application/problem+json"}
        return route.fulfill(status=503, headers=headers, body=json.dumps(problem))

    page.route("**/api/v1/runs", refuse_the_first)
    handle(page).focus()
    page.keyboard.press("ArrowUp")
    expect(bar(page)).to_contain_text("Too many wait. Trying again in 1 s. The picture is still the recorded run.")
    expect(page.locator("g.node[data-node=n2] .number.value")).to_have_text("2.2")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(page.locator("g.node[data-node=n2] .number.value")).to_have_text("2.28")
    assert asked == [2.22, 2.28]


def test_a_fast_hand_never_has_two_runs_under_way(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    under_way: set[Request] = set()
    most = 0

    def begin(request: Request) -> None:
        nonlocal most
        if request.url.endswith("/runs"):
            under_way.add(request)
            most = max(most, len(under_way))

    def end(request: Request) -> None:
        under_way.discard(request)

    page.on("request", begin)
    page.on("requestfinished", end)
    page.on("requestfailed", end)
    pull(page, handle(page), 60)
    at_rest(page)
    assert most == 1
    expect(page.locator("g.node[data-node=n2] .number.value")).to_have_text("3.4")


@pytest.mark.parametrize(
    ("name", "why"),
    [("n", "Its numbers are whole (int64)"), ("flag", "true or false"), ("big", "gradwalk run --set 'big[…]=…'")],
)
def test_what_cannot_be_dragged_says_why(page: Page, address: str, name: str, why: str) -> None:
    open_page(page, recording_of(page, address, KINDS))
    page.locator("g.node.input").filter(has=page.get_by_text(name, exact=True)).click()
    expect(card(page)).to_contain_text(why)
    expect(card(page).get_by_role("spinbutton")).to_have_count(0)


def test_of_many_numbers_one_is_chosen(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, KINDS))
    page.locator("g.node.parameter").click()
    # the one with the largest gradient, to begin with
    expect(handle(page, 99)).to_have_attribute("aria-label", "wide[9, 9]")
    card(page).get_by_label("Index in dimension 0").fill("2")
    card(page).get_by_label("Index in dimension 0").press("Tab")
    card(page).get_by_label("Index in dimension 1").fill("5")
    card(page).get_by_label("Index in dimension 1").press("Tab")
    expect(handle(page, 25)).to_have_text("25")
    handle(page, 25).press("Enter")
    page.keyboard.insert_text("26")
    page.keyboard.press("Enter")
    at_rest(page)
    assert number(cell(page, "predicted change")) == pytest.approx(50)
    assert number(cell(page, "real change")) == pytest.approx(51)


def test_a_later_iteration_says_where_the_number_can_be_changed(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop?step=1&iteration=3")
    page.locator("g.node.parameter").first.click()
    expect(card(page)).to_contain_text("at its first use, which is in iteration 1")
    card(page).get_by_role("button", name="Go to iteration 1").click()
    handle(page).focus()
    page.keyboard.press("PageUp")
    at_rest(page)
    page.keyboard.press("]")
    expect(card(page)).to_contain_text("iteration 2 (iteration = 1) comes after further updates")
    assert cell(page, "predicted change") == "none"
    assert number(cell(page, "real change")) != 0


def test_a_new_run_of_the_program_ends_it(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
    handle(page).focus()
    page.keyboard.press("ArrowUp")
    at_rest(page)
    run_program(page, FROZEN)
    expect(bar(page)).to_have_count(0)
    expect(page.locator("g.node.parameter .number.value")).to_have_text("2")


def transform(page: Page) -> str | None:
    return page.locator("g.canvas").get_attribute("transform")


def test_a_number_is_dragged_where_it_stands_and_the_plane_is_not(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    before = transform(page)
    pull(page, page.locator("g.node[data-node=n2] .above .number"), -39)
    expect(page.locator("g.node[data-node=n2] .above .number")).to_have_text("1.42")
    at_rest(page)
    assert transform(page) == before
    # the inspector tells what came of it
    (first, gradient), (last, _) = neuron(), neuron(w=1.42)
    page.get_by_role("tab", name="Inspector").click()
    assert number(cell(page, "predicted change")) == pytest.approx(gradient * -0.78, abs=5e-5)
    assert number(cell(page, "real change")) == pytest.approx(last - first, abs=5e-5)
    pull(page, page.locator("g.node[data-node=n2] .above .number"), 39)
    expect(bar(page)).to_have_count(0)
    pull(page, page.locator("g.node[data-node=n2] rect.card"), 39)
    assert transform(page) != before


def test_a_click_on_a_number_selects_its_node(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    page.locator("g.node[data-node=n2] .above .number").click()
    expect(page.locator("g.node[data-node=n2]")).to_have_class(re.compile(r"\bselected\b"))
    expect(bar(page)).to_have_count(0)


def test_what_an_update_made_is_not_what_a_drag_would_change(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop?step=5&iteration=0")
    pullable = page.locator("g.node.parameter.pullable")
    expect(pullable).to_have_count(2)
    page.keyboard.press("End")
    expect(pullable).to_have_count(0)


def test_on_the_projector_the_bar_says_what_came(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    page.keyboard.press("f")
    pull(page, page.locator("g.node[data-node=n2] .above .number"), 39)
    expect(bar(page)).to_contain_text("What if w = 2.98")
    at_rest(page)
    (before, gradient), (after, _) = neuron(), neuron(w=2.98)
    expect(bar(page)).to_contain_text(re.compile(r"loss 0\.0852 → 0\.0370?"))
    said = bar(page).locator(".losses b").all_inner_texts()
    assert [number(text) for text in said] == pytest.approx([gradient * 0.78, after - before], abs=5e-5)


def test_a_finger_drags_a_number(browser: Browser, address: str) -> None:
    with browser.new_context(
        viewport={"width": 1280, "height": 720}, has_touch=True, reduced_motion="reduce"
    ) as touching:
        page = touching.new_page()
        open_page(page, f"{address}/lessons/neuron?step=10&node=n2")
        before = transform(page)
        screen = touching.new_cdp_session(page)
        for held, shown in ((handle(page), "2.98"), (page.locator("g.node[data-node=n2] .above .number"), "2.2")):
            box = held.bounding_box()
            assert box
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            way = range(40) if shown == "2.98" else range(0, -40, -1)
            for at in way:
                kind = "touchStart" if at == 0 else "touchMove"
                screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + at, "y": y}]})
            screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            at_rest(page)
            expect(page.locator("g.node[data-node=n2] .above .number")).to_have_text(shown)
        assert transform(page) == before
