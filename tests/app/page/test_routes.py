"""The pages and their files as a browser gets them."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import httpx
import pytest

from app.page.assets import STATIC, files
from app.wire.limits import SPEEDS
from engine import Config
from engine.data.datasets import DATASETS, Dataset
from engine.images.image_sets import IMAGE_SETS
from engine.tables import Entry
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS
from tests.server import Server

Attributes = dict[str, str | None]


class Elements(HTMLParser):
    """Every element of a page with its attributes, the select that it is in, and the text of every script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, Attributes]] = []
        self.options: dict[str, list[str]] = {}
        self.scripts: list[tuple[Attributes, str]] = []
        self._select = self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.all.append((tag, attributes))
        self._inside = tag
        if tag == "select":
            self._select = attributes.get("name") or attributes.get("id") or ""
        elif tag == "option":
            self.options.setdefault(self._select, []).append(attributes["value"] or "")
        elif tag == "script":
            self.scripts.append((attributes, ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            attributes, text = self.scripts.pop()
            self.scripts.append((attributes, text + data))

    def references(self) -> list[str]:
        """All addresses that the page has a browser fetch, or offers to."""
        names = ("src", "href", "srcset", "action", "data", "poster")
        return [value for _, attributes in self.all for name in names if (value := attributes.get(name))]


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def playground(client: httpx.Client) -> Elements:
    return Elements(client.get("/").text)


@pytest.fixture(scope="module")
def digest(playground: Elements) -> str:
    """The part of the static files' addresses that changes when they do."""
    (found,) = {reference.split("/")[2] for reference in playground.references() if reference.startswith("/static/")}
    return found


# --- the playground ---------------------------------------------------------------------------------------------------


def test_the_page_is_html_that_is_asked_for_again_each_time(client: httpx.Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text.startswith("<!doctype html>")


def test_the_menus_have_every_entry_of_the_tables(playground: Elements) -> None:
    assert playground.options["activation"] == list(ACTIVATIONS)
    assert playground.options["regularization"] == list(PENALTIES)
    tables: dict[str, Mapping[str, Entry]] = {
        "problem": TASKS,
        "loss": LOSSES,
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
    }
    tables |= {"initializer": INITIALIZERS, "outputActivation": OUTPUTS}
    for name, table in tables.items():
        assert playground.options[name] == list(table)
    assert playground.options["speed"] == list(SPEEDS)


LOOK = {"theme", "palette"}
FRAME = {"layout", "width", "height"}
"""Names that are none of the configuration's: how the page looks, and the frame of another page."""


def test_every_data_set_and_feature_can_be_chosen(playground: Elements) -> None:
    inputs = [attributes for tag, attributes in playground.all if tag == "input"]
    chosen = {(one["name"], one["value"]) for one in inputs if one["type"] == "radio" and one["name"] not in LOOK}
    sets: dict[str, Dataset] = {**DATASETS, **IMAGE_SETS}
    assert chosen == {(TASKS[dataset.problem].dataset, name) for name, dataset in sets.items()}
    assert set(FEATURES) <= {one.get("name") for one in inputs if one["type"] == "checkbox"}


def test_every_input_that_has_a_name_is_a_field_of_the_configuration(playground: Elements) -> None:
    named = {
        attributes["name"] for tag, attributes in playground.all if tag in ("input", "select") and "name" in attributes
    }
    assert named - LOOK - FRAME <= set(Config.model_fields)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_nothing_on_a_page_is_inline_that_its_policy_forbids(client: httpx.Client, path: str) -> None:
    elements = Elements(client.get(path).text)
    for attributes, text in elements.scripts:
        assert attributes.get("type") == "application/json" or (attributes.get("src") and not text.strip())
    for tag, attributes in elements.all:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert not [value for value in attributes.values() if (value or "").startswith("javascript:")]


def test_the_facts_in_the_page_are_json(playground: Elements) -> None:
    (facts,) = (json.loads(text) for attributes, text in playground.scripts if attributes.get("id") == "facts")
    assert set(facts["thumbnails"]) == {name for name, dataset in DATASETS.items() if not dataset.own}
    assert list(facts["features"]) == list(FEATURES)
    assert facts["defaults"] == json.loads(Config().model_dump_json())
    for name, task in TASKS.items():
        assert facts["tasks"][name]["loss"] in facts["tasks"][name]["losses"]
        assert facts["tasks"][name]["output"] in facts["tasks"][name]["outputs"]
        assert facts["tasks"][name]["dataset"] == task.dataset


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_refers_to_files_of_this_server_alone_and_they_are_there(client: httpx.Client, path: str) -> None:
    references = [reference for reference in Elements(client.get(path).text).references() if reference[0] != "#"]
    assert references
    for reference in references:
        assert re.match(r"/([^/]|$)", reference), reference
        assert client.get(reference).status_code == 200, reference


@pytest.mark.parametrize("path", ["/nowhere", "/sweeps/nowhere/else", "/static/old/main.js"])
def test_a_browser_that_finds_nothing_gets_a_page_with_ways_on(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert {"/", "/sweeps", "/docs"} <= set(Elements(answer.text).references())


@pytest.mark.parametrize(("path", "accept"), [("/nowhere", "*/*"), ("/api/v1/nowhere", "text/html")])
def test_a_script_that_finds_nothing_gets_a_problem(client: httpx.Client, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_documentation_has_a_way_back(client: httpx.Client) -> None:
    assert {"/", "/sweeps"} <= set(Elements(client.get("/docs").text).references())


def test_the_documentation_reads_this_servers_own_description(client: httpx.Client) -> None:
    (script,) = (one for one in Elements(client.get("/docs").text).references() if one.endswith("docs.js"))
    assert "/openapi.json" in client.get(script).text


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/healthz", "/openapi.json", "/nowhere", "/documentation/swagger-ui.css"]
)
def test_every_answer_carries_the_headers_that_keep_a_page_to_itself(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


def test_the_policy_lets_no_inline_code_and_nothing_from_elsewhere_in(client: httpx.Client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert {parts[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_long_answer_is_compressed_for_those_who_can_read_it(client: httpx.Client) -> None:
    assert client.get("/").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/", headers={"Accept-Encoding": "identity"}).headers


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", files())
def test_every_file_is_kept_for_good_under_the_present_digest(client: httpx.Client, digest: str, name: str) -> None:
    answer = client.get(f"/static/{digest}/{name}")
    assert answer.status_code == 200
    assert answer.content == files()[name]
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].split(";")[0] in {"text/javascript", "text/css", "image/svg+xml"}


def test_under_any_other_digest_there_is_nothing_that_could_be_kept(client: httpx.Client, digest: str) -> None:
    for other in ("000000000000", digest[:-1], digest + "x", ""):
        stale = client.get(f"/static/{other}/main.js")
        assert stale.status_code == 404
        assert "immutable" not in stale.headers.get("cache-control", "")


def test_the_style_sheets_are_served_as_one() -> None:
    for path in STATIC.rglob("*.css"):
        sheet = {"sweeps": "sweep.css", "images": "images.css"}.get(path.stem, "style.css")
        assert path.read_bytes() in files()[sheet], path.name


def test_modules_import_files_that_are_there() -> None:
    for path in STATIC.rglob("*.js"):
        for imported in re.findall(r"(?:\bfrom |\bimport\()'([^']+)'", path.read_text()):
            assert imported.startswith(("./", "../")), f"{path.name} imports {imported}"
            assert (path.parent / imported).is_file(), f"{path.name} imports {imported}"


@pytest.mark.parametrize(
    "path",
    [
        "/static/{digest}/../../pyproject.toml",
        "/static/{digest}/%2e%2e/%2e%2e/pyproject.toml",
        "/static/{digest}/..%2f..%2fpyproject.toml",
        "/static/{digest}//etc/passwd",
        "/static/{digest}/%2fetc%2fpasswd",
        "/static/../pyproject.toml",
        "/static/{digest}/..%5c..%5cpyproject.toml",
        "/static/{digest}/%00",
        "/static/{digest}/",
        "/static/{digest}",
        "/static/",
        "/static",
        "/documentation/../../../../pyproject.toml",
        "/documentation/%2e%2e/__init__.py",
    ],
)
def test_nothing_but_the_files_themselves_is_served(server: Server, digest: str, path: str) -> None:
    # A client that sends the path as it stands, where others would tidy it up.
    connection = http.client.HTTPConnection(server.host, timeout=20)
    connection.request("GET", path.format(digest=digest))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (404, 307)
    if answer.status == 307:
        assert answer.headers["location"].endswith("/")


# --- the rest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_server_says_that_it_is_well(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_the_description_of_the_api_names_what_there_is(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert {"/healthz", "/readyz"} <= set(described["paths"])
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), f"{method} {path}"
    references = set(re.findall(r'"\$ref": ?"#/components/schemas/([^"]+)"', json.dumps(described)))
    assert references <= set(described["components"]["schemas"])


def test_the_old_place_of_the_icon_has_it_too(client: httpx.Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")


@pytest.mark.parametrize("path", ["/nowhere", "/index.html", "/api/v1/nowhere", "/redoc", "/.git/config"])
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_cannot_be_posted_to(client: httpx.Client) -> None:
    assert client.post("/").status_code == 405


def test_the_live_address_is_no_page(client: httpx.Client) -> None:
    assert client.get("/api/v1/live").status_code in (404, 426)
