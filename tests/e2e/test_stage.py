"""What the stage shows of values and gradients, where it has been wrong before."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import count_of_steps, open_page, run_program, told
from tests.e2e.lessons import MEASURED
from tests.e2e.picture import picture

TWICE = """import torch
w = torch.tensor(2.0, requires_grad=True)
loss = w * 3
loss.backward(retain_graph=True)
loss.backward()
"""
LONG = "import torch\nx = torch.tensor([[-0.5821, -0.02584, 1.02e-8], [-123456.0, 0.00258, -9.87654]])\ny = x * 2\n"
ACROSS = "import torch\nx = torch.tensor([[-9.0, 0.0], [5.0, 9.0]])\ny = x * 2\n"


def test_a_leaf_shows_its_grad_and_not_the_last_contribution(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, TWICE)
    leaf = page.locator("g.node.parameter .number.gradient")
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("w.grad was still there: 3 still there + 3 new = 6.")
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


def test_numbers_in_cells_stay_in_their_cells(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, LONG)
    expect(page.locator("g.node.input .in-cell")).to_have_count(6)
    spare = page.locator("g.node.input g.above").evaluate(
        """above => [...above.querySelectorAll('.in-cell')].map((text, i) =>
             above.querySelectorAll('rect')[i].getBoundingClientRect().width - text.getBoundingClientRect().width)"""
    )
    assert min(spare) > 0


@pytest.mark.parametrize("slug", MEASURED)
def test_every_step_of_a_lesson_can_be_projected(page: Page, address: str, slug: str) -> None:
    """At 1280x720 with the usual panels: all of the graph in view, nothing over another, every letter large."""
    open_page(page, f"{address}/lessons/{slug}")
    count = count_of_steps(page)
    faults = {}
    for number in range(1, count + 1):
        expect(told(page)).to_contain_text(f"Step {number} of")
        found = picture(page)
        assert found.cards
        assert found.edges
        assert found.letters
        faults[number] = found.faults()
        page.keyboard.press("ArrowRight")
    assert {number: what for number, what in faults.items() if what} == {}
