"""How many frames are on their way, and which losses the page surely has."""

from __future__ import annotations

from app.live.window import MAX_IN_FLIGHT, Window


def full(last_epoch: float = 0) -> Window:
    """A window with as many frames on their way as may be, each with one epoch more."""
    window = Window()
    for place in range(MAX_IN_FLIGHT):
        window.send(last_epoch + place)
    return window


def test_frames_are_numbered_from_1_on() -> None:
    window = Window()
    assert [window.send(0), window.send(1), window.send(None)] == [1, 2, 3]
    assert window.number == 3


def test_a_window_is_open_until_its_credit_is_used_up() -> None:
    window = Window()
    for number in range(MAX_IN_FLIGHT):
        assert window.is_open, number
        window.send(0)
    assert not window.is_open


def test_a_frame_that_was_drawn_makes_room_for_one() -> None:
    window = full()
    window.ack(1)
    assert window.is_open
    window.send(5)
    assert not window.is_open


def test_a_frame_that_was_drawn_stands_for_all_before_it() -> None:
    window = full()
    window.ack(MAX_IN_FLIGHT)
    assert window.seen == MAX_IN_FLIGHT - 1
    for _ in range(MAX_IN_FLIGHT):
        assert window.is_open
        window.send(9)
    assert not window.is_open


def test_a_frame_drawn_twice_or_never_sent_makes_no_room() -> None:
    window = full()
    window.ack(0)
    assert not window.is_open
    window.ack(1)
    window.ack(1)
    window.send(9)
    assert not window.is_open


def test_a_page_has_the_losses_of_the_frames_that_it_drew() -> None:
    window = full(last_epoch=7)
    assert window.seen == -1
    window.ack(1)
    assert window.seen == 7
    window.ack(2)
    assert window.seen == 8


def test_a_frame_without_losses_takes_none_back() -> None:
    window = Window()
    window.send(7)
    last = window.send(None)  # while it is not known that the page has the first
    window.ack(last)
    assert window.seen == 7
    window.ack(window.send(None))
    assert window.seen == 7


def test_another_connection_owes_nothing_and_has_what_it_says() -> None:
    window = full(last_epoch=7)
    window.ack(1)
    window.attach(3)
    assert window.is_open
    assert window.seen == 3
    window.ack(MAX_IN_FLIGHT)
    assert window.seen == 3
    assert window.send(4) == MAX_IN_FLIGHT + 1


def test_another_connection_is_not_believed_to_have_what_has_changed_since() -> None:
    window = Window()
    window.ack(window.send(6.0))
    window.ack(window.send(7.0))
    window.revise(7.0)
    window.send(7.0)  # which gets lost
    window.attach(7.0)
    assert 6.0 <= window.seen < 7.0


def test_of_another_network_the_page_has_nothing_whatever_it_draws_of_the_old_one() -> None:
    window = full(last_epoch=7)
    window.ack(1)
    window.begin()
    assert window.seen == -1
    window.send(0)
    assert not window.is_open  # frames of the old network are on their way all the same
    window.ack(2)
    assert window.seen == -1
    window.ack(3)
    assert window.seen == 0


def test_losses_that_have_changed_since_are_sent_again() -> None:
    window = Window()
    first, second = window.send(3.0), window.send(5.0)
    window.ack(first)
    window.revise(5.0)
    window.ack(second)
    assert 3.0 <= window.seen < 5.0
    window.revise(2.0)
    assert window.seen < 2.0
