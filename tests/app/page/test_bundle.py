"""The page's modules as one."""

from __future__ import annotations

import pytest

from app.page.assets import STATIC, files
from app.page.bundle import joined


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
    for path in STATIC.rglob("*.js"):
        name = path.relative_to(STATIC).with_suffix("").as_posix()
        constant = f"const ${name.replace('/', '_')} = "
        if name.startswith("sweeps/"):
            assert constant not in page, name
            assert constant in sweeps, name
        else:
            assert (constant in page) == (name not in others), name
