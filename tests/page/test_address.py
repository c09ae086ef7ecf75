"""The address holds the configuration: read, written, walked back and forth, pasted into."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]
ORIGINAL = (
    "https://playground.tensorflow.org/#activation=relu&batchSize=7&dataset=xor&networkShape=3&seed=0.31337&noise=10"
    "&cosX=true&percTrainData=60&x=true&y=true&problem=classification&collectStats=false"
)
CANONICAL = "activation=relu&batchSize=7&dataset=xor&noise=10&networkShape=3&seed=0.31337&percTrainData=60"


def test_an_originals_link_is_shown_in_our_own_form(open_page: Open) -> None:
    page = open_page(ORIGINAL.split("#")[1])
    page.wait_for_url(f"**#{CANONICAL}")
    expect(page.locator("#notes li")).to_contain_text("cosX is carried by the original's links")


def test_a_whole_address_of_the_original_can_stand_after_the_hash(open_page: Open) -> None:
    page = open_page(ORIGINAL)
    page.wait_for_url(f"**#{CANONICAL}")


def test_a_pasted_link_is_followed(open_page: Open) -> None:
    page = open_page("seed=1")
    page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text', text);
          document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }""",
        ORIGINAL,
    )
    page.wait_for_url(f"**#{CANONICAL}")
    expect(page.locator("#knobs [name=activation]")).to_have_value("relu")


def test_back_and_forward_go_through_the_configurations(open_page: Open) -> None:
    page = open_page("seed=1")
    page.select_option("[name=activation]", "relu")
    page.wait_for_url("**activation=relu**")
    page.click("#more-layers")
    page.wait_for_url("**networkShape=4,2,2**")
    page.go_back()
    expect(page.locator("#layers-count")).to_have_text("2 hidden layers")
    page.go_back()
    expect(page.locator("#knobs [name=activation]")).to_have_value("tanh")
    page.go_forward()
    expect(page.locator("#knobs [name=activation]")).to_have_value("relu")
    page.go_forward()
    expect(page.locator("#layers-count")).to_have_text("3 hidden layers")


def test_one_drag_of_a_slider_is_one_step_of_the_history(open_page: Open) -> None:
    page = open_page("seed=1", fresh=True)  # A used tab's history may be as long as the browser lets it grow.
    steps = page.evaluate("history.length")
    for value in ("11", "12", "13"):
        page.locator("[type=range][name=noise]").fill(value)
    page.wait_for_url("**noise=13**")
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    expect(page.locator("#noise-number")).to_have_value("0")


def test_a_malformed_link_opens_with_what_could_be_read(open_page: Open) -> None:
    page = open_page("activation=nonsense&networkShape=4,many&learningRate=fast&noise=15&&=&%%%")
    page.wait_for_url("**#noise=15&seed=0.5")
    expect(page.locator("#notes li").filter(has_text="learningRate")).to_be_visible()


def test_a_link_whose_batch_never_fills_says_so(open_page: Open) -> None:
    page = open_page("percTrainData=1&batchSize=10&seed=1")
    expect(page.locator("#notes li")).to_contain_text("larger than the 5 training points")
