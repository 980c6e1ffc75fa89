"""Makes what phones never send and attackers do: one thing for each draw of a random source, the same for the same draw.

Half of what is made is nearly right, since noise alone never gets past the first check. It knows no Django.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from xml.sax.saxutils import escape, quoteattr

BOUNDARY = "forged"
OPENROSA = "http://openrosa.org/xforms"
ENCRYPTED = ("http://opendatakit.org/submissions", "http://www.opendatakit.org/xforms/encrypted", "urn:x", "")
NAMES = ["data", "people", "note", "photo", "item", "kind", "meta", "instanceID", "deprecatedID", "entity", "audit",
         "orx:meta", "x:y", "a", "_", "group", "label", "media", "file"]  # fmt: skip
ATTRIBUTES = ["id", "version", "instanceID", "encrypted", "dataset", "create", "update", "baseVersion", "trunkVersion",
              "branchId", "xml:lang", "xmlns", "xmlns:x"]  # fmt: skip
TEXTS = [
    "", " ", "3", "-1", "1e309", "NaN", "0x10", "99999999999999999999999", "2026-13-45", "2026-02-30T25:61:61Z", "null",
    "true", "p.jpg", "../../etc/passwd", "audit.csv", "submission.xml.enc", "C:\\a.jpg", "' OR 1=1 --", "=cmd|' /C calc'!A0",
    "{{7*7}}", "{0.__class__}", "%s%n", "${jndi:x}", "<b>", "&amp;", "]]>", "Blåbærgrød", "\u202egnp.exe", "🏳️‍🌈" * 3,
    "\u0000", "\ufffe", "\ud7ff", "a" * 260, "a" * 5_000, "9" * 400, "55.67 12.56 0 0", "a b c", "uuid:", "\t\r\n",
]  # fmt: skip
HEADERS = [
    "Basic",
    "basic Og==",
    "Basic " + "A" * 9000,
    "Digest",
    "Bearer x",
    "Digest ,,,=,",
    "Basic ====",
    "Negotiate",
]


@dataclass(frozen=True)
class Thing:
    """One request: what it is, where it goes, what it holds."""

    kind: str
    method: str = "POST"
    path: str = "submission"
    query: str = ""
    body: bytes = b""
    content_type: str = f"multipart/form-data; boundary={BOUNDARY}"
    headers: dict[str, str] = field(default_factory=dict)
    filename: str = ""


def text(rng: Random) -> str:
    if rng.random() < 0.6:
        return rng.choice(TEXTS)
    return "".join(chr(rng.choice((rng.randrange(32, 127), rng.randrange(0xD800), rng.randrange(0xE000, 0x10FFFF))))
                   for _ in range(rng.randrange(12)))  # fmt: skip


def written(rng: Random) -> str:
    """A text as XML holds it; of ten, one holds what XML cannot."""
    said = text(rng)
    if rng.random() < 0.9:
        said = "".join(
            c for c in said if c in "\t\n" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff"
        )
    return said


def damaged(data: bytes, rng: Random) -> bytes:
    """Cut, doubled, swapped, overwritten or, more often, left as it was."""
    if rng.random() < 0.6:
        return data
    place = rng.randrange(len(data) + 1)
    more = rng.randrange(40)
    return rng.choice((
        lambda: data,
        lambda: data[:place],
        lambda: data[:place] + data[place + more :],
        lambda: data[:place] + rng.randbytes(more) + data[place:],
        lambda: data[:place] + data[place : place + more] * rng.randrange(2, 50) + data[place:],
        lambda: data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :],
        lambda: data.replace(b"\r\n", b"\n"),
        lambda: data.replace(b">", rng.choice((b"/>", b" >", b"")), 1),
    ))()  # fmt: skip


# Filled forms ---------------------------------------------------------------------------------------------------------


def element(rng: Random, depth: int = 0) -> str:
    name = rng.choice(NAMES)
    attributes = "".join(
        f" {rng.choice(ATTRIBUTES)}={quoteattr(written(rng))}"
        for _ in range(rng.randrange(3) if rng.random() < 0.3 else 0)
    )
    inside = escape(written(rng))
    if depth < 6:
        inside += "".join(element(rng, depth + 1) for _ in range(rng.choice((0, 0, 0, 1, 2, 4))))
    return f"<{name}{attributes}>{inside}</{name}>"


def filled(rng: Random) -> bytes:
    """A filled form that is nearly one."""
    instance = rng.choice((f"uuid:{rng.getrandbits(128):032x}", written(rng), "uuid:same"))
    known = {
        "data": rng.choice(("basic", "basic", "basic", "lygte_visit", written(rng))),
        "version": rng.choice(("1", "1", "1", "1", written(rng))),
    }
    if rng.random() < 0.1:
        known["encrypted"] = rng.choice(("yes", "no", ""))
    attributes = "".join(f" {name.replace('data', 'id')}={quoteattr(value)}" for name, value in known.items())
    answers = "".join(element(rng) for _ in range(rng.randrange(6)))
    answers += rng.choice(("", "<photo>p.jpg</photo>", "<item><kind>a</kind></item>" * rng.randrange(4)))
    deprecated = f"<orx:deprecatedID>{escape(written(rng))}</orx:deprecatedID>" if rng.random() < 0.1 else ""
    audit = "<orx:audit>audit.csv</orx:audit>" if rng.random() < 0.3 else ""
    entity = (
        f'<entity xmlns="{rng.choice(("http://www.opendatakit.org/xforms/entities", "urn:e"))}" dataset={quoteattr(written(rng))} '
        f'id={quoteattr(written(rng))} {rng.choice(("create", "update", "x"))}="1" baseVersion={quoteattr(written(rng))} '
        f"branchId={quoteattr(written(rng))}><label>{escape(written(rng))}</label></entity>"
        if rng.random() < 0.2
        else ""
    )
    meta = f"<orx:meta><orx:instanceID>{escape(instance)}</orx:instanceID>{deprecated}{audit}{entity}</orx:meta>"
    before = rng.choice(("", "", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>', "\ufeff",
                         '<!DOCTYPE data [<!ENTITY a "b">]>', "<!-- -->", "<?pi x?>"))  # fmt: skip
    whole = f'{before}<data xmlns:orx="{OPENROSA}" xmlns:x="urn:x"{attributes}>{answers}{meta}</data>'
    return whole.encode("utf-8", "surrogatepass")


def bomb(rng: Random) -> bytes:
    """Few bytes that mean many: depth, width, entities, attributes."""
    size = rng.choice((70, 3_000, 60_000))
    return rng.choice((
        lambda: b'<data id="basic" version="1">' + b"<a>" * size + b"</a>" * size + b"</data>",
        lambda: b'<data id="basic" version="1">' + b"<a/>" * size + b"</data>",
        lambda: b'<data id="basic" version="1" ' + b" ".join(b'a%d="x"' % n for n in range(size)) + b"/>",
        lambda: b"<!DOCTYPE d [" + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 9) for n in range(1, 12))
        + b']><data id="basic">&a11;</data>',
        lambda: b'<data xmlns="' + b"u" * size + b'" id="basic" version="1">' + b"x" * size + b"</data>",
        lambda: b"<data " + b"".join(b'xmlns:a%d="u" ' % n for n in range(size)) + b'id="basic"/>',
        lambda: filled(rng).replace(b"</orx:meta>", b"<item><kind>a</kind></item>" * (size // 10) + b"</orx:meta>"),
    ))()  # fmt: skip


def encrypted(rng: Random) -> bytes:
    """The manifest of an encrypted form."""

    def code() -> str:
        return rng.choice(
            (base64.b64encode(rng.randbytes(rng.choice((0, 1, 16, 255, 256, 257, 4096)))).decode(), written(rng))
        )

    files = "".join(f"<media><file>{escape(written(rng))}</file></media>" for _ in range(rng.randrange(4)))
    return (
        f'<data xmlns={quoteattr(rng.choice(ENCRYPTED))} id="{rng.choice(("basic", "locked"))}" version="1" encrypted="{rng.choice(("yes", "no"))}">'
        f"<base64EncryptedKey>{escape(code())}</base64EncryptedKey>"
        f'<orx:meta xmlns:orx="{OPENROSA}"><orx:instanceID>uuid:{rng.getrandbits(64)}</orx:instanceID></orx:meta>{files}'
        f"<encryptedXmlFile>{rng.choice(('submission.xml.enc', escape(written(rng))))}</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{escape(code())}</base64EncryptedElementSignature></data>"
    ).encode("utf-8", "surrogatepass")


def audit_file(rng: Random) -> bytes:
    """The record that a phone keeps of how a form was filled in."""
    head = rng.choice(
        ("event,node,start,end", "event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user", text(rng))
    )
    rows = [",".join(rng.choice((text(rng), "question", "/data/people", "1764403200000", '"', '"a,b')) for _ in range(rng.randrange(12)))
            for _ in range(rng.choice((0, 1, 5, 200)))]  # fmt: skip
    return "\n".join([head, *rows]).encode("utf-8", "surrogatepass")


# Requests -------------------------------------------------------------------------------------------------------------


def multipart(rng: Random, xml: bytes, files: dict[str, bytes]) -> bytes:
    def part(name: str, filename: str | None, content: bytes) -> bytes:
        named = f'; filename="{filename}"' if filename is not None else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n'
        if rng.random() < 0.2:
            head += rng.choice(
                (
                    "Content-Type: text/xml\r\n",
                    "Content-Transfer-Encoding: base64\r\n",
                    "X: y\r\n",
                    "\r\n",
                    f"{text(rng)}\r\n",
                )
            )
        return head.encode("utf-8", "surrogatepass") + b"\r\n" + content + b"\r\n"

    parts = [part("xml_submission_file", "form.xml", xml)] * rng.choice((1, 1, 1, 1, 1, 1, 0, 2))
    parts += [part(name, name, content) for name, content in files.items()]
    parts += [
        part(text(rng), rng.choice((None, text(rng))), rng.randbytes(rng.randrange(30)))
        for _ in range(rng.choice((0, 0, 0, 1, 3)))
    ]
    if rng.random() < 0.1:
        parts.append(part("*isIncomplete*", None, b"yes"))
    rng.shuffle(parts)
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def submission(rng: Random) -> Thing:
    xml = damaged(filled(rng), rng)
    return Thing("submission", body=multipart(rng, xml, {"p.jpg": rng.randbytes(9)} if rng.random() < 0.3 else {}))


def bombed(rng: Random) -> Thing:
    return Thing("bomb", body=multipart(rng, bomb(rng), {}))


def broken_request(rng: Random) -> Thing:
    body = damaged(multipart(rng, filled(rng), {"p.jpg": b"x"}), rng)
    kind = rng.choice((
        f"multipart/form-data; boundary={BOUNDARY}", f'multipart/form-data; boundary="{BOUNDARY}"', "multipart/form-data",
        "multipart/form-data; boundary=", "text/xml", "", f"multipart/form-data; boundary={'x' * 300}",
        f"Multipart/Form-Data; charset=x; BOUNDARY={BOUNDARY}", f"multipart/form-data; boundary={text(rng)}",
    ))  # fmt: skip
    return Thing(
        "request",
        body=body,
        content_type=kind.replace("\r", "").replace("\n", ""),
        method=rng.choice(("POST",) * 9 + ("PUT",)),
    )


def sealed(rng: Random) -> Thing:
    files = {
        name: rng.randbytes(rng.randrange(60))
        for name in ("submission.xml.enc", "p.jpg.enc", "p.jpg", "audit.csv")
        if rng.random() < 0.5
    }
    return Thing("encrypted", body=multipart(rng, damaged(encrypted(rng), rng), files))


def audited(rng: Random) -> Thing:
    xml = filled(rng).replace(b"<orx:meta>", b"<orx:meta><orx:audit>audit.csv</orx:audit>")
    return Thing("audit", body=multipart(rng, xml, {"audit.csv": damaged(audit_file(rng), rng)}))


def login(rng: Random) -> Thing:
    """A header that says who is asking: Basic and Digest, nearly right and not at all."""
    if rng.random() < 0.5:
        fields = {name: text(rng) for name in ("username", "realm", "nonce", "uri", "qop", "nc", "cnonce", "response", "opaque", "algorithm", "stale")
                  if rng.random() < 0.8}  # fmt: skip
        fields = {
            **fields,
            **{
                name: value
                for name, value in (("qop", "auth"), ("nc", "00000001"), ("realm", "Lygte"), ("algorithm", "MD5"))
                if rng.random() < 0.5
            },
        }
        value = "Digest " + ", ".join(
            f'{name}="{content}"' if rng.random() < 0.8 else f"{name}={content}" for name, content in fields.items()
        )
    else:
        pair = f"{text(rng)}:{text(rng)}".encode("utf-8", "surrogatepass")
        value = rng.choice((f"Basic {base64.b64encode(pair).decode()}", rng.choice(HEADERS), text(rng)))
    value = damaged(value.encode("utf-8", "surrogatepass"), rng).decode("latin-1").replace("\r", "").replace("\n", "")
    return Thing("login", method=rng.choice(("GET", "HEAD", "POST")), path="openrosa:" + rng.choice(("formList", "submission")),
                 headers={"HTTP_AUTHORIZATION": value})  # fmt: skip


ODATA = [
    "$filter",
    "$top",
    "$skip",
    "$count",
    "$select",
    "$orderby",
    "$expand",
    "$format",
    "$skiptoken",
    "$wkt",
    "$search",
    "$apply",
]
ODATA_VALUES = [
    "__system/submissionDate ge 2026-01-01T00:00:00Z", "year(__system/submissionDate) eq 2026", "(" * 200, "not " * 300 + "true",
    "a eq 'b", "1 eq 1 and " * 400 + "1 eq 1", "-1", "1e9", "99999999999999999999", "*", "true", "false", "json", "xml",
    "__id desc", "a" * 3000, "%00", "'", "\u0000", "$root", "a/b/c/d", "__system/reviewState eq null", "$it", "9" * 5000,
]  # fmt: skip


def query(rng: Random) -> Thing:
    """An address that fetches, with strange questions: lists of forms, manifests, files, tables."""
    from urllib.parse import quote

    pairs = []
    for _ in range(rng.randrange(5)):
        name = rng.choice(
            (*ODATA, "formID", "listAllVersions", "verbose", "deviceID", "id", "page", "state", "form", text(rng))
        )
        value = rng.choice((rng.choice(ODATA_VALUES), text(rng)))
        pairs.append(f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}")
    asked = rng.choice(("&", "&&", ";")).join(pairs)
    if rng.random() < 0.1:
        asked = damaged(asked.encode(), rng).decode("latin-1").replace("#", "")
    return Thing("query", method=rng.choice(("GET", "GET", "HEAD", "POST", "DELETE")), path=f"any:{rng.randrange(10_000)}", query=asked,
                 headers={"HTTP_ACCEPT_LANGUAGE": text(rng).replace("\r", "").replace("\n", "")} if rng.random() < 0.2 else {})  # fmt: skip


# Workbooks ------------------------------------------------------------------------------------------------------------

TYPES = ["text", "integer", "select_one kind", "select_one", "begin_group", "end_group", "begin_repeat", "end_repeat", "image", "audit", "calculate",
         "geopoint", "select_one_from_file a.csv", "entity", "deviceid", "note", "range", "rank kind", "hidden"]  # fmt: skip
COLUMNS = ["type", "name", "label", "label::English (en)", "relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required",
           "appearance", "parameters", "default", "trigger", "save_to", "bind::type", "body::accept", "instance::x", "hint", "media::image"]  # fmt: skip
SHEETS = ["survey", "choices", "settings", "entities", "osm", "external_choices"]
EXPRESSIONS = ["${people} > 1", "${", "${x}", "." * 50, "((((" * 20, "1 + " * 900 + "1", "count(${item})", "concat(" * 100, "'", "selected(${kind}, 'a')",
               "instance('a')/root/item[name = ${kind}]/label", "${last-saved#people}", "-" * 2000 + "1", "a[" * 40]  # fmt: skip


def nearly_good(rng: Random) -> dict[str, list[list[str]]]:
    """A form that could be published, with at most one cell that is not as it should be: it gets through all checks but one."""
    kinds = ("integer", "text", "select_one kind", "date", "decimal", "image", "note")
    rows = [[rng.choice(kinds), f"q{number}", f"Question {number}", ""] for number in range(1, rng.randrange(2, 12))]
    if len(rows) > 1:
        rows[1][3] = rng.choice(("", "${q1} != ''", "true()"))
    sheets = {
        "survey": [["type", "name", "label", "relevant"], *rows],
        "choices": [["list_name", "name", "label"], ["kind", "a", "Apple"], ["kind", "b", "Pear"]],
        "settings": [["form_id", "form_title", "version", "lygte_grade"], ["good", "Good", "1", "locked"]],
    }
    if rng.random() < 0.6:
        row = rng.choice(rng.choice(list(sheets.values())))
        row[rng.randrange(len(row))] = rng.choice((rng.choice(EXPRESSIONS), text(rng), ""))
    return sheets


def table(rng: Random) -> dict[str, list[list[str]]]:
    if rng.random() < 0.4:
        return nearly_good(rng)
    sheets = {}
    for sheet in rng.sample(SHEETS, rng.randrange(1, 4)):
        columns = (
            rng.sample(COLUMNS, rng.randrange(1, 8))
            if sheet == "survey"
            else rng.sample(
                [
                    "list_name",
                    "name",
                    "label",
                    "form_id",
                    "version",
                    "form_title",
                    "public_key",
                    "submission_url",
                    "style",
                    "list name",
                    "dataset",
                    "create_if",
                ],
                4,
            )
        )
        if sheet == "survey":
            columns = ["type", "name", "label", *[c for c in columns if c not in ("type", "name", "label")]]
        rows = []
        for _ in range(rng.choice((0, 1, 4, 20))):
            rows.append([_cell(column, rng) for column in columns])
        sheets[sheet] = [columns, *rows]
    return sheets


def _cell(column: str, rng: Random) -> str:
    if column == "type":
        return rng.choice(TYPES) if rng.random() < 0.9 else text(rng)
    if column in ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "default"):
        return rng.choice(("", rng.choice(EXPRESSIONS), text(rng)))
    return rng.choice(("people", "kind", "a", "Item", "item", text(rng)))


def workbook(rng: Random) -> Thing:
    sheets = table(rng)
    suffix = rng.choice((".md", ".csv", ".xlsx", ".xlsx", rng.choice((".xls", ".zip", "", ".xlsm", ".XLSX"))))
    if suffix == ".md":
        data = "\n".join(
            f"| {name} |\n" + "\n".join("| | " + " | ".join(row) + " |" for row in rows)
            for name, rows in sheets.items()
        ).encode("utf-8", "surrogatepass")
    elif suffix == ".csv":
        data = "\n".join(
            f"{name}\n" + "\n".join("," + ",".join(row) for row in rows) for name, rows in sheets.items()
        ).encode("utf-8", "surrogatepass")
    else:
        data = packed(sheets, rng)
    return Thing(
        "workbook",
        body=damaged(data, rng) if rng.random() < 0.6 else data,
        filename=f"{rng.choice(('form', text(rng)[:40]))}{suffix}",
    )


def packed(sheets: dict[str, list[list[str]]], rng: Random) -> bytes:
    """A workbook written by hand, with parts that no office program would write."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as book:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        book.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
                      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
                      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')  # fmt: skip
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>'
        )
        named = "".join(
            f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="{rng.choice((f"worksheets/sheet{n}.xml",) * 9 + ("../../x.xml",))}"/>'
            for n in range(1, len(sheets) + 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{named}</Relationships>',
        )
        for number, rows in enumerate(sheets.values(), 1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", sheet_xml(rows, main, rng))
        if rng.random() < 0.1:
            book.writestr("xl/big.xml", b"\0" * rng.choice((10, 1_000_000)))
    return out.getvalue()


def sheet_xml(rows: list[list[str]], main: str, rng: Random) -> bytes:
    cells = [
        f'<row r="{rng.choice((n, n, n, 1048577, 0))}">' + "".join(
            f'<c t="inlineStr" r="{chr(65 + i % 26)}{n}"><is><t>{escape(value)}</t></is></c>' for i, value in enumerate(row)) + "</row>"
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    before = rng.choice(("",) * 12 + ('<!DOCTYPE x [<!ENTITY a "b">]>', '<?xml version="1.0" encoding="UTF-16"?>'))
    return f'{before}<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>'.encode(
        "utf-8", "surrogatepass"
    )


# How much of each is made of a hundred.
KINDS: dict[Callable[[Random], Thing], int] = {
    submission: 30, broken_request: 16, workbook: 14, login: 10, query: 16, sealed: 6, audited: 5, bombed: 3,
}  # fmt: skip
PILE = [make for make, share in KINDS.items() for _ in range(share)]


def thing(rng: Random) -> Thing:
    """Return the next thing to throw."""
    return rng.choice(PILE)(rng)
