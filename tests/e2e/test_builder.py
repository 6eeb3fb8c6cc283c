"""A network chosen by hand: its layers by key and by pointer, what does not fit, and its program in the editor."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import button, open_page, told, write_program

REFUSED = "the server responded with a status of 422"


def open_builder(page: Page, address: str) -> Locator:
    """Opens the builder by its key, and waits for its first program."""
    open_page(page, f"{address}/lessons/neuron?step=0")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Build a network")
    expect(program(page)).to_contain_text("nn.Linear(2, 4)")
    return dialog


def program(page: Page) -> Locator:
    return page.get_by_role("region", name="The program")


def layers(page: Page) -> Locator:
    return page.locator("gw-builder li")


def kinds(page: Page) -> list[str]:
    """The layers as they stand."""
    return [row.locator("select").input_value() for row in layers(page).all()]


def shapes(page: Page) -> Locator:
    return page.locator("gw-builder .shape")


def test_the_program_and_the_shapes_follow_what_is_chosen(page: Page, address: str) -> None:
    dialog = open_builder(page, address)
    expect(shapes(page)).to_have_text(["↓ 2 numbers", "↓ 4 numbers", "↓ 4 numbers", "↓ 1 number"])
    layers(page).nth(0).get_by_label("width").fill("6")
    expect(program(page)).to_contain_text("nn.Linear(2, 6)")
    expect(program(page)).to_contain_text("nn.Linear(6, 1)")
    expect(shapes(page).nth(1)).to_have_text("↓ 6 numbers")
    dialog.get_by_label("optimizer").select_option("momentum")
    expect(program(page)).to_contain_text("momentum=0.9")
    dialog.get_by_label("examples at a time").fill("2")
    expect(program(page)).to_contain_text("torch.randperm(len(x))[:2]")
    dialog.get_by_label("loss").select_option("mse")
    expect(program(page)).to_contain_text("nn.MSELoss()")
    expect(dialog).to_contain_text("25 numbers learn")


def test_another_data_set_brings_a_network_that_goes_with_it(page: Page, address: str) -> None:
    dialog = open_builder(page, address)
    for data, part in [("pictures", "nn.Conv2d(1, 2, kernel_size=3)"), ("sentence", "nn.RNN(4, 8, batch_first=True)")]:
        dialog.get_by_label("what to learn").select_option(data)
        expect(program(page)).to_contain_text(part)
    dialog.get_by_label("sentence", exact=True).fill("abc abc abc")
    expect(program(page)).to_contain_text('sentence = "abc abc abc"')
    expect(program(page)).to_contain_text("nn.Embedding(4, 4)")


def test_layers_are_added_moved_and_removed_by_keyboard(page: Page, address: str) -> None:
    open_builder(page, address)
    expect(page.get_by_label("what to learn")).to_be_focused()
    page.get_by_role("button", name="Add a layer").focus()
    page.keyboard.press("Enter")
    expect(layers(page)).to_have_count(4)
    expect(layers(page).nth(3).locator("select")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(layers(page).nth(2).locator("select")).to_have_value("relu")
    expect(layers(page).nth(2).locator("select")).to_be_focused()
    expect(page.locator("gw-builder .unseen[role=status]")).to_have_text("ReLU is now layer 3 of 4.")
    page.keyboard.press("Alt+ArrowUp")
    assert kinds(page) == ["linear", "relu", "tanh", "linear"]
    layers(page).nth(1).get_by_role("button", name="Move ReLU up").focus()
    page.keyboard.press("Enter")
    assert kinds(page) == ["relu", "linear", "tanh", "linear"]
    layers(page).nth(0).get_by_role("button", name="Remove ReLU").focus()
    page.keyboard.press("Enter")
    assert kinds(page) == ["linear", "tanh", "linear"]
    expect(layers(page).nth(0).locator("select")).to_be_focused()
    expect(program(page)).to_contain_text("nn.Tanh()")


def test_layers_are_moved_and_removed_by_pointer(page: Page, address: str) -> None:
    open_builder(page, address)
    layers(page).nth(1).get_by_role("button", name="Move Tanh up").click()
    assert kinds(page) == ["tanh", "linear", "linear"]
    layers(page).nth(2).get_by_role("button", name="Remove Linear").click()
    assert kinds(page) == ["tanh", "linear"]


def test_what_does_not_fit_is_said_at_its_field(page: Page, address: str, expected: list[str]) -> None:
    expected.append(REFUSED)
    dialog = open_builder(page, address)
    layers(page).nth(1).locator("select").select_option("conv2d")
    expect(layers(page).nth(1)).to_contain_text("Conv2d takes pictures (channels, height, width), and gets 4 numbers.")
    expect(dialog).to_contain_text("One thing does not fit yet")
    expect(program(page)).to_contain_text("nn.Tanh()")
    expect(button(page, "Put and run")).to_be_disabled()
    layers(page).nth(1).locator("select").select_option("tanh")
    expect(dialog).to_contain_text("17 numbers learn")
    rate = dialog.get_by_label("learning rate")
    rate.fill("7")
    expect(rate).to_have_attribute("aria-invalid", "true")
    fault = page.locator("gw-builder #optimizer-learning_rate-fault")
    expect(fault).to_contain_text("less than or equal to 1")
    expect(rate).to_have_attribute("aria-describedby", "optimizer-learning_rate-fault")
    rate.fill("0.3")
    expect(fault).to_have_count(0)
    expect(program(page)).to_contain_text("lr=0.3")


def test_a_field_that_is_being_written_keeps_its_caret_and_its_text(
    page: Page, address: str, expected: list[str]
) -> None:
    expected.append(REFUSED)
    dialog = open_builder(page, address)
    rate = dialog.get_by_label("learning rate")
    rate.fill("")
    rate.press_sequentially("0.05", delay=150)
    expect(rate).to_be_focused()
    expect(rate).to_have_value("0.05")
    expect(program(page)).to_contain_text("lr=0.05")


def test_put_into_the_editor_and_run(page: Page, address: str) -> None:
    open_builder(page, address)
    button(page, "Put into the editor").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".cm-content")).to_contain_text("nn.Sequential(")
    assert "/s/" not in page.url
    page.keyboard.press("m")
    button(page, "Put and run").click()
    page.wait_for_url(lambda url: "/s/" in url)
    expect(told(page)).to_contain_text("x")
    expect(page.locator("gw-console")).to_contain_text("iteration 49: loss")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 1 of 50")


def test_a_change_of_the_last_moment_is_in_the_program(page: Page, address: str) -> None:
    open_builder(page, address)
    layers(page).nth(0).get_by_label("width").fill("9")
    button(page, "Put into the editor").click()
    expect(page.locator(".cm-content")).to_contain_text("nn.Linear(2, 9)")


def test_what_the_reader_had_written_is_kept(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=0")
    write_program(page, "import torch\nmine = torch.ones(3)\n")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    button(page, "Put into the editor").click()
    expect(page.locator(".cm-content")).to_contain_text("nn.Sequential(")
    page.get_by_role("button", name="Show the other text").click()
    expect(page.locator(".cm-content")).to_contain_text("mine = torch.ones(3)")


def test_the_network_is_there_after_a_reload_and_can_begin_again(page: Page, address: str) -> None:
    open_builder(page, address)
    layers(page).nth(0).get_by_label("width").fill("7")
    expect(program(page)).to_contain_text("nn.Linear(2, 7)")
    page.reload()
    expect(told(page)).not_to_be_empty()
    page.get_by_role("button", name="Build", exact=True).click()
    expect(program(page)).to_contain_text("nn.Linear(2, 7)")
    button(page, "Start again").click()
    expect(program(page)).to_contain_text("nn.Linear(2, 4)")


def test_without_a_network_the_choices_stay(page: Page, address: str, expected: list[str]) -> None:
    expected.append("Failed to load resource")
    dialog = open_builder(page, address)
    page.route("**/programs", lambda route: route.abort())
    layers(page).nth(0).get_by_label("width").fill("5")
    expect(dialog).to_contain_text("The server cannot be reached")
    expect(layers(page).nth(0).get_by_label("width")).to_have_value("5")
    page.unroute("**/programs")
    layers(page).nth(0).get_by_label("width").fill("3")
    expect(program(page)).to_contain_text("nn.Linear(2, 3)")


def test_it_is_found_in_the_list_of_keys_too(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=0")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="All keys").get_by_role("button", name="Build a network").click()
    expect(page.get_by_role("dialog", name=re.compile("^Build a network"))).to_be_visible()
    expect(page.get_by_role("dialog", name="All keys")).to_have_count(0)
