"""What costs the run can be undone, network and all; what does not cost it, does not."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.person import epoch, play_to, step_to, wait_for_epoch

LINK = "dataset=spiral&networkShape=4&seed=0.5"
Open = Callable[..., Page]


def state(page: Page) -> tuple[int, str, str]:
    return epoch(page), page.inner_text("#test-loss"), page.inner_text("#train-loss")


def ends_of_the_chart(page: Page) -> list[str]:
    """The losses that the chart reads out at its first and its last epoch."""
    card = page.locator(".chart-card")
    page.locator(".chart-plot").focus()
    page.keyboard.press("Home")
    expect(card).to_be_visible()
    first = card.inner_text()
    page.keyboard.press("End")
    expect(card).not_to_have_text(first, use_inner_text=True)
    return [first, card.inner_text()]


def test_a_change_of_the_network_is_undone_network_and_all(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page(LINK)
    expect(page.locator("#undo")).to_be_disabled()
    play_to(page, 10)
    before = state(page)
    page.click("[data-key=more-0]")
    expect(page.locator("#epoch")).to_have_text("000,000")
    expect(page.locator("#notice")).to_contain_text("The network changed, so the run started anew.")
    keep(page, "undo-offered")
    page.click("#notice button")
    wait_for_epoch(page, before[0])
    assert state(page) == before
    page.wait_for_url("**networkShape=4&**")


def test_each_step_back_and_forth_says_what_it_did(open_page: Open) -> None:
    page = open_page(LINK)
    notice = page.locator("#notice")
    step_to(page, 2)
    page.click("#reset")
    expect(notice).to_have_text("Reset: the run is back at its first weights.Undo")
    expect(page.locator("#undo")).to_have_attribute("title", "Undo the change of the weights (Ctrl+Z)")
    page.click("#notice button")
    expect(notice).to_have_text("Undone: the run is at epoch 2.")
    page.click("#redo")
    expect(notice).to_have_text("Redone: the run is at epoch 0.")


def test_undo_and_redo_by_keys(open_page: Open) -> None:
    page = open_page(LINK)
    play_to(page, 10)
    before = state(page)
    page.click("label:has([value=xor])")
    expect(page.locator("#epoch")).to_have_text("000,000")
    page.keyboard.press("Control+z")
    wait_for_epoch(page, before[0])
    assert state(page) == before
    page.keyboard.press("Control+Shift+z")
    page.wait_for_url("**dataset=xor**")
    expect(page.locator("#epoch")).to_have_text("000,000")
    page.keyboard.press("Control+z")
    wait_for_epoch(page, before[0])


def test_a_reset_is_undone(open_page: Open) -> None:
    page = open_page(LINK)
    play_to(page, 10)
    before = state(page)
    page.keyboard.press("r")
    expect(page.locator("#epoch")).to_have_text("000,000")
    page.click("#undo")
    wait_for_epoch(page, before[0])
    assert state(page) == before


def test_the_loss_history_comes_back_too(open_page: Open) -> None:
    page = open_page(LINK)
    play_to(page, 30)
    before = ends_of_the_chart(page)
    page.click("#regenerate")
    expect(page.locator("#epoch")).to_have_text("000,000")
    page.click("#undo")
    wait_for_epoch(page, 30)
    assert ends_of_the_chart(page) == before


def test_a_knob_is_undone_without_touching_the_run(open_page: Open) -> None:
    page = open_page(LINK)
    play_to(page, 10)
    before = state(page)
    page.select_option("#knobs [name=learningRate]", "0.3")
    page.wait_for_url("**learningRate=0.3**")
    assert state(page) == before
    page.keyboard.press("Escape")
    page.locator("#undo").click()
    expect(page.locator("#knobs [name=learningRate]")).to_have_value("0.03")
    assert state(page) == before


def test_a_slider_moved_in_one_go_is_undone_in_one_go(open_page: Open) -> None:
    page = open_page(LINK)
    reached = play_to(page, 10)
    slider = page.locator("[type=range][name=noise]")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    page.wait_for_url("**noise=5**")
    expect(page.locator("#epoch")).to_have_text("000,000")
    page.locator("#undo").click()
    wait_for_epoch(page, reached)
    assert "noise=" not in page.url


def test_the_browsers_back_brings_the_network_back(open_page: Open) -> None:
    page = open_page(LINK)
    play_to(page, 10)
    before = state(page)
    page.click("label:has([value=xor])")
    page.wait_for_url("**dataset=xor**")
    expect(page.locator("#epoch")).to_have_text("000,000")
    page.go_back()
    wait_for_epoch(page, before[0])
    assert state(page) == before


def test_nothing_that_keeps_network_and_data_loses_the_run(open_page: Open) -> None:
    page = open_page(LINK)
    reached = play_to(page, 10)
    for name, value in (
        ("learningRate", "0.3"),
        ("activation", "relu"),
        ("regularization", "L2"),
        ("regularizationRate", "0.01"),
    ):
        page.select_option(f"#knobs [name={name}]", value)
        page.wait_for_url(f"**{name}={value}**")
    page.locator("[type=range][name=batchSize]").fill("20")
    page.wait_for_url("**batchSize=20**")
    for name in ("showTestData", "discretize", "showWorst"):
        page.check(f"[name={name}]")
        page.wait_for_url(f"**{name}=true**")
    assert epoch(page) == reached
