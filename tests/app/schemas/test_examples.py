"""The example notebook, executed as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.server import PATIENCE, ROOT, Server

NOTEBOOK = ROOT / "examples" / "playground.ipynb"


@pytest.fixture(scope="module")
def outputs(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each cell of code shows, by its id: its value in each media type."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    environment = {"PLAYGROUND_SERVER": server.address, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder)}
    client = nbclient.NotebookClient(notebook, timeout=PATIENCE, resources={"metadata": {"path": str(folder)}})
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        client.execute()
    assert (folder / "best.npz").stat().st_size
    return {
        cell.id: cell.outputs[-1]["data"]
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.outputs and "data" in cell.outputs[-1]
    }


@pytest.mark.long
def test_the_notebook_does_what_it_says(outputs: dict[str, Any]) -> None:
    assert {"train", "table", "layer", "client", "bits", "tried", "model"} == set(outputs)
    for picture in ("train", "client"):
        assert "data:image/png;base64," in outputs[picture]["text/html"]
    assert "Loss: test 0.00880" in outputs["train"]["text/html"]
    assert "0.0088" in outputs["table"]["text/plain"].splitlines()[-1]
    assert "True" in outputs["bits"]["text/plain"]
    assert "coefs_0" in outputs["model"]["text/plain"]


def test_the_notebook_is_kept_without_what_it_shows() -> None:
    text = Path(NOTEBOOK).read_text(encoding="utf-8")
    assert '"output_type"' not in text
    assert '"execution_count": null' in text
