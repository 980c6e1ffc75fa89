"""What forms may work out: every function of the ODK specification, tried in the engine; the documentation names those that fail."""

from __future__ import annotations

import re
from collections.abc import Callable

from .conftest import ROOT, Hand

# An expression for each function, and what it must give ("" where any value will do).
TRIED = {
    "abs": ("abs(-2)", "2"), "acos": ("acos(1)", "0"), "area": ("area('1 1 0 0;1 1.1 0 0;1.1 1 0 0;1 1 0 0') > 1", "true"),
    "asin": ("asin(0)", "0"), "atan": ("atan(0)", "0"), "atan2": ("atan2(0, 1)", "0"), "base64-decode": ("base64-decode('YQ==')", "a"),
    "boolean": ("boolean(1)", "true"), "boolean-from-string": ("boolean-from-string('1')", "true"), "ceiling": ("ceiling(1.2)", "2"),
    "checklist": ("checklist(1, 2, true())", "true"), "coalesce": ("coalesce('', 'b')", "b"), "concat": ("concat('a', 'b')", "ab"),
    "contains": ("contains('abc', 'b')", "true"), "cos": ("cos(0)", "1"), "count": ("count(/data/a)", "1"),
    "count-non-empty": ("count-non-empty(/data/a)", "1"), "count-selected": ("count-selected('a b')", "2"),
    "current": ("current()/../a", "7"), "date": ("date('2026-01-02')", "2026-01-02"), "date-time": ("date-time('2026-01-02')", ""),
    "decimal-date-time": ("decimal-date-time('1970-01-02T00:00:00Z')", "1"), "decimal-time": ("decimal-time('12:00:00.000Z') >= 0", "true"),
    "digest": ("digest('a', 'SHA-256', 'hex')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    "distance": ("distance('1 1 0 0;1 1.1 0 0') > 10000", "true"), "ends-with": ("ends-with('abc', 'c')", "true"),
    "exp": ("exp(0)", "1"), "exp10": ("exp10(2)", "100"), "extract-signed": ("extract-signed('a', 'b')", ""), "false": ("false()", "false"),
    "floor": ("floor(1.8)", "1"), "format-date": ("format-date('2026-01-02', '%d/%m/%Y')", "02/01/2026"),
    "format-date-time": ("format-date-time('2026-01-02T03:04:05', '%H.%M')", "03.04"),
    "geofence": ("geofence('1 1 0 0', '0 0 0 0;0 2 0 0;2 2 0 0;2 0 0 0;0 0 0 0')", "true"), "if": ("if(1 = 1, 'a', 'b')", "a"),
    "indexed-repeat": ("indexed-repeat(/data/r/v, /data/r, 1)", "9"), "int": ("int(1.9)", "1"),
    "intersects": ("intersects('0 0 0 0;1 1 0 0;0 1 0 0;1 0 0 0')", "true"), "join": ("join('-', 'a', 'b')", "a-b"), "log": ("log(1)", "0"),
    "log10": ("log10(100)", "2"), "max": ("max(1, 3)", "3"), "min": ("min(1, 3)", "1"), "normalize-space": ("normalize-space(' a  b ')", "a b"),
    "not": ("not(true())", "false"), "now": ("now()", ""), "number": ("number('4')", "4"), "once": ("once('a')", "a"),
    "pi": ("round(pi(), 2)", "3.14"), "position": ("position(/data/r)", "1"), "pow": ("pow(2, 3)", "8"),
    "pulldata": ("pulldata('list', 'label', 'name', 'x')", "Ex"), "random": ("random() < 1", "true"), "regex": ("regex('ab', 'a.')", "true"),
    "round": ("round(1.25, 1)", "1.3"), "selected": ("selected('a b', 'b')", "true"), "selected-at": ("selected-at('a b', 1)", "b"),
    "sin": ("sin(0)", "0"), "sqrt": ("sqrt(9)", "3"), "starts-with": ("starts-with('abc', 'a')", "true"), "string": ("string(5)", "5"),
    "string-length": ("string-length('abc')", "3"), "substr": ("substr('abc', 1, 2)", "b"), "substring-after": ("substring-after('a-b', '-')", "b"),
    "substring-before": ("substring-before('a-b', '-')", "a"), "sum": ("sum(/data/r/v)", "9"), "tan": ("tan(0)", "0"), "today": ("today()", ""),
    "translate": ("translate('abc', 'b', 'x')", "axc"), "true": ("true()", "true"), "uuid": ("uuid()", ""), "version": ("version()", "5"),
    "weighted-checklist": ("weighted-checklist(2, 9, true(), 2)", "true"),
}  # fmt: skip

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
xmlns:orx="http://openrosa.org/xforms"><h:head><h:title>f</h:title><model><instance><data id="f" version="5"><a>7</a><r><v>9</v></r><out/>
<orx:meta><orx:instanceID/></orx:meta></data></instance><instance id="list" src="jr://file-csv/list.csv"/>
<bind nodeset="/data/a" type="string"/><bind nodeset="/data/r/v" type="string"/><bind nodeset="/data/out" type="string" calculate="{}"/>
<bind nodeset="/data/orx:meta/orx:instanceID" type="string" jr:preload="uid"/></model></h:head>
<h:body><input ref="/data/a"><label>a</label></input><group ref="/data/r"><label>r</label><repeat nodeset="/data/r"><input ref="/data/r/v">
<label>v</label></input></repeat></group></h:body></h:html>"""


def test_the_documentation_names_exactly_what_the_engine_lacks(hand: Callable[..., Hand]) -> None:
    phone = hand()
    phone.page.evaluate("async () => { while (!globalThis.engineAlone) await new Promise((go) => setTimeout(go, 20)) }")
    script = "([form, media]) => engineAlone(form, media, []).then((xml) => xml, (error) => `failed: ${error}`)"
    lacking = {}
    for name, (expression, wanted) in TRIED.items():
        form = FORM.format(expression.replace("<", "&lt;").replace(">", "&gt;"))
        said = str(phone.page.evaluate(script, [form, {"list.csv": "name,label\nx,Ex\n"}]))
        got = re.search(r"<out>(.*)</out>", said)
        if got is None or (wanted and got.group(1) != wanted):
            lacking[name] = got.group(1) if got else said[:120]
    print(lacking)
    page = (ROOT / "docs/field/what-the-app-can-ask.md").read_text()
    section = page.split("## What the engine cannot work out")[1].split("\n## ")[0]
    assert sorted(lacking) == sorted(re.findall(r"^- `([a-z0-9-]+)`", section, re.M))
