"""Why a number is what it is: the pages of the inspector with formulas, values, gradients, updates and elements."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import open_page, recording_of, told
from tests.e2e.test_inspector import LAYERS, cell, show

BROADCAST = """import torch
x = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])
b = torch.tensor([0.5, -0.5], requires_grad=True)
loss = ((x + b) ** 2).sum()
loss.backward()
"""
SEVERAL = """import torch
x = torch.tensor(2., requires_grad=True)
left = x * 3
right = x * x
loss = left + right
loss.backward()
"""
VIEW = """import torch
w = torch.tensor([[1., 2.]], requires_grad=True)
turned = w.T
loss = turned.sum()
loss.backward()
"""
ERFC = """import torch
x = torch.tensor([0.5], requires_grad=True)
y = torch.special.erfcx(x)
y.sum().backward()
"""
"""An operation of which only PyTorch's own declaration is known."""
CUSTOM = Path("app/gradwalk/lessons/programs/custom-function.py").read_text("utf-8")
"""Two Functions of the program's own: a right one and a wrong one."""
SLOW_FUNCTION = """import time, torch
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        time.sleep(1.5)
        return x * 2
    @staticmethod
    def backward(ctx, gradient):
        return gradient * 2
x = torch.tensor(3., requires_grad=True)
Twice.apply(x).backward()
"""
RUNNING_SUM = """import torch
class RunningSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.cumsum(0)
    @staticmethod
    def backward(ctx, gradient):
        return gradient.flip(0).cumsum(0).flip(0)
x = torch.tensor([1., 2., 3.], requires_grad=True)
y = RunningSum.apply(x)
(y * torch.tensor([1., 10., 100.])).sum().backward()
"""
FAILS_ALONE = """import torch
class Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, gradient):
        if gradient.sum() != 6:
            raise ValueError('I only take sixes')
        return gradient
x = torch.tensor([1., 2.], requires_grad=True)
(Once.apply(x) * 3).sum().backward()
"""


def formulas(page: Page) -> str:
    """All formulas of the explanation on show, as their letters and numbers stand there, without spaces."""
    texts = page.locator("gw-explain gw-math math").all_text_contents()
    return re.sub(r"\s|\u2061", "", "".join(texts))


def expect_formula(page: Page, wanted: str) -> None:
    """Waits until it stands there; as `formulas` writes it."""
    for _ in range(100):
        if wanted in formulas(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{wanted} is not in {formulas(page)}")


def card(page: Page, name: str) -> Locator:
    return page.locator("gw-explain").get_by_role("region", name=name)


def test_every_step_of_the_neuron_is_read_by_keyboard(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=5")
    pages = [
        ["x⋅w", "=1.1⋅2.2", "=2.42"],
        ["z=(x⋅w)+b", "=2.42+0", "z=2.42"],
        ["a=σ(z)=11+e−z", "=σ(2.42)", "a=0.9183"],
        ["loss=−1n∑", "loss=0.0852"],
        ["∂L∂loss=1", "∂L∂a=∂L∂loss⋅∂loss∂a", "∂loss∂a=a−ya⋅(1−a)", "=1⋅0.9183−10.9183⋅(1−0.9183)", "∂L∂a=−1.089"],
        ["∂L∂a=−1.089", "∂L∂z=∂L∂a⋅∂a∂z", "∂a∂z=a⋅(1−a)", "=−1.089⋅0.9183⋅(1−0.9183)", "∂L∂z=−0.0817"],
        ["∂L∂(x⋅w)=∂L∂z⋅∂z∂(x⋅w)", "∂L∂b=∂L∂z⋅∂z∂b", "=−0.0817⋅1"],
        ["∂L∂b=∂L∂z⋅∂z∂b", "∂L∂b=−0.0817", "b.grad=−0.0817"],
        ["∂L∂w=∂L∂(x⋅w)⋅∂(x⋅w)∂w", "∂(x⋅w)∂w=x", "=−0.0817⋅1.1", "∂L∂w=−0.0898"],
        ["∂L∂w=∂L∂(x⋅w)⋅∂(x⋅w)∂w", "=−0.0817⋅1.1", "∂L∂w=−0.0898", ".grad=−0.0898"],
    ]
    for index, wanted in enumerate(pages):
        expect(told(page)).to_contain_text(f"Step {index + 5} of 14")
        for formula in wanted:
            expect_formula(page, formula)
        page.keyboard.press("ArrowRight")
    expect(page.locator("gw-explain .agreement")).to_contain_text("PyTorch has the same: −0.0898")
    expect(page.locator("gw-chain")).not_to_be_visible()


def test_values_are_blue_and_gradients_vermilion_without_inline_styles(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    expect_formula(page, "∂L∂z=−0.0817")
    colour = "e => getComputedStyle(e).color"
    numbers = page.locator("gw-explain .card:not(.gradient) li").nth(2)
    assert numbers.locator(".grad").first.evaluate(colour) == "rgb(185, 71, 0)"
    assert numbers.locator(".value").first.evaluate(colour) == "rgb(0, 109, 168)"
    assert page.locator("gw-explain [style*=color]").count() == 0


def test_a_term_leads_to_the_node_that_it_comes_from(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=13")
    card(page, "Passed on to w").get_by_role("button", name="x", exact=True).click()
    expect(page.locator("gw-inspector h2")).to_contain_text("x")
    page.wait_for_url(re.compile("node=n0"))


def test_contributions_that_add_up_are_shown_one_by_one(page: Page, address: str) -> None:
    show(page, address, SEVERAL, "x")
    expect_formula(page, "=3+2+2")
    expect_formula(page, "∂L∂x=7")
    rows = card(page, "Gradient of x").get_by_role("row")
    expect(rows).to_have_text([re.compile(r"from\s*left\s*3"), re.compile(r"from\s*right\s*2"), re.compile("right")])


def test_broadcasting_adds_up_what_came_back_for_each_row(page: Page, address: str) -> None:
    show(page, address, BROADCAST, "b")
    # the largest element is taken first: 2 · (1.5 + 3.5 + 5.5)
    expect_formula(page, "∂L∂b0=21")
    terms = page.get_by_role("table", name="The terms that are added").get_by_role("row")
    expect(terms).to_have_count(3)
    expect(terms.nth(0)).to_contain_text("3 · 1")
    expect(page.locator("gw-explain")).to_contain_text("3 terms are added")


def test_a_cell_of_a_matrix_is_chosen_by_keyboard_and_by_a_click(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    expect(card(page, "Gradient of weight")).to_be_visible()
    inspector.get_by_role("region", name="Numbers of value and ∂L/∂weight").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect_formula(page, "∂L∂W1,1fc1=")
    expect(inspector.locator("td.picked")).to_have_attribute("data-row", "1")
    cell(inspector, 2, 0).click()
    expect_formula(page, "∂L∂W2,0fc1=")
    field = card(page, "Gradient of weight").get_by_label("Index in dimension 1")
    field.fill("2")
    field.press("Enter")
    expect_formula(page, "∂L∂W2,2fc1=")


def test_the_sizes_that_cancel_are_struck_through_in_both_themes(page: Page, address: str) -> None:
    show(page, address, LAYERS, "fc1.weight")
    strokes = page.locator("gw-explain .tml-cancel")
    expect(strokes).to_have_count(2)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for stroke in strokes.all():
            drawn = stroke.evaluate("""one => {
              const [own, size] = [getComputedStyle(one), one.previousElementSibling]
              return own.clipPath.startsWith('polygon') && one.getBoundingClientRect().width > 5
                && own.backgroundColor === getComputedStyle(size).color
            }""")
            assert drawn, scheme


def test_an_update_is_the_rule_of_its_optimizer(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=17")
    update = card(page, "Update of fc1.weight")
    expect(update.locator("h3")).to_contain_text("SGD")
    expect_formula(page, "fc1−η⋅g")
    expect(update).to_contain_text("lr = 0.01")
    expect(page.locator("gw-update")).not_to_be_visible()


def test_an_operation_that_nobody_described_says_so_and_keeps_its_numbers(page: Page, address: str) -> None:
    show(page, address, ERFC, "special_erfcx")
    passed = card(page, "Passed on to x")
    expect(passed.locator("summary")).to_have_text(re.compile("declared|measured"))
    expect_formula(page, "∂L∂x=")


def test_without_a_network_the_short_cards_stay(page: Page, address: str, expected: list[str]) -> None:
    expected.append("ERR_FAILED")
    page.route("**/explanations/**", lambda route: route.abort())
    open_page(page, f"{address}/lessons/neuron?step=10")
    expect(page.locator("gw-chain")).to_contain_text(re.compile(r"∂L/∂z\s+=\s+∂L/∂a\s+·\s+∂a/∂z"))
    expect(page.locator("gw-explain .note")).to_contain_text("The server cannot be reached")
    page.unroute("**/explanations/**")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect_formula(page, "∂L∂z=−0.0817")


def test_a_recording_of_two_runs_has_the_short_cards(page: Page, address: str) -> None:
    other = recording_of(page, address, "import torch\nw = torch.tensor(2., requires_grad=True)\n(w * w).backward()\n")
    first = recording_of(page, address, "import torch\nw = torch.tensor(3., requires_grad=True)\n(w * w).backward()\n")
    page.goto(f"{first}?compare={other.rsplit('/', 1)[1]}&step=4")
    expect(told(page)).to_have_count(2)
    page.get_by_role("tab", name="Inspector").click()
    expect(page.locator("gw-inspector h2")).to_be_visible()
    assert page.locator("gw-explain gw-math").count() == 0


# ---------------------------------------------------------------------- checks


def test_a_gradient_is_checked_by_a_key_and_both_numbers_are_shown(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=14")
    expect_formula(page, "∂L∂w=−0.0898")
    page.keyboard.press("v")
    checked = page.locator("gw-check")
    expect(checked).to_contain_text("They agree within what float32 can tell", timeout=30_000)
    rows = checked.get_by_role("table", name="The check by finite differences").get_by_role("row")
    expect(rows).to_have_count(6)
    expect(rows.nth(3)).to_contain_text(re.compile(r"finite differences\s*−0\.0898"))
    expect(rows.nth(4)).to_contain_text(re.compile(r"PyTorch’s gradient\s*−0\.0898"))
    expect(rows.nth(0)).to_contain_text("step h")
    page.keyboard.press("ArrowLeft")
    expect_formula(page, "∂L∂(x⋅w)=−0.0817")
    expect(checked.get_by_role("table")).to_have_count(0)


def test_the_element_that_was_chosen_is_checked(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    cell(inspector, 2, 0).click()
    expect_formula(page, "∂L∂W2,0fc1=")
    with page.expect_request("**/checks") as asked:
        inspector.get_by_role("button", name="Check it").click()
    body = asked.value.post_data_json
    assert isinstance(body, dict)
    assert (body["element"], body["pass"], body["output"]) == ([2, 0], 0, 0)
    expect(page.locator("gw-check p").last).to_contain_text(re.compile("agree within|kink"), timeout=30_000)


def test_a_check_that_cannot_be_made_says_why(page: Page, address: str, expected: list[str]) -> None:
    expected.append("422")
    show(page, address, VIEW, "turned")
    expect(card(page, "Gradient of turned")).to_be_visible()
    page.keyboard.press("v")
    expect(page.locator("gw-check")).to_contain_text("This tensor is a view", timeout=30_000)


def test_where_there_is_no_gradient_the_key_says_so(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=6")
    page.keyboard.press("v")
    expect(page.locator("gw-notice")).to_contain_text("There is no gradient to check")


def test_without_a_network_the_check_says_so(page: Page, address: str, expected: list[str]) -> None:
    expected.append("ERR_FAILED")
    open_page(page, f"{address}/lessons/neuron?step=14")
    expect_formula(page, "∂L∂w=−0.0898")
    page.route("**/checks", lambda route: route.abort())
    page.keyboard.press("v")
    expect(page.locator("gw-check")).to_contain_text("The server cannot be reached")
    expect(page.get_by_role("button", name="Check it")).to_be_enabled()


# ---------------------------------------------------------------- measurements


def test_a_wrong_backward_is_measured_by_keyboard_and_called_wrong(page: Page, address: str) -> None:
    show(page, address, CUSTOM, "Wrong")
    passed = card(page, "Passed on to b")
    expect(passed.locator("summary")).to_have_text("not known")
    expect(passed).to_contain_text("PyTorch has no formula for it. What goes on is what its own backward computes.")
    expect(passed).not_to_contain_text("PyTorch's own formula")
    passed.get_by_role("button", name="b", exact=True).focus()
    page.keyboard.press("Tab")
    expect(passed.get_by_role("button", name="Measure it")).to_be_focused()
    page.keyboard.press("Enter")
    warning = passed.get_by_role("status").locator(".warning")
    expect(warning).to_contain_text("Warning: Backward is not the slope of forward here: it says 3", timeout=30_000)
    expect(warning).to_contain_text("the result moves 6 times as far")
    expect(warning.locator("svg")).to_be_visible()
    expect(warning).to_be_in_viewport(ratio=1)
    expect(passed.get_by_role("status")).to_contain_text("Measured 3, and PyTorch recorded the same.")
    expect(passed.locator("summary")).to_have_text("measured")
    expect(passed.locator("details")).to_contain_text("backward called on basis vectors")
    expect_formula(page, "∂b=3")
    expect(passed.get_by_role("button", name="Measure again")).to_be_focused()


def test_a_right_backward_is_measured_without_a_warning(page: Page, address: str) -> None:
    show(page, address, CUSTOM, "Square")
    passed = card(page, "Passed on to a")
    passed.get_by_role("button", name="Measure it").click()
    expect(passed.get_by_role("status")).to_contain_text("Measured 6, and PyTorch recorded the same.", timeout=30_000)
    expect(passed).to_contain_text("backward is the slope of forward")
    expect(passed.locator(".warning")).to_have_count(0)
    # it stands there again when the reader comes back
    page.keyboard.press("Home")
    expect(passed).to_have_count(0)
    page.keyboard.press("End")
    expect(passed.get_by_role("status")).to_contain_text("Measured 6")


def test_only_terms_that_are_not_zero_are_listed_for_the_element_that_was_chosen(page: Page, address: str) -> None:
    show(page, address, RUNNING_SUM, "RunningSum")
    passed = card(page, "Passed on to x")
    field = passed.get_by_label("Index in dimension 0")
    field.fill("1")
    field.press("Enter")
    expect_formula(page, "∂L∂x1=")
    with page.expect_request("**/measurements?**") as asked:
        passed.get_by_role("button", name="Measure it").click()
    assert asked.value.method == "POST"
    assert asked.value.url.endswith("/measurements?pass=0&element=1")
    expect(passed.get_by_role("status")).to_contain_text("Measured 110", timeout=30_000)
    rows = passed.get_by_role("table", name="The terms that are added").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("10 · 1")
    expect(rows.nth(1)).to_contain_text("100 · 1")


def test_what_pytorch_declares_is_measured_too(page: Page, address: str) -> None:
    show(page, address, ERFC, "special_erfcx")
    passed = card(page, "Passed on to x")
    passed.get_by_role("button", name="Measure it").click()
    expect(passed.get_by_role("status")).to_contain_text("and PyTorch recorded the same", timeout=30_000)


def test_a_backward_that_fails_alone_is_told_and_the_card_stays(page: Page, address: str) -> None:
    show(page, address, FAILS_ALONE, "Once")
    passed = card(page, "Passed on to x")
    passed.get_by_role("button", name="Measure it").click()
    said = passed.get_by_role("status")
    expect(said).to_contain_text("Not measured: backward raised an error when it was called alone", timeout=30_000)
    expect(said).to_contain_text("I only take sixes")
    expect(passed.locator("summary")).to_have_text("not known")
    expect_formula(page, "∂L∂x0=3")


def test_measuring_is_cancelled_by_its_button_and_by_leaving_the_step(page: Page, address: str) -> None:
    show(page, address, SLOW_FUNCTION, "Twice")
    passed = card(page, "Passed on to x")
    passed.get_by_role("button", name="Measure it").click()
    expect(passed.get_by_role("status")).to_have_text("Your program runs again …")
    with page.expect_event("requestfailed"):
        page.keyboard.press("Enter")
    expect(passed.get_by_role("status")).to_have_text("Cancelled: nothing was measured.")
    passed.get_by_role("button", name="Measure it").click()
    expect(passed.get_by_role("status")).to_have_text("Your program runs again …")
    with page.expect_event("requestfailed"):
        page.keyboard.press("Home")
    page.keyboard.press("End")
    expect(passed.get_by_role("button", name="Measure it")).to_be_visible()
    expect(passed.get_by_role("status")).to_be_empty()


def test_without_a_network_the_measurement_says_so(page: Page, address: str, expected: list[str]) -> None:
    expected.append("ERR_FAILED")
    show(page, address, CUSTOM, "Wrong")
    passed = card(page, "Passed on to b")
    page.route("**/measurements?**", lambda route: route.abort())
    passed.get_by_role("button", name="Measure it").click()
    expect(passed.get_by_role("status")).to_contain_text("The server cannot be reached")
    expect(passed.locator("summary")).to_have_text("not known")
    expect_formula(page, "∂L∂b=3")
    page.unroute("**/measurements?**")
    passed.get_by_role("button", name="Measure it").click()
    expect(passed.get_by_role("status")).to_contain_text("Measured 3", timeout=30_000)
    expect(passed).not_to_contain_text("The server cannot be reached")
