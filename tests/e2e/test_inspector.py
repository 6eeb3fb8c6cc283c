"""The inspector: numbers, formulas, whole tensors, what autograd saved."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import open_page, recording_of, run_program, told

LARGE = "import torch\nbig = torch.arange(1600.).reshape(40, 40)\nout = big * 2\n"
BLOCK = "import torch\nblock = torch.arange(24.).reshape(2, 3, 4)\nout = block + 0.5\n"
LAYERS = """import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(4, 3, requires_grad=True)
fc1 = nn.Linear(3, 5)
h = fc1(x)
bn = nn.BatchNorm1d(5)
z = bn(h)
loss = nn.functional.cross_entropy(z, torch.tensor([0, 1, 2, 3]))
loss.backward()
"""
BROKEN = """import torch
x = torch.tensor([[1., -1., 0.], [4., float('inf'), 9.]], requires_grad=True)
y = x.sqrt()
y.sum().backward()
"""
SQUARE = """import torch
w = torch.linspace(-1, 1, {0} * {0}).reshape({0}, {0}).requires_grad_()
loss = (w * w).mean()
loss.backward()
"""
KINDS = """import torch
mask = torch.tensor([True, False])
whole = torch.tensor([7, 0, -3])
turned = torch.tensor([1 + 2j, -0.5j])
"""
HIDDEN_BY_HOOKS = """import torch
w = torch.ones(2, requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
    y = w.exp()
y.sum().backward()
"""


def show(page: Page, address: str, source: str, node: str) -> Locator:
    """Runs a program, goes to its end, and looks at a node: by its name in the program, or by its operation's."""
    recording = recording_of(page, address, source)
    graph = page.request.get(recording.replace("/s/", "/api/v1/snapshots/")).json()["graphs"][0]
    found = next(one["id"] for one in graph["nodes"] if node in (one["name"], one["op"]))
    open_page(page, f"{recording}?node={found}")
    page.keyboard.press("End")
    expect(page.locator("gw-inspector h2")).to_contain_text("follow steps")
    return page.locator("gw-inspector")


def cells(table: Locator) -> Locator:
    """The cells that hold numbers."""
    return table.locator("td[data-row]")


def cell(within: Locator, row: int, column: int) -> Locator:
    return within.locator(f"td[data-row='{row}'][data-column='{column}']")


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


# ---------------------------------------------------------------------- tensors


def test_a_tensor_too_large_for_the_iteration_is_fetched_whole(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, LARGE)
    page.locator("g.node[data-node=n1]").click()
    page.keyboard.press("End")
    card = page.locator("gw-tensor-card").first
    expect(card.locator("gw-heat-map canvas.map")).to_be_visible()
    expect(card).to_contain_text("largest 1599 at [39, 39]")
    card.get_by_role("tab", name="Table").click()
    expect(cell(card, 1, 2)).to_have_text("42")


def test_a_block_of_numbers_is_shown_slice_by_slice_with_the_keyboard(page: Page, address: str) -> None:
    inspector = show(page, address, BLOCK, "block")
    expect(inspector.locator("code")).to_have_text("[0, :, :]")
    expect(cells(inspector).first).to_have_text("0")
    slider = inspector.get_by_label("dim 0")
    slider.focus()
    step = told(page).inner_text()
    page.keyboard.press("ArrowRight")
    expect(inspector.locator("code")).to_have_text("[1, :, :]")
    expect(cells(inspector).first).to_have_text("12")
    assert told(page).inner_text() == step, "the key is the slider's, not the timeline's"
    page.keyboard.press("ArrowRight")
    expect(cells(inspector).first).to_have_text("12")


def test_value_and_gradient_stand_side_by_side_in_a_real_table(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    table = inspector.locator("gw-tensor-table table")
    expect(table.locator("caption")).to_have_text(
        "value and ∂L/∂weight, [5, 3] · float32; in each cell the value above, the gradient below"
    )
    expect(table.get_by_role("columnheader")).to_have_text(["in 0", "in 1", "in 2"])
    expect(table.get_by_role("rowheader").first).to_have_text("out 0")
    expect(cell(inspector, 0, 0).locator("span")).to_have_text(["−0.0931", re.compile(r"gradient −0\.\d+")])


def test_arrow_keys_go_from_cell_to_cell(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    table = inspector.get_by_role("region", name="Numbers of value and ∂L/∂weight")
    inspector.get_by_role("tab", name="Table").focus()
    page.keyboard.press("Tab")
    expect(table).to_be_focused()
    step = told(page).inner_text()
    readout = inspector.locator(".readout")
    expect(readout).to_contain_text("[0, 0]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(readout).to_contain_text("[1, 1] value −0.363464")
    expect(inspector.locator("td.at")).to_have_attribute("data-row", "1")
    page.keyboard.press("Control+End")
    expect(readout).to_contain_text("[4, 2]")
    assert told(page).inner_text() == step
    page.keyboard.press("Shift+Tab")
    expect(readout).to_be_empty()


def test_views_are_tabs_for_arrow_keys(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    inspector.get_by_role("tab", name="Table").focus()
    page.keyboard.press("ArrowRight")
    expect(inspector.get_by_role("tab", name="Heatmap")).to_be_focused()
    expect(inspector.get_by_role("tab", name="Heatmap")).to_have_attribute("aria-selected", "true")
    expect(inspector.locator("gw-heat-map")).to_have_count(2)
    page.keyboard.press("End")
    expect(inspector.get_by_role("tab", name="Histogram")).to_be_focused()
    expect(inspector.get_by_role("img", name=re.compile("^Histogram of value: 15 numbers from"))).to_be_visible()
    expect(inspector.locator("gw-stats tbody tr").first).to_contain_text("min")
    page.keyboard.press("ArrowRight")
    expect(inspector.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")


def test_two_heatmaps_mark_the_same_cell(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    inspector.get_by_role("tab", name="Heatmap").click()
    maps = inspector.locator("gw-heat-map")
    expect(maps.first.get_by_role("img")).to_have_attribute("aria-label", re.compile("smallest .* at .*, largest"))
    maps.first.locator(".frame").hover(position={"x": 50, "y": 50})
    expect(maps.first.locator(".mark")).to_be_visible()
    expect(maps.last.locator(".mark")).to_be_visible()
    expect(inspector.locator(".readout")).to_contain_text("[1, 1]")
    # away from the maps: what scrolls under a resting pointer takes the mark with it
    page.mouse.move(5, 5)
    expect(inspector.locator(".mark")).to_have_count(0)
    maps.last.locator(".frame").focus()
    page.keyboard.press("ArrowRight")
    expect(maps.first.locator(".mark")).to_be_visible()
    expect(maps.last.locator(".mark")).to_be_visible()


def test_tensors_are_enlarged_for_the_projector(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "fc1.weight")
    inspector.get_by_role("button", name="Enlarge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_contain_text("fc1.weight: value∂L/∂weight[5, 3]")
    box = dialog.bounding_box()
    assert box
    assert box["width"] > 1100
    assert box["height"] > 600
    size = cell(dialog, 0, 0).evaluate("td => parseFloat(getComputedStyle(td).fontSize)")
    assert size >= 20, "few numbers are as large as there is room"
    dialog.get_by_role("tab", name="Heatmap").click()
    expect(dialog.locator("gw-heat-map canvas.map").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    # what was chosen there stays chosen
    expect(inspector.locator("gw-heat-map")).to_have_count(2)


def test_numbers_that_are_none_are_unmistakable(page: Page, address: str) -> None:
    inspector = show(page, address, BROKEN, "y")
    odd = inspector.locator("gw-tensor-table .odd")
    expect(odd).to_have_text(["NaN", "∞"])
    inspector.get_by_role("tab", name="Heatmap").click()
    expect(inspector.locator("figcaption").first).to_contain_text("1 NaN, 1 infinite")
    inspector.get_by_role("tab", name="Histogram").click()
    expect(inspector).to_contain_text("Not among the bars: 1 NaN, 1 infinite")


def test_booleans_whole_and_complex_numbers(page: Page, address: str) -> None:
    for node, numbers in (
        ("mask", ["True", "False"]),
        ("whole", ["7", "0", "−3"]),
        ("turned", ["1 + 2i", "0 − 0.5i"]),
    ):
        inspector = show(page, address, KINDS, node)
        expect(cells(inspector)).to_have_text(numbers)


def test_a_big_table_holds_only_what_is_in_sight(page: Page, address: str) -> None:
    inspector = show(page, address, SQUARE.format(250), "w")
    inspector.get_by_role("tab", name="Table").click()
    expect(cells(inspector).first).to_be_visible()
    assert cells(inspector).count() < 400
    expect(inspector.locator("gw-tensor-table table")).to_have_attribute("aria-rowcount", "251")
    inspector.get_by_role("tab", name="Table").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    expect(cell(inspector, 249, 249)).to_be_in_viewport()
    expect(cell(inspector, 249, 249).locator("span").first).to_have_text("1")
    expect(inspector.locator(".readout")).to_contain_text("[249, 249] value 1")
    assert cells(inspector).count() < 400


class TestBeyondWhatIsStored:
    @pytest.fixture
    def expected(self) -> list[str]:
        return ["404"]

    def test_its_statistics_stand_alone_and_say_why(self, page: Page, address: str) -> None:
        inspector = show(page, address, SQUARE.format(300), "w")
        expect(inspector).to_contain_text("Its 90,000 numbers are not here")
        row = inspector.locator("gw-stats tbody tr").filter(has=page.get_by_text("max", exact=True))
        expect(row.locator("td").first).to_have_text("1")


# ---------------------------------------------------------------------- what autograd saved


def test_an_operation_opens_into_its_autograd_nodes(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "h")
    saved = inspector.locator("gw-saved")
    expect(saved.locator("summary")).to_have_text("Saved for backward: 2 tensors, 108 B")
    saved.locator("summary").click()
    expect(saved.locator("h4")).to_have_text(["AddmmBackward0", "TBackward0"])
    rows = saved.get_by_role("table", name="Tensors that AddmmBackward0 saved").locator("tbody tr")
    expect(rows).to_have_text([re.compile(r"mat1\s*x 4×3 float32\s*48 B"), re.compile(r"mat2\s*a view of weight 3×5")])
    expect(saved).to_contain_text("alpha = 1")
    saved.get_by_role("button", name="a view of weight").click()
    expect(inspector.locator("h2")).to_contain_text("fc1.weight")


def test_a_batch_norm_keeps_what_it_measured(page: Page, address: str) -> None:
    inspector = show(page, address, LAYERS, "z")
    saved = inspector.locator("gw-saved")
    expect(saved.locator("summary")).to_have_text("Saved for backward: 6 tensors, 180 B")
    saved.locator("summary").click()
    expect(saved).to_contain_text("40 B of it are there for backward alone")
    expect(saved).to_contain_text("training = True")


def test_what_hooks_hold_is_not_looked_at(page: Page, address: str) -> None:
    inspector = show(page, address, HIDDEN_BY_HOOKS, "y")
    saved = inspector.locator("gw-saved")
    expect(saved.locator("summary")).to_have_text("Saved for backward: how much is not known")
    saved.locator("summary").click()
    expect(saved).to_contain_text("saved_tensors_hooks hold what it saved")
