"""What must not be missed on the stage: zero, NaN, infinity, no gradient, an old gradient."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acting import count_of_steps, open_page, recording_of, told
from tests.e2e.picture import picture
from tests.tiers import rest_at_night

FORGOTTEN = """import torch
w = torch.tensor([0.25, -1.5], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
for step in range(3):
    {clear}
    loss = ((w * 3 - 1) ** 2).sum()
    loss.backward()
    optimizer.step()
"""
DEAD = """import torch
x = torch.tensor(2.0)
w = torch.tensor(-1.0, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
c = torch.tensor(0.5, requires_grad=True)
h = torch.relu(w * x)
u = c * 2
loss = (h + b) ** 2
loss.backward()
"""
SPOILED = """import torch
torch.manual_seed(0)
x = torch.randn(4, 8)
w = torch.randn(8, 6, requires_grad=True)
h = torch.relu(x @ w)
z = torch.log(h)
loss = (z * h).mean()
loss.backward()
"""
WIDE = (Path(__file__).parents[2] / "docs" / "programs" / "tiny_gpt.py").read_text()
Theme = Literal["light", "dark"]


def body(page: Page, url: str, iteration: int) -> Any:
    """What the server has of an iteration."""
    found = re.match(r"(.*)/s/([^?]+)", url)
    assert found
    return page.request.get(f"{found[1]}/api/v1/snapshots/{found[2]}/iterations/{iteration}").json()


def number(text: str) -> float:
    return float(text.replace("−", "-").strip("()"))


def test_a_forgotten_zero_grad_tells_what_was_still_there(page: Page, address: str) -> None:
    """What is shown as the old gradient is what the iteration before left behind."""
    url = recording_of(page, address, FORGOTTEN.format(clear="pass"))
    before = next(iter(body(page, url, 0)["backward"][-1]["accumulated"].values()))["data"]
    open_page(page, f"{url}?iteration=1&step=1")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(told(page)).to_contain_text("The old w.grad was still there (all its numbers)")
    remark = page.locator("g.remark.grown")
    expect(remark).to_be_visible()
    found = re.search(r"\[(\d)\]: (\S+) still there \+ (\S+) new = (\S+?)\.? Nothing", told(page).inner_text())
    assert found
    old, new, now = (number(found[i].rstrip(".")) for i in (2, 3, 4))
    assert old == pytest.approx(before[int(found[1])], rel=1e-3)
    assert old + new == pytest.approx(now, rel=1e-3)


@pytest.mark.parametrize("clear", ["optimizer.zero_grad()", "optimizer.zero_grad(set_to_none=False)"])
def test_a_zero_grad_that_is_there_tells_nothing(page: Page, address: str, clear: str) -> None:
    open_page(page, recording_of(page, address, FORGOTTEN.format(clear=clear)) + "?iteration=2&step=1")
    for at in range(2, count_of_steps(page) + 1):
        page.keyboard.press("ArrowRight")
        expect(told(page)).to_contain_text(f"Step {at} of")
        expect(told(page)).not_to_contain_text("still there")
        expect(page.locator("g.remark.grown")).to_have_count(0)


@pytest.mark.parametrize("theme", rest_at_night(["light", "dark"], {"dark"}))
@pytest.mark.parametrize(
    "source",
    rest_at_night([DEAD, SPOILED, FORGOTTEN.format(clear="pass")], {DEAD}),
    ids=["dead", "spoiled", "forgotten"],
)
def test_every_step_can_be_projected(page: Page, address: str, source: str, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    open_page(page, recording_of(page, address, source) + "?step=1")
    for at in range(1, count_of_steps(page) + 1):
        expect(told(page)).to_contain_text(f"Step {at} of")
        assert picture(page).faults() == [], at
        page.keyboard.press("ArrowRight")


def test_the_scale_of_colours_stands_while_there_are_colours(page: Page, address: str) -> None:
    scale = page.locator(".legend .scale")
    open_page(page, f"{address}/lessons/neuron?step=7")
    expect(scale).to_have_count(0)
    open_page(page, f"{address}/lessons/module?step=7")
    expect(scale).to_contain_text("−max")
    colours = scale.locator("rect").evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    drawn = page.locator("g.node rect.cell").evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    # the largest number of each heatmap has the colour of an end of the scale
    assert {colours[0], colours[-1]} & set(drawn)
    assert len(set(colours)) == len(colours)


def test_the_legend_leaves_the_minimap_its_room(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, WIDE) + "?step=66&open=g0,g3")
    expect(page.locator(".legend .mark.zero")).to_be_visible()
    legend, minimap = (page.locator(name).bounding_box() for name in ("gw-stage .legend", "gw-minimap"))
    assert legend
    assert minimap
    assert legend["x"] + legend["width"] <= minimap["x"]


def test_zero_is_not_none_and_both_are_explained_while_they_show(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD) + "?step=1")
    expect(page.locator(".legend .mark")).to_have_count(0)
    page.keyboard.press("End")
    expect(page.locator(".legend .mark.zero")).to_contain_text("exactly 0")
    expect(page.locator(".legend .mark.without")).to_contain_text("None")
    expect(page.locator("g.node .odd-frame.zero")).to_have_count(2)
    expect(page.locator("g.canvas path.edge.dry")).to_have_count(2)
    expect(page.locator("g.node .without").filter(has_text="None")).to_have_count(1)
    page.keyboard.press("Home")
    expect(page.locator(".legend .mark")).to_have_count(0)


def test_the_first_infinity_and_the_first_nan_are_marked_where_they_begin(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, SPOILED) + "?step=1")
    page.keyboard.press("End")
    origins = page.locator("g.remark.origin")
    expect(origins).to_have_count(2)
    assert sorted(origins.all_text_contents()) == ["first NaN here", "first −∞ here"]
    for kind in ("nan", "minus", "zero"):
        assert page.locator(f".glyph.{kind}").count() > 1
    expect(page.locator("g.canvas path.edge.spoiled").first).to_be_visible()


CONTRAST = """stage => {
  const luminance = text => {
    const c = text.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
      .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
  }
  const root = stage.shadowRoot
  const style = selector => getComputedStyle(root.querySelector(selector))
  const ratio = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => p - q)
    return (y + 0.05) / (x + 0.05)
  }
  const ground = getComputedStyle(stage).backgroundColor
  return {
    cross: ratio(style('g.node .glyph.nan').stroke, style('g.node .cell.nan').fill),
    triangle: ratio(style('g.node .glyph.minus').fill, style('g.node .cell.minus').fill),
    edge: ratio(style('path.edge.spoiled').stroke, ground),
    word: ratio(style('.remark.origin text').fill, style('.remark.origin rect').fill) / 1.5,
    number: ratio(style('.number.odd').fill, ground) / 1.5,
  }
}"""


def test_the_marks_have_contrast_in_both_themes(browser: Browser, address: str) -> None:
    """WCAG 2.2 AA: 3 for forms, 4.5 for words."""
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        with browser.new_context(color_scheme=theme, reduced_motion="reduce") as context:
            page = context.new_page()
            open_page(page, recording_of(page, address, SPOILED) + "?step=1")
            page.keyboard.press("End")
            expect(page.locator("g.remark.origin")).to_have_count(2)
            found = page.locator("gw-stage").evaluate(CONTRAST)
            assert {name: ratio for name, ratio in found.items() if ratio < 3} == {}, theme
