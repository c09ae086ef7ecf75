"""Galleries: restarts and comparisons, trained in the turns of a session, shown and adopted."""

from __future__ import annotations

import os
import signal
from typing import Any

import numpy as np
import pytest

from app.live.checkpoint import run_from_bytes, run_to_bytes
from app.live.gallery import FRAME_SECONDS, ROWS
from app.live.run import LiveRun
from app.live.window import MAX_IN_FLIGHT
from app.wire.gallery_frames import DIVERGED, STOPPED, GalleryFrame, pack, unpack
from engine import Config, Trainer, parse_link
from engine.tables import Array
from tests.app.conftest import OpenPage
from tests.app.live.galleries import CONFIG
from tests.app.screen import attached, bits, trained
from tests.app.talk import apply, run_at
from tests.server import Server, StartServer

LINK = "#dataset=xor&networkShape=3&numSamples=200&seed=0.5"
BUDGET = 0.002


class Looking:
    """A page that looks at a gallery, under a clock that moves on a little with each look at it."""

    def __init__(self, run: LiveRun, *, acks: bool = True, tick: float = 1e-4) -> None:
        self.run, self.acks, self.tick = run, acks, tick
        self.now = 0.0
        self.frames: list[GalleryFrame] = []
        self.times: list[float] = []

    def clock(self) -> float:
        self.now += self.tick
        return self.now

    def turns(self, most: int = 10_000) -> GalleryFrame:
        """Give it turns until nothing is left to do; gives the last frame."""
        for _ in range(most):
            if not self.run.ready(self.now):
                break
            packed, said = self.run.turn(self.clock, BUDGET)
            assert said == []
            if packed:
                self.frames.append(unpack(packed))
                self.times.append(self.now)
                if self.acks:
                    self.run.ack(self.frames[-1].number)
        return self.frames[-1]

    def rows(self) -> Array:
        """The losses of all frames."""
        return np.concatenate([frame.rows for frame in self.frames])


def opened(kind: str = "restarts", config: Config = CONFIG, **fields: Any) -> LiveRun:
    run = attached(config)
    given: dict[str, dict[str, Any]] = {
        "restarts": {"count": 3, "epochs": 5},
        "compare": {"knob": "learningRate", "values": [0.03, 0.3]},
    }
    answer = apply(run, kind, **given[kind] | fields)
    assert answer["type"] == "applied", answer
    return run


# --- training -------------------------------------------------------------------------------------------------------


def test_restarts_are_shown_from_their_first_weights_to_the_last_epoch() -> None:
    run = opened()
    looking = Looking(run)
    last = looking.turns()
    assert (last.epoch, last.done, last.playing) == (5, True, False)
    assert last.members[:, 0].tolist() == [5, 5, 5]
    assert last.maps.shape == (3, 1, 60, 60)
    single = trained(5, CONFIG)
    assert last.members[0, [1, 2, 4, 5]].tolist() == list(single.measure()[:4])
    rows = looking.rows()
    assert rows[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert rows[-1, [1, 4]].tolist() == list(single.losses())
    assert np.isnan(rows[:, 7:]).all()  # nothing validates
    assert len({tuple(row) for row in rows[-1, 1:7].reshape(2, 3).T}) == 3
    assert not run.ready(looking.now)
    assert run.wakes_at() is None


def test_the_pages_own_run_rests_meanwhile_and_is_as_it_was() -> None:
    run = run_at(4, CONFIG)
    run.play()
    before = bits(run)
    assert apply(run, "restarts", count=2, epochs=3)["playing"] is False
    Looking(run).turns()
    assert (run.trainer.epoch, bits(run)) == (4, before)
    answer = apply(run, "leave")
    assert (answer["gallery"], answer["epoch"], answer["playing"]) == (None, 4, False)
    assert run.turn(lambda: 0.0, BUDGET)[0] is not None  # its own picture comes again


def test_values_of_a_knob_train_on_the_same_data_to_their_own_bits() -> None:
    run = opened("compare", knob="batchSize", values=[10, 50, 100], epochs=4)
    last = Looking(run).turns()
    for member, size in enumerate([10, 50, 100]):
        single = trained(4, CONFIG.model_copy(update={"batchSize": size}))
        assert last.members[member, 1:3].tolist() == list(single.losses())
    assert run.gallery
    assert run.gallery.summary()["labels"] == ["10", "50", "100"]
    assert run.gallery.summary()["knob"] == "batchSize"


@pytest.mark.parametrize(("count", "side"), [(2, 60), (18, 60), (19, 30), (64, 30)])
def test_maps_are_larger_where_there_are_few(count: int, side: int) -> None:
    last = Looking(opened(count=count, epochs=1)).turns()
    assert last.maps.shape == (count, 1, side, side)
    assert (last.maps[0] != last.maps[-1]).any()


def test_maps_have_as_many_outputs_as_the_network_and_the_range_of_each() -> None:
    last = Looking(opened(config=Config(problem="multiclass", classes=4), epochs=2)).turns()
    assert last.maps.shape == (3, 4, 60, 60)
    assert last.ranges.shape == (3, 4)
    assert (last.maps[0] != last.maps[1]).any()


def test_members_that_have_diverged_or_were_stopped_are_marked_and_their_losses_end() -> None:
    run = opened(
        "compare",
        Config(problem="regression", activation="linear", percValidationData=20, patience=1),
        values=[0.001, 10],
        epochs=400,
    )
    looking = Looking(run)
    last = looking.turns()
    assert last.done
    assert last.epoch < 400
    assert last.flags.tolist() == [STOPPED, DIVERGED]
    ended = last.members[1, 0]
    after = looking.rows()[looking.rows()[:, 0] > ended]
    assert len(after)
    assert np.isnan(after[:, [2, 4, 6]]).all()
    assert np.isfinite(after[:, [1, 3, 5]]).all()


def test_losses_are_taken_evenly_and_never_outgrow_a_bound() -> None:
    looking = Looking(opened(config=Config(networkShape=(), batchSize=250), count=2, epochs=3 * ROWS - 100))
    looking.turns(100_000)
    epochs = looking.rows()[:, 0]
    assert len(epochs) <= ROWS + 1
    assert set(np.diff(epochs)[:-1]) == {3}
    assert epochs[-1] == 3 * ROWS - 100


# --- turns and frames -----------------------------------------------------------------------------------------------


def test_a_turn_takes_about_its_budget_and_large_networks_are_made_one_by_one() -> None:
    run = opened(config=Config(networkShape=(16,) * 4), count=8, epochs=50)
    looking = Looking(run, tick=BUDGET / 4)
    assert run.gallery
    for _ in range(2):
        run.turn(looking.clock, BUDGET)
    assert run.gallery._members is None  # a few were made, not all


def test_frames_come_no_faster_than_a_page_wants_them() -> None:
    looking = Looking(opened(epochs=500), tick=2e-4)
    looking.turns()
    gaps = np.diff(looking.times)[:-1]  # the last picture comes at once
    assert len(gaps) > 3
    assert gaps.min() >= FRAME_SECONDS


def test_without_acks_few_frames_are_on_their_way_training_goes_on_and_no_row_is_lost() -> None:
    run = opened(epochs=400)
    looking = Looking(run, acks=False, tick=2e-4)
    looking.turns()
    assert len(looking.frames) == MAX_IN_FLIGHT
    assert run.gallery
    assert run.gallery.done
    run.ack(looking.frames[-1].number)
    known = len(looking.frames[-1].rows)
    last = looking.turns()
    assert len(last.rows) == 201 - known
    assert last.done


def test_a_page_that_comes_back_gets_all_rows_again() -> None:
    run = opened()
    looking = Looking(run)
    looking.turns()
    run.detach()
    assert not run.ready(looking.now)
    run.attach(5)
    assert len(looking.turns().rows) == 6


def test_a_gallery_rests_and_goes_on() -> None:
    run = opened(epochs=50)
    assert apply(run, "gallery", playing=False)["gallery"]["playing"] is False
    looking = Looking(run)
    last = looking.turns()
    assert (last.epoch, last.playing, last.done) == (0, False, False)
    assert apply(run, "gallery", playing=True)["gallery"]["playing"] is True
    assert looking.turns().epoch == 50


def test_a_frame_is_the_same_after_its_way_as_bytes() -> None:
    last = Looking(opened()).turns()
    again = unpack(pack(last))
    for name, value in vars(last).items():
        assert np.array_equal(
            getattr(again, name), value, equal_nan=isinstance(value, np.ndarray) and value.dtype.kind == "f"
        )
    for data in (b"", b"NNPF" + bytes(60), pack(last)[:-8], pack(last) + bytes(8)):
        with pytest.raises(ValueError, match=r"frame|buffer|maps"):
            unpack(data)


# --- adopting -------------------------------------------------------------------------------------------------------


def test_an_adopted_run_is_the_pages_own_with_its_link_and_losses_and_goes_on_to_the_same_bits() -> None:
    run = run_at(3, CONFIG)
    apply(run, "restarts", count=3, epochs=5)
    Looking(run).turns()
    answer = apply(run, "adopt", member=2)
    assert (answer["gallery"], answer["epoch"], answer["restarted"]) == (None, 5, "network")
    config = CONFIG.model_copy(update={"weightSeed": "0.5-3"})
    assert parse_link(answer["link"]).config == config
    assert bits(run) == bits(trained(5, config))
    assert run.losses.history.since(-1)[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    run.trainer.train(2)
    assert bits(run) == bits(trained(7, config))


def test_adopting_is_undone_like_any_other_change() -> None:
    run = run_at(3, CONFIG)
    before, rows = bits(run), run.losses.history.since(-1).tobytes()
    apply(run, "compare", knob="activation", values=["relu", "sine"], epochs=2)
    Looking(run).turns()
    apply(run, "adopt", member=1)
    assert run.config.activation == "sine"
    answer = apply(run, "undo")
    assert (answer["epoch"], answer["config"]["activation"]) == (3, "tanh")
    assert (bits(run), run.losses.history.since(-1).tobytes()) == (before, rows)
    assert apply(run, "redo")["config"]["activation"] == "sine"
    assert bits(run) == bits(trained(2, run.config))


def test_a_member_can_be_adopted_on_its_way() -> None:
    run = opened(epochs=1_000)
    looking = Looking(run)
    looking.turns(40)
    assert run.gallery
    assert not run.gallery.done
    answer = apply(run, "adopt", member=0)
    single = trained(answer["epoch"], CONFIG)
    single.step(answer["updates"] - single.updates)
    assert bits(run) == bits(single)


def test_what_cannot_be_adopted_is_refused_in_a_sentence() -> None:
    run = opened()
    for member, expected in ((0, "begun to train"), (3, "0 to 2")):
        answer = apply(run, "adopt", member=member)
        assert answer["type"] == "error"
        assert expected in answer["message"]
    run.gallery = None
    assert apply(run, "adopt", member=0)["message"] == "gallery: expected an open one, got none."


@pytest.mark.parametrize("kind", ["play", "reset", "regenerate", "undo"])
def test_whatever_changes_the_run_or_trains_it_closes_the_gallery(kind: str) -> None:
    run = opened()
    run.undo_stack.push(run.undo_point("network"))
    assert apply(run, kind)["gallery"] is None


@pytest.mark.parametrize("kind", ["save", "select", "pause"])
def test_whatever_only_looks_leaves_it_open(kind: str) -> None:
    assert apply(opened(), kind)["gallery"]["kind"] == "restarts"


def test_a_run_that_was_saved_comes_back_without_its_gallery() -> None:
    run = opened()
    again = run_from_bytes(run_to_bytes(run))
    assert again.gallery is None
    assert bits(again) == bits(run)


# --- over a real socket ---------------------------------------------------------------------------------------------


def test_over_a_socket_a_gallery_is_watched_adopted_and_undone(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    assert page.greet(LINK)["gallery"] is None
    page.stepped(2)
    summary = page.ask("restarts", count=4, epochs=30)["gallery"]
    assert (summary["kind"], summary["labels"], summary["epochs"]) == ("restarts", ["1", "2", "3", "4"], 30)
    last = page.gallery_frame(lambda frame: frame.done)
    assert (last.gallery, last.epoch) == (summary["number"], 30)
    best = int(last.members[:, 2].argmin())
    answer = page.ask("adopt", member=best)
    adopted = Trainer(parse_link(answer["link"]).config)
    adopted.train(30)
    frame = page.frame(lambda frame: frame.epoch == 30)
    assert frame.theta.tobytes() == adopted.network.theta.tobytes()
    assert frame.measures.test_loss == last.members[best, 2]
    assert page.ask("undo")["epoch"] == 2


def test_a_gallery_outlives_its_connection_but_not_its_worker(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1)
    page = open_page(server)
    session = page.greet(LINK)["session"]
    page.stepped(3)
    page.ask("restarts", count=4, epochs=10_000)
    page.gallery_frame(lambda frame: frame.epoch > 5)
    page.drop()
    back = open_page(server)
    hello = back.resume(session, after=3)
    assert hello["gallery"]["kind"] == "restarts"
    assert back.gallery_frame(lambda frame: len(frame.rows) > 0).rows[0, 0] == 0
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    recovered = back.answer("recovered")
    assert (recovered["gallery"], recovered["epoch"]) == (None, 3)
    assert back.ask("leave")["gallery"] is None
