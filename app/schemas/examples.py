"""Examples of the API's responses, for its documentation."""

from __future__ import annotations

from pydantic.config import JsonDict

from engine import Config

ID, SWEEP_ID = "5f0c6a1e9b7d2c34", "b41d07c2e95a6f38"
DIGEST = "ed3df455653c64821f4bbf84ea907055062ddfdbf5851b3d5aa17db98ec6faed"
CONFIG: JsonDict = Config(dataset="spiral", percValidationData=10).model_dump(mode="json")
LOSSES: JsonDict = {
    "epoch": 212,
    "updates": 5300,
    "train_loss": 0.031,
    "test_loss": 0.049,
    "train_score": 0.984,
    "test_score": 0.976,
    "validation_loss": 0.047,
    "validation_score": 0.978,
}
ARITHMETIC = "NumPy 2.4.6, openblas 0.3.31 SkylakeX, AVX512_SKX"
PROGRESS: JsonDict = {**LOSSES, "seconds": 0.4, "theta_sha256": DIGEST, "computed_with": [ARITHMETIC]}
PLACE: JsonDict = {"learningRate": 0.03, "seed": "0.5"}
LABELS: JsonDict = {"name": "Slow rates", "tags": ["paper"], "note": ""}
RUN: JsonDict = {
    "id": ID,
    "status": "succeeded",
    "reason": "The test loss is under 0.05.",
    "config": CONFIG,
    "link": "dataset=spiral&seed=0.5&percValidationData=10",
    "page": f"/api/v1/runs/{ID}/page",
    "epochs": 500,
    "stop": {"test_loss": 0.05},
    "record": {"losses": 1, "snapshots": 100},
    "progress": PROGRESS,
    "snapshots": [0, 100, 200, 212],
    "sweep": SWEEP_ID,
    "place": PLACE,
    **LABELS,
    "created": "2030-01-01T12:00:00Z",
    "started": "2030-01-01T12:00:00Z",
    "finished": "2030-01-01T12:00:01Z",
    "notes": [],
}
RUNS: JsonDict = {"runs": [RUN], "next": "before-41"}
HISTORY: JsonDict = {"history": [LOSSES]}
EVENT: JsonDict = {"event": "epoch", "id": "212", "data": '{"epoch":212,"updates":5300,"train_loss":0.031}'}
PREDICTION: JsonDict = {"outputs": [0.93, -0.71], "classes": [1, -1]}
SWEEP: JsonDict = {
    "id": SWEEP_ID,
    "status": "ended",
    "created": "2030-01-01T12:00:00Z",
    "keys": ["learningRate"],
    "counts": {"succeeded": 1},
    "epochs": 500,
    "link": "dataset=spiral&seed=0.5",
    "page": f"/sweeps/{SWEEP_ID}",
    **LABELS,
    "objective": "validation_loss",
    "objective_note": None,
    "best": ID,
    "runs": [
        {
            "id": ID,
            "status": "succeeded",
            "reason": "The test loss is under 0.05.",
            "place": PLACE,
            "progress": PROGRESS,
            "version": 5,
        }
    ],
    "notes": [],
}
SWEEPS: JsonDict = {
    "sweeps": [{"id": SWEEP_ID, "created": "2030-01-01T12:00:00Z", "page": f"/sweeps/{SWEEP_ID}", **LABELS}],
    "next": "before-7",
}
RESULTS: JsonDict = {
    **PLACE,
    "id": ID,
    "status": "succeeded",
    "seconds": 0.4,
    **LOSSES,
    "rank": 1,
    "name": "",
    "tags": [],
}
LIMITS: JsonDict = {"batchSize": {"least": 1, "most": 5000}, "epochs": {"least": 1, "most": 10000000}}
SCHEMA: JsonDict = {"title": "Config", "type": "object", "properties": {"batchSize": {"type": "integer", "minimum": 1}}}
LESSON: JsonDict = {
    "name": "spiral",
    "title": "The spiral",
    "ideas": [8],
    "chapter": "Layers",
    "minutes": 6,
    "learned": "Features that fit the data are worth more than layers.",
    "link": "dataset=spiral&seed=1&tutorial=spiral",
}
SHOWN_LESSON: JsonDict = {
    **LESSON,
    "html": ["Two arms, <em>wound</em> into each other."],
    "formulas": ['<math display="block"><mrow><mi>y</mi></mrow></math>'],
    "tries": [{"html": "Add the sines.", "link": "dataset=spiral&seed=1&sinX=true&sinY=true&tutorial=spiral"}],
    "question": "Bring the test loss under 0.05.",
    "check": [
        {
            "fact": "testLoss",
            "label": "Test loss",
            "kind": "number",
            "comparison": "under",
            "value": 0.05,
            "words": "under 0.05",
            "keep": False,
        }
    ],
    "hints": ["Some features are waves."],
    "solution": "Turn the sines on and play.",
    "done": "The sines did it.",
}
MODEL: JsonDict = {
    "format": "neural-playground",
    "version": 1,
    "config": {"y": False, "networkShape": []},
    "state": "AAEAAAAAAAAAGQAAAAAAAAAAAAAAAAAAAHHiGbVt-Y8_DOD0qxSHoz8",
}
OPENED: JsonDict = {**MODEL, "history": [], "notes": []}
SESSION: JsonDict = {
    "id": "b41d07c2e95a6f38",
    "connected": True,
    "playing": False,
    "speed": "1",
    "config": CONFIG,
    "link": "dataset=spiral&seed=0.5",
    "theta_sha256": DIGEST,
    "reason": "Stopped early at epoch 212: the validation loss has not fallen for 20 epochs; it was lowest, 0.0470, at "
    "epoch 192. Press play to train on.",
    **LOSSES,
}
