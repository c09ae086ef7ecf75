"""The page's modules as one."""

from __future__ import annotations

import gzip

import pytest

from app.page.assets import STATIC, files
from app.page.bundle import joined
from app.page.templates import page as rendered


def test_modules_stand_behind_those_that_they_import_each_in_its_own_scope() -> None:
    sources = {
        "main": "import { a } from './one.js';\nimport {\n  b,\n  C,\n} from './two.js';\nconst X = a + b + C;\n",
        "one": "import { b } from './two.js';\nconst X = 1;\nexport const a = b + X;\n",
        "two": "const X = 2;\nexport const b = X, C = 3;\nexport function unused() {}\n",
    }
    one = joined(sources, "main")
    assert one.index("const $two") < one.index("const $one") < one.index("const $main")
    assert "const { a } = $one;" in one
    assert "return { C, b };" in one  # all that others want of the second, however it is written
    assert "import" not in one
    assert "export" not in one


@pytest.mark.parametrize(
    "line", ["import * as all from './two.js';", "import './two.js';", "export default 1;", "export { a };"]
)
def test_other_forms_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js: expected imports and exports by name"):
        joined({"main": f"{line}\n", "two": ""}, "main")


def test_a_circle_is_refused() -> None:
    sources = {"a": "import { b } from './b.js';\n", "b": "import { a } from './a.js';\n"}
    with pytest.raises(ValueError, match="a -> b -> a"):
        joined(sources, "a")


def test_every_module_of_the_page_is_in_it() -> None:
    page = files()["page.js"].decode()
    sweeps, others = files()["sweep.page.js"].decode(), {"wire/early", "docs"}
    later = "images/"  # of the page's parts that are loaded when they are wanted
    for path in STATIC.rglob("*.js"):
        name = path.relative_to(STATIC).with_suffix("").as_posix()
        constant = f"const ${name.replace('/', '_')} = "
        if name.startswith("sweeps/"):
            assert constant not in page, name
            assert constant in sweeps, name
        else:
            assert (constant in page) == (name not in others and not name.startswith(later)), name


def test_comments_with_types_are_left_out_but_not_the_code_beside_them() -> None:
    documented = "/**\n * Adds.\n * @param {number} a\n */\nexport const b = (a) => /** @type {any} */ (a);\n"
    source = f"{documented}/** @type {{number}} */ (b)(1);\n/** Two. */\n"
    one = joined({"main": "import { b } from './one.js';\n", "one": source}, "main")
    assert "Adds" not in one
    assert "Two" not in one
    assert "const b = (a) => /** @type {any} */ (a);\n/** @type {number} */ (b)(1);" in one


def test_the_page_and_all_that_it_asks_for_first_stay_below_175_kilobytes() -> None:
    asked = [files()[name] for name in ("wire/early.js", "page.js", "style.css", "icon.svg")]
    page = rendered("playground.html").encode()
    assert sum(len(gzip.compress(content)) for content in (page, *asked)) < 175_000
