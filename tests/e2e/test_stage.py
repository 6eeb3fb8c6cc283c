"""What the stage shows of values and gradients, where it has been wrong before."""

from playwright.sync_api import Page, expect

from tests.e2e.acting import open_page, run_program, told

TWICE = """import torch
w = torch.tensor(2.0, requires_grad=True)
loss = w * 3
loss.backward(retain_graph=True)
loss.backward()
"""
ACROSS = "import torch\nx = torch.tensor([[-9.0, 0.0], [5.0, 9.0]])\ny = x * 2\n"


def test_a_leaf_shows_its_grad_and_not_the_last_contribution(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, TWICE)
    leaf = page.locator("g.node.parameter .number.gradient")
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("w.grad is now 6")
    expect(leaf).to_have_text("6")


def test_a_new_run_shows_its_own_numbers(page: Page, address: str) -> None:
    """The ids of nodes and tensors are the same in both snapshots."""
    open_page(page, f"{address}/lessons/neuron")
    for value in ("2.5", "7.5"):
        run_program(page, f"import torch\nx = torch.tensor({value})\ny = x * 1\n")
        expect(page.locator("g.node.input .number.value")).to_have_text(value)


def test_numbers_in_cells_have_the_ink_that_their_cell_asks_for(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, ACROSS)
    cells = page.locator("g.node.input .in-cell")
    expect(cells).to_have_count(4)
    inks = cells.evaluate_all("texts => texts.map(text => getComputedStyle(text).fill)")
    assert set(inks) == {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}
