"""Why a number is what it is: the pages of the inspector with formulas, values, gradients, updates and elements."""

import re

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
        ["v4=x⋅w", "=1.1⋅2.2", "v4=2.42"],
        ["z=v4+b", "=2.42+0", "z=2.42"],
        ["a=σ(z)=11+e−z", "=σ(2.42)", "a=0.9183"],
        ["loss=−1n∑", "loss=0.0852"],
        ["∂L∂loss=1", "∂L∂a=∂L∂loss⋅∂loss∂a", "∂loss∂a=a−ya⋅(1−a)", "=1⋅0.9183−10.9183⋅(1−0.9183)", "∂L∂a=−1.089"],
        ["∂L∂a=−1.089", "∂L∂z=∂L∂a⋅∂a∂z", "∂a∂z=a⋅(1−a)", "=−1.089⋅0.9183⋅(1−0.9183)", "∂L∂z=−0.0817"],
        ["∂L∂v4=∂L∂z⋅∂z∂v4", "∂L∂b=∂L∂z⋅∂z∂b", "=−0.0817⋅1"],
        ["∂L∂b=∂L∂z⋅∂z∂b", "∂L∂b=−0.0817", "b.grad=−0.0817"],
        ["∂L∂w=∂L∂v4⋅∂v4∂w", "∂v4∂w=x", "=−0.0817⋅1.1", "∂L∂w=−0.0898"],
        ["∂L∂w=∂L∂v4⋅∂v4∂w", "=−0.0817⋅1.1", "∂L∂w=−0.0898", ".grad=−0.0898"],
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
    expect_formula(page, "∂L∂fc1.weight1,1=")
    expect(inspector.locator("td.picked")).to_have_attribute("data-row", "1")
    cell(inspector, 2, 0).click()
    expect_formula(page, "∂L∂fc1.weight2,0=")
    field = card(page, "Gradient of weight").get_by_label("Index in dimension 1")
    field.fill("2")
    field.press("Enter")
    expect_formula(page, "∂L∂fc1.weight2,2=")


def test_an_update_is_the_rule_of_its_optimizer(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=17")
    update = card(page, "Update of fc1.weight")
    expect(update.locator("h3")).to_contain_text("SGD")
    expect_formula(page, "=w−η⋅g")
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
    expect_formula(page, "∂L∂v4=−0.0817")
    expect(checked.get_by_role("table")).to_have_count(0)


def test_the_element_that_was_chosen_is_checked(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    cell(inspector, 2, 0).click()
    expect_formula(page, "∂L∂fc1.weight2,0=")
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
