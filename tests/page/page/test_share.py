"""The share dialog: links, pictures, files, embedding, and the controls that a link hides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import parse_link
from engine.tables.hideable_controls import CONTROLS
from tests.person import step_to

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
LINK = "dataset=spiral&networkShape=5,3&seed=0.7"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
STAND_IN = """async (saved) => {
  const main = document.querySelector('script[type=module]').src;
  const { Share } = await import(main.replace('page.js', 'page/share.js'));
  document.querySelector('#share-dialog').replaceWith(document.querySelector('#share-dialog').cloneNode(true));
  new Share(document.querySelector('#share-dialog'), { save: async () => saved }).open();
}"""
"""Opens a dialog whose server answers something of the test's choice."""


def opened(page: Page) -> Locator:
    """The dialog, opened as by a mouse, with the server's answer in it."""
    page.click("#share")
    expect(page.locator("#share-weights-note")).to_have_text(re.compile(r"^(Opens at|The run is too large)"))
    return page.locator("#share-dialog")


def answer(dialog: Locator, section: str) -> Locator:
    """What the dialog answers in one of its sections."""
    return dialog.get_by_role("region", name=section, exact=True).get_by_role("status")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_link_is_selected_when_the_dialog_opens_and_whenever_it_gets_the_focus(open_page: Open) -> None:
    page = open_page(LINK)
    opened(page)
    selected = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert page.evaluate(selected) == page.url
    page.focus("#share-embed")
    page.click("#share-link")
    assert page.evaluate(selected) == page.url


def test_a_copied_link_opens_the_same_configuration(open_page: Open) -> None:
    page = open_page(LINK, permissions=CLIPBOARD)
    dialog = opened(page)
    dialog.get_by_role("button", name="Copy link", exact=True).first.click()
    expect(answer(dialog, "Link")).to_have_text("Copied")
    assert clipboard(page) == page.url
    other = open_page(clipboard(page).split("#")[1])
    assert other.url == page.url
    assert other.inner_text("#test-loss") == page.inner_text("#test-loss")


def test_links_are_copied_where_the_browser_has_no_clipboard_for_pages(open_page: Open) -> None:
    reader = open_page("seed=1", permissions=CLIPBOARD)
    page = open_page(LINK)
    page.evaluate("delete Navigator.prototype.clipboard")
    dialog = opened(page)
    button = dialog.get_by_role("button", name="Copy link", exact=True).last
    button.click()
    expect(answer(dialog, "For teachers")).to_have_text("Copied")
    expect(button).to_be_focused()
    reader.bring_to_front()
    assert clipboard(reader) == page.url


def test_where_nothing_can_be_copied_the_text_is_left_selected(open_page: Open) -> None:
    page = open_page(LINK)
    page.evaluate("() => { delete Navigator.prototype.clipboard; document.execCommand = () => false; }")
    dialog = opened(page)
    dialog.get_by_role("button", name="Copy the code").click()
    expect(answer(dialog, "Embed")).to_contain_text("does not let the page copy")
    assert page.evaluate("getSelection().toString()") == page.input_value("#share-embed")


def test_a_link_with_weights_opens_at_that_very_state(open_page: Open) -> None:
    page = open_page(LINK, permissions=CLIPBOARD)
    step_to(page, 7)
    dialog = opened(page)
    expect(page.locator("#share-weights-note")).to_have_text("Opens at epoch 7 with these very weights.")
    dialog.get_by_role("button", name="Copy link with weights").click()
    expect(answer(dialog, "Link with the trained weights")).to_have_text("Copied")
    other = open_page(clipboard(page).split("#")[1])
    assert other.inner_text("#epoch") == "000,007"
    assert other.inner_text("#test-loss") == page.inner_text("#test-loss")


def test_a_run_too_large_for_a_link_is_told_and_can_be_saved(open_page: Open) -> None:
    page = open_page(LINK)
    page.evaluate(STAND_IN, {"link": None, "file": {}, "epoch": 3})
    expect(page.locator("#share-weights-note")).to_have_text("The run is too large for a link: save a file instead.")
    expect(page.locator("#share-copy-weights")).to_be_disabled()
    expect(page.locator("#share-save")).to_be_enabled()


def test_the_length_of_a_long_link_is_told(open_page: Open) -> None:
    page = open_page(LINK)
    page.evaluate(STAND_IN, {"link": "seed=1&state=" + "A" * 12_000, "file": {}, "epoch": 1215})
    length = f"{len(page.url.split('#')[0]) + 1 + len('seed=1&state=') + 12_000:,}"
    expect(page.locator("#share-weights-note")).to_have_text(
        f"Opens at epoch 1,215 with these very weights. This link has {length} characters; "
        "many programs cut off such a long one. Save a file instead."
    )
    expect(page.locator("#share-link-note")).not_to_contain_text("characters")


def test_pictures_are_saved_under_the_epoch(open_page: Open) -> None:
    page = open_page(LINK)
    step_to(page, 2)
    dialog = opened(page)
    for name in ("network", "output"):
        with page.expect_download() as download:
            dialog.get_by_role("button", name=f"{name.capitalize()} as PNG").click()
        assert download.value.suggested_filename == f"playground-{name}-epoch-2.png"
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_saved_file_opens_at_the_state_that_was_saved(open_page: Open, tmp_path: Path) -> None:
    page = open_page(LINK)
    step_to(page, 5)
    loss = page.inner_text("#test-loss")
    dialog = opened(page)
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as file").click()
    assert download.value.suggested_filename == "playground-spiral-epoch-5.json"
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text())["format"] == "neural-playground"
    other = open_page("dataset=xor&seed=2")
    dialog = opened(other)
    with other.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(saved)
    expect(dialog).to_be_hidden()
    expect(other.locator("#epoch")).to_have_text("000,005")
    expect(other.locator("#test-loss")).to_have_text(loss)
    assert other.url == page.url


REFUSED = {
    b"Dear diary": "file: expected JSON, .npz, safetensors or ONNX, got b'Dear diary'.",
    b"": "file: expected JSON, .npz, safetensors or ONNX, got b''.",
    b'{"format": "other"}': "format: expected 'neural-playground', got 'other'.",
    b'{"name": "x"}': "file: expected arrays named as PyTorch, Keras or scikit-learn name those of dense layers, "
    "got none.",
    b" " * 4_200_000: "expected a saved run, or a network as JSON, .npz, safetensors or ONNX, got 4.2 MB.",
}


def test_a_file_that_is_no_saved_run_is_refused_with_a_sentence(open_page: Open) -> None:
    page = open_page(LINK, faults=True)  # the browser itself logs what the server refuses
    dialog = opened(page)
    for content, sentence in REFUSED.items():
        page.set_input_files("#share-chooser", {"name": "some.json", "mimeType": "application/json", "buffer": content})
        expect(answer(dialog, "File")).to_have_text(f"some.json: {sentence}")
        expect(dialog).to_be_visible()


class Frame(HTMLParser):
    """The attributes of the frame that the code to embed makes."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.feed(page.input_value("#share-embed"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag == "iframe"
        self.attributes = dict(attributes)


def test_the_code_to_embed_is_a_frame_of_this_configuration(open_page: Open) -> None:
    page = open_page(LINK, permissions=CLIPBOARD)
    dialog = opened(page)
    assert "&amp;networkShape=5,3&amp;" in page.input_value("#share-embed")
    assert Frame(page).attributes == {
        "src": f"{page.url}&compact=true",
        "title": "Neural network playground",
        "width": "1024",
        "height": "600",
        "style": "border:0",
    }
    page.select_option("#share-layout", "whole")
    page.fill("#share-width", "1280")
    page.fill("#share-height", "800")
    page.press("#share-height", "Enter")
    frame = Frame(page).attributes
    assert (frame["src"], frame["width"], frame["height"]) == (page.url, "1280", "800")
    dialog.get_by_role("button", name="Copy the code").click()
    expect(answer(dialog, "Embed")).to_have_text("Copied")
    assert clipboard(page) == page.input_value("#share-embed")


def test_a_frame_of_no_size_is_refused_with_a_sentence(open_page: Open) -> None:
    page = open_page(LINK)
    dialog = opened(page)
    for typed, got in (("12", "12"), ("", "nothing"), ("500.5", "500.5")):
        page.fill("#share-width", typed)
        page.press("#share-width", "Tab")
        expect(answer(dialog, "Embed")).to_have_text(f"Width: expected a whole number from 200 to 4000, got {got}.")
        assert Frame(page).attributes["width"] == "1024"


def test_the_embedded_page_shows_the_same_run(open_page: Open) -> None:
    page = open_page(LINK)
    opened(page)
    code = page.input_value("#share-embed")
    host = page.context.new_page()
    host.route("**/lecture", lambda route: route.fulfill(body=f"<!doctype html>{code}", content_type="text/html"))
    host.goto(f"{page.url.split('#')[0]}lecture")
    expect(host.frame_locator("iframe").locator("#test-loss")).to_have_text(page.inner_text("#test-loss"))


def test_every_control_of_the_engine_can_be_hidden(open_page: Open) -> None:
    dialog = opened(open_page(LINK))
    for label in CONTROLS.values():
        expect(dialog.get_by_role("checkbox", name=label, exact=True)).not_to_be_checked()
    expect(dialog.get_by_role("checkbox")).to_have_count(len(CONTROLS))


def test_ticks_hide_controls_on_the_page_and_in_every_link(open_page: Open) -> None:
    page = open_page(LINK, permissions=CLIPBOARD)
    step_to(page, 3)
    dialog = opened(page)
    before = page.input_value("#share-weights")
    dialog.get_by_role("checkbox", name="Learning rate").check()
    dialog.get_by_role("checkbox", name="Play button").check()
    expect(page.locator("#share-link")).to_have_value(re.compile("&playButton_hide=true&learningRate_hide=true$"))
    expect(page.locator("#knobs [name=learningRate]")).to_be_hidden()
    expect(page.locator("#play")).to_be_hidden()
    assert "&amp;learningRate_hide=true&amp;compact=true" in page.input_value("#share-embed")
    expect(page.locator("#share-weights")).not_to_have_value(before)
    dialog.get_by_role("button", name="Copy link", exact=True).last.click()
    expect(answer(dialog, "For teachers")).to_have_text("Copied")
    assert clipboard(page) == page.url
    assert page.inner_text("#epoch") == "000,003"
    other = open_page(clipboard(page).split("#")[1])
    expect(other.locator("#play")).to_be_hidden()
    expect(opened(other).get_by_role("checkbox", name="Play button")).to_be_checked()


def test_a_feature_that_is_hidden_stays_an_input_by_every_link(open_page: Open) -> None:
    page = open_page(f"{LINK}&xTimesY=true")
    features = parse_link(page.url).config.features
    opened(page).get_by_role("checkbox", name="Feature x1 x2", exact=True).check()
    expect(page.locator("#share-link")).to_have_value(re.compile("&xTimesY_hide=true&v=1$"))
    config = parse_link(page.input_value("#share-link")).config
    assert (config.features, config.hide) == (features, ("xTimesY",))


def test_all_hidden_controls_are_shown_again_at_once(open_page: Open) -> None:
    page = open_page(f"{LINK}&noise_hide=true&stepButton_hide=true")
    dialog = opened(page)
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(2)
    dialog.get_by_role("button", name="Show all").click()
    expect(page.locator("#share-link")).to_have_value(page.url.split("#")[0] + f"#{LINK}")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page.locator("#step")).to_be_visible()


def test_what_was_answered_is_gone_when_the_links_change(open_page: Open) -> None:
    page = open_page(LINK, permissions=CLIPBOARD)
    dialog = opened(page)
    dialog.get_by_role("button", name="Copy link", exact=True).first.click()
    expect(answer(dialog, "Link")).to_have_text("Copied")
    dialog.get_by_role("checkbox", name="Noise").check()
    expect(answer(dialog, "Link")).to_have_text("")


NAME = """(() => {
  const element = document.activeElement;
  return element.ariaLabel ?? (element.labels?.[0] ?? element).innerText.trim();
})()"""
"""The name of what has the focus."""


def test_everything_works_by_keyboard(open_page: Open) -> None:
    page = open_page(LINK, permissions=CLIPBOARD)
    page.focus("#share")
    page.keyboard.press("Enter")
    expect(page.locator("#share-link")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(answer(page.locator("#share-dialog"), "Link")).to_have_text("Copied")
    expect(page.locator("#share-copy-weights")).to_be_enabled()
    stops: list[str] = []
    while "Close" not in stops:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(NAME))
        assert len(stops) < 60
    for name in ("Copy link with weights", "Network as PNG", "Save as file", "Open a file", "Show all"):
        assert name in stops
    assert set(CONTROLS.values()) <= set(stops)
    page.focus("#share-dialog [value=noise]")
    page.keyboard.press(" ")
    page.wait_for_url("**noise_hide=true**")
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(page.locator("#share-dialog")).to_be_hidden()
    expect(page.locator("#share")).to_be_focused()


def test_the_page_behind_the_dialog_takes_no_keys(open_page: Open) -> None:
    page = open_page(LINK)
    step_to(page, 2)
    dialog = opened(page)
    dialog.get_by_role("heading", name="For teachers").click()
    for key in ("d", "r", "Escape"):
        page.keyboard.press(key)
    expect(dialog).to_be_hidden()
    page.click("#step")  # answered in order: after a reset it would lead to the first epoch
    expect(page.locator("#epoch")).to_have_text("000,003")
    assert page.url.endswith(LINK)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_stands_calmly_on_a_desktop(open_page: Open, keep: Keep, scheme: str) -> None:
    page = open_page(LINK, color_scheme=scheme)
    step_to(page, 3)
    dialog = opened(page)
    keep(page, "share-dialog" if scheme == "light" else "share-dialog-dark")
    box = dialog.bounding_box()
    assert box
    assert box["width"] == 640
    assert box["y"] >= 16
    assert page.evaluate(OVERFLOW) == [True, False]


def test_the_dialog_is_a_sheet_on_a_phone(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK, width=390, height=844, has_touch=True, is_mobile=True)
    dialog = opened(page)
    keep(page, "share-phone")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.evaluate(OVERFLOW) == [True, False]
    low = page.evaluate(
        """() => [...document.querySelectorAll('#share-dialog :is(button:not(.about), select, label, [readonly])')]
          .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"""
    )
    assert low == []
    dialog.get_by_role("heading", name="For teachers").scroll_into_view_if_needed()
    keep(page, "share-phone-teachers")


OVERFLOW = """(() => {
  const body = document.querySelector('#share-dialog .dialog-body');
  return [body.scrollHeight > body.clientHeight, body.scrollWidth > body.clientWidth];
})()"""
"""Whether the dialog scrolls in itself, downwards and sideways."""


def test_a_network_of_another_program_opens_with_notes_about_what_was_understood(open_page: Open) -> None:
    page = open_page("seed=0.5")
    opened(page)
    network = {"fc1.weight": [[1, 0], [0, 1], [1, 1]], "fc1.bias": [0, 0, 1], "fc2.weight": [[1, -1, 0.5]]}
    content = json.dumps(network).encode()
    page.set_input_files("#share-chooser", {"name": "net.json", "mimeType": "application/json", "buffer": content})
    expect(page.locator("#layers-count")).to_have_text("1 hidden layer")
    notes = page.locator("#notes li")
    expect(notes.filter(has_text="The network in the file is 2-3-1.")).to_be_visible()
    expect(notes.filter(has_text="There are no biases beside fc2.weight")).to_be_visible()
    assert "networkShape=3" in page.url
