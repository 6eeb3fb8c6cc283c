"""The weights of an attention in the inspector: a heatmap per head, with the tokens of the program."""

import re

import torch
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import open_page, recording_of
from tests.lessons.test_programs import run

FUSED = """import torch
import torch.nn.functional as F
torch.manual_seed(0)
q = torch.randn(2, 3, 4, 5)
mixed = F.scaled_dot_product_attention(q, q, q, is_causal=True)
"""
CLASSIFIER = """import torch
torch.manual_seed(0)
answer = torch.softmax(torch.randn(3, 3), dim=-1)
answer.log()
"""
WEIGHTS = 25
"""The step of the tiny GPT in which its weights appear, from 1."""


def open_heads(page: Page, address: str) -> Locator:
    """The heads of the tiny GPT."""
    open_page(page, f"{address}/lessons/tiny-gpt?step={WEIGHTS}")
    expect(page.locator("gw-heads table")).to_have_count(2)
    return page.locator("gw-heads")


def weights_of_the_tiny_gpt() -> torch.Tensor:
    """What the lesson's program computes without a recorder."""
    kept = "weights = self.weights = torch.softmax"
    left, _ = run("tiny-gpt", ("weights = torch.softmax", kept))
    weights = left["block"].attention.weights
    assert isinstance(weights, torch.Tensor)
    return weights


def test_each_head_is_a_table_of_weights_with_its_tokens(page: Page, address: str) -> None:
    heads = open_heads(page, address)
    words = ["the", "cat", "sat", "on", "the", "mat"]
    expect(heads.locator("caption")).to_have_text(["head 0", "head 1"])
    for head, weights in enumerate(weights_of_the_tiny_gpt()):
        table = heads.locator("table").nth(head)
        expect(table.locator("th[scope=col]")).to_have_text(words)
        expect(table.locator("th[scope=row]")).to_have_text(words)
        shown = [float(text) for text in table.locator("td span").all_text_contents()]
        expected = weights.flatten().tolist()
        assert len(shown) == len(expected) == 36
        assert all(abs(a - b) < 0.006 for a, b in zip(shown, expected, strict=True))


def test_all_heads_are_on_one_scale(page: Page, address: str) -> None:
    heads = open_heads(page, address)
    colours = heads.locator("table").evaluate_all(
        "tables => tables.map(table => getComputedStyle(table.querySelector('tbody td')).backgroundColor)"
    )
    # the first token sees itself alone, in every head
    assert len(set(colours)) == 1
    expect(heads.locator(".scale")).to_have_text(re.compile(r"0\s+1"))


def test_a_weight_is_read_in_every_head_by_pointer_and_by_keyboard(page: Page, address: str) -> None:
    heads = open_heads(page, address)
    first, second = weights_of_the_tiny_gpt()[:, 1, 1].tolist()
    heads.locator("table").first.locator("tbody tr").nth(1).locator("td").nth(1).hover()
    expect(heads.locator(".readout")).to_have_text(f"cat → cat: head 0 {first:.3g}, head 1 {second:.3g}")
    expect(heads.locator("td.now")).to_have_count(2)
    page.mouse.move(5, 5)
    expect(heads.locator(".readout")).to_be_empty()
    heads.locator(".heads").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(heads.locator(".readout")).to_contain_text("cat → cat")


def test_enlarged_the_numbers_stand_in_their_cells(page: Page, address: str) -> None:
    open_heads(page, address)
    page.locator("gw-tensor-card .enlarge").first.click()
    cell = page.locator("dialog[open] gw-heads tbody td").nth(7)
    expect(cell).to_have_text("0.73")
    box = cell.locator("span").bounding_box()
    assert box
    assert box["width"] > 20


def test_the_heads_are_one_of_several_views(page: Page, address: str) -> None:
    open_heads(page, address)
    card = page.locator("gw-tensor-card").first
    expect(card.get_by_role("tab")).to_have_text(["Heads", "Table", "Heatmap", "Histogram"])
    card.get_by_role("tab", name="Table").click()
    expect(page.locator("gw-heads")).to_have_count(0)
    card.get_by_role("tab", name="Heads").click()
    expect(page.locator("gw-heads table")).to_have_count(2)
    # nothing is wider than its card
    assert card.evaluate("card => card.scrollWidth - card.clientWidth") <= 0


def look(page: Page, address: str, source: str) -> None:
    """Runs a program and looks at the operation of its last line."""
    recording = recording_of(page, address, source)
    graph = page.request.get(recording.replace("/s/", "/api/v1/snapshots/")).json()["graphs"][0]
    node = next(one["id"] for one in graph["nodes"] if one["name"] in ("mixed", "answer"))
    open_page(page, f"{recording}?node={node}")
    page.keyboard.press("End")
    expect(page.locator("gw-tensor-card").first).to_be_visible()


def test_a_fused_attention_shows_the_weights_inside_of_each_sample(page: Page, address: str) -> None:
    look(page, address, FUSED)
    heads = page.locator("gw-heads")
    expect(heads.locator("caption")).to_have_text(["head 0", "head 1", "head 2"])
    expect(heads.locator("table").first.locator("th[scope=col]")).to_have_text(["0", "1", "2", "3"])
    before = heads.locator("td span").all_text_contents()
    page.locator("gw-tensor-card").filter(has=heads).get_by_role("slider").fill("1")
    expect(heads.locator("td span").nth(4)).not_to_have_text(before[4])


def test_the_answer_of_a_classifier_is_no_attention(page: Page, address: str) -> None:
    look(page, address, CLASSIFIER)
    expect(page.locator("gw-tensor-card").first.get_by_role("tab")).to_have_text(["Table", "Heatmap", "Histogram"])
