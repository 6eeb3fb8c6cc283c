"""The inspector: numbers, formulas, whole tensors."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.acting import open_page, run_program

LARGE = "import torch\nbig = torch.arange(1600.).reshape(40, 40)\nout = big * 2\n"
BLOCK = "import torch\nblock = torch.arange(24.).reshape(2, 3, 4)\nout = block + 0.5\n"


def test_a_backward_step_shows_the_chain_rule_with_its_numbers(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    inspector = page.locator("gw-inspector")
    for text in ("∂L/∂z = ∂L/∂a · ∂a/∂z", "∂a/∂z = 0.075", "−1.089 · 0.075", "−0.0817", "SigmoidBackward0", "line 12"):
        expect(inspector).to_contain_text(re.compile(re.escape(text).replace(r"\ ", r"\s+")))


def test_contributions_add_up(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/fan-out?step=8")
    expect(page.locator("gw-inspector")).to_contain_text(re.compile(r"∂L/∂x\s*=\s*6 \+ 14\s*=\s*20"))


def test_what_has_not_come_yet_names_its_step_and_leads_there(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=7&node=n6")
    inspector = page.locator("gw-inspector")
    expect(inspector).to_contain_text("0.9183")
    expect(inspector).not_to_contain_text("−1.089")
    inspector.get_by_role("button", name=re.compile(r"^step \d+")).first.click()
    expect(inspector).to_contain_text("−1.089")


def test_a_node_is_selected_by_a_click_and_its_line_is_marked(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.locator("g.node[data-node=n2]").click()
    expect(page.locator("gw-inspector h2")).to_contain_text("w")
    expect(page.locator(".cm-line.selected")).to_contain_text("w = torch.tensor([2.2]")
    page.wait_for_url(re.compile("node=n2"))
    page.keyboard.press("Escape")
    expect(page.locator("gw-inspector h2")).not_to_contain_text("follow steps")


def test_a_tensor_too_large_for_the_iteration_is_fetched_whole(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, LARGE)
    page.locator("g.node[data-node=n1]").click()
    page.keyboard.press("End")
    tensor = page.locator("gw-tensor").first
    expect(tensor.locator("gw-heat-map canvas.map")).to_be_visible()
    tensor.get_by_role("button", name="numbers").click()
    expect(tensor.locator("tbody tr").nth(1).locator("td").nth(2)).to_have_text("42")
    expect(tensor).to_contain_text("1599")


def test_a_block_of_numbers_is_shown_slice_by_slice(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, BLOCK)
    page.locator("g.node[data-node=n1]").click()
    page.keyboard.press("End")
    tensor = page.locator("gw-tensor").first
    expect(tensor.locator("tbody td").first).to_have_text("0")
    tensor.get_by_label("dim 0").fill("1")
    expect(tensor.locator("tbody td").first).to_have_text("12")
