"""A syntax check for the XPath of ODK forms, because pyxform passes broken expressions on to the phone.

It knows no Django: the process that converts workbooks imports it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

# Functions of the ODK XForms specification and of XPath 1.0: name -> (fewest, most) arguments; None is no limit.
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    "abs": (1, 1), "acos": (1, 1), "area": (1, None), "asin": (1, 1), "atan": (1, 1), "atan2": (2, 2),
    "base64-decode": (1, 1), "boolean": (1, 1), "boolean-from-string": (1, 1), "ceiling": (1, 1),
    "checklist": (2, None), "coalesce": (2, 2), "concat": (0, None), "contains": (2, 2), "cos": (1, 1),
    "count": (1, 1), "count-non-empty": (1, 1), "count-selected": (1, 1), "current": (0, 0), "date": (1, 1),
    "date-time": (1, 1), "decimal-date-time": (1, 1), "decimal-time": (1, 1), "digest": (2, 3),
    "distance": (1, None), "ends-with": (2, 2), "enclosed-area": (1, None), "exp": (1, 1), "exp10": (1, 1),
    "extract-signed": (2, 2), "false": (0, 0), "floor": (1, 1), "format-date": (2, 2), "format-date-time": (2, 2),
    "geofence": (2, 2), "if": (3, 3), "indexed-repeat": (3, None), "instance": (1, 1), "int": (1, 1),
    "intersects": (1, 1), "join": (1, None), "jr:choice-name": (2, 2), "jr:itext": (1, 1), "last": (0, 0),
    "local-name": (0, 1), "log": (1, 1), "log10": (1, 1), "lower-case": (1, 1), "max": (1, None),
    "min": (1, None), "name": (0, 1), "namespace-uri": (0, 1), "normalize-space": (0, 1), "not": (1, 1),
    "now": (0, 0), "number": (0, 1), "once": (1, 1), "pi": (0, 0), "position": (0, 1), "pow": (2, 2),
    "property": (1, 1), "pulldata": (4, 4), "random": (0, 0), "randomize": (1, 2), "regex": (2, 2),
    "round": (1, 2), "selected": (2, 2), "selected-at": (2, 2), "sin": (1, 1), "sqrt": (1, 1),
    "starts-with": (2, 2), "string": (0, 1), "string-length": (0, 1), "substr": (2, 3), "substring": (2, 3),
    "substring-after": (2, 2), "substring-before": (2, 2), "sum": (1, 1), "tan": (1, 1), "thousandsep": (1, 2),
    "today": (0, 0), "translate": (3, 3), "true": (0, 0), "upper-case": (1, 1), "uuid": (0, 1),
    "version": (0, 0), "weighted-checklist": (2, None),
}  # fmt: skip
NODE_TESTS = {"text", "node", "comment", "processing-instruction"}
AXES = {
    "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
    "following-sibling", "namespace", "parent", "preceding", "preceding-sibling", "self",
}  # fmt: skip
DEEPEST = 30  # parentheses; each takes some fifteen calls of this parser

NAME = r"[^\W\d][\w.\-]*"
TOKENS = re.compile(
    rf"""(?P<space>\s+)
    |(?P<reference>\$\{{\s*(?:last-saved\#)?{NAME}\s*\}})
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\]@,|+\-=<>*/.])
    |(?P<name>{NAME}(?::(?!:)(?:{NAME}|\*))?)
    """,
    re.VERBOSE,
)
WORD_OPERATORS = {"and", "or", "div", "mod"}


class XPathError(Exception):
    """What is wrong with an expression: a code, details, and the place (1 is the first character)."""

    def __init__(self, code: str, position: int, **details: str) -> None:
        super().__init__(code, position, details)
        self.code, self.position, self.details = code, position, details


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    position: int


def check_xpath(expression: str) -> list[str]:
    """Raise XPathError unless the expression, `${references}` included, is well formed.

    Returns the functions it calls that are in no list of ours: new ones of a client, perhaps.
    """
    parser = _Parser(_tokens(expression), len(expression) + 1)
    parser.expression()
    parser.expect_end()
    return parser.unknown


def _tokens(expression: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(expression):
        match = TOKENS.match(expression, place)
        if match is None:
            raise XPathError(_reason_for(expression[place]), place + 1, text=expression[place : place + 12])
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(Token(_operator_kind(kind, match.group(), found), match.group(), place + 1))
        place = match.end()
    return found


def _reason_for(character: str) -> str:
    if character in "\"'":
        return "open_quote"
    return "curly_quote" if character in "“”‘’„" else "character"


def _operator_kind(kind: str, text: str, before: list[Token]) -> str:
    """Tell the operators `*`, `and`, `or`, `div`, `mod` from names, as XPath 1.0 section 3.7 says."""
    after_operand = bool(before) and not (
        before[-1].kind == "operator" or before[-1].text in {"@", "::", "(", "[", ","}
    )
    if kind == "symbol" and text in {"|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "/", "//"}:
        return "operator"
    if (text == "*" or text in WORD_OPERATORS) and after_operand:
        return "operator"
    return "name" if text == "*" else kind


class _Parser:
    """Recursive descent over the grammar of XPath 1.0; it builds nothing."""

    LEVELS: tuple[frozenset[str], ...] = (
        frozenset({"or"}),
        frozenset({"and"}),
        frozenset({"=", "!="}),
        frozenset({"<", "<=", ">", ">="}),
        frozenset({"+", "-"}),
        frozenset({"*", "div", "mod"}),
    )

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.tokens, self.end, self.place, self.depth = tokens, end, 0, 0
        self.unknown: list[str] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.place] if self.place < len(self.tokens) else Token("end", "", self.end)

    def peek(self, *texts: str) -> bool:
        return self.token.kind != "literal" and self.token.text in texts and self.token.kind != "end"

    def take(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def fail(self) -> XPathError:
        token = self.token
        if token.kind == "end":
            return XPathError("unfinished", token.position)
        return XPathError("unexpected", token.position, text=token.text)

    def expect(self, text: str) -> None:
        if not self.peek(text):
            if self.token.kind == "end" and text in {")", "]"}:
                raise XPathError("not_closed", self.token.position, text=text)
            raise self.fail()
        self.take()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.fail()

    def expression(self, level: int = 0) -> None:
        if level == 0:
            self.depth += 1
            if self.depth > DEEPEST:
                raise XPathError("too_deep", self.token.position)
        if level == len(self.LEVELS):
            self.unary()
        else:
            self.expression_of(level)
        if level == 0:
            self.depth -= 1

    def expression_of(self, level: int) -> None:
        self.expression(level + 1)
        while self.token.kind == "operator" and self.token.text in self.LEVELS[level]:
            self.take()
            self.expression(level + 1)

    def unary(self) -> None:
        while self.peek("-"):
            self.take()
        self.path()
        while self.peek("|"):
            self.take()
            self.path()

    def path(self) -> None:
        if self.primary():
            self.predicates()
            if not self.peek("/", "//"):
                return
            self.take()
        elif self.peek("/", "//") and self.take().text == "/" and not self.starts_step():
            return
        self.step()
        while self.peek("/", "//"):
            self.take()
            self.step()

    def primary(self) -> bool:
        if self.token.kind in {"literal", "number", "reference"}:
            self.take()
            return True
        if self.peek("("):
            self.take()
            self.expression()
            self.expect(")")
            return True
        following = self.tokens[self.place + 1].text if self.place + 1 < len(self.tokens) else ""
        if self.token.kind == "name" and following == "(" and self.token.text not in NODE_TESTS:
            self.call()
            return True
        return False

    def call(self) -> None:
        name = self.take()
        if name.text not in FUNCTIONS:
            near = get_close_matches(name.text, FUNCTIONS, n=1, cutoff=0.75)
            if near:
                raise XPathError("function", name.position, text=name.text, suggestion=near[0])
            self.unknown.append(name.text)
        self.take()
        arguments = 0
        if not self.peek(")"):
            self.expression()
            arguments = 1
            while self.peek(","):
                self.take()
                self.expression()
                arguments += 1
        self.expect(")")
        fewest, most = FUNCTIONS.get(name.text, (0, None))
        if arguments < fewest or (most is not None and arguments > most):
            raise XPathError("arguments", name.position, text=name.text, count=str(arguments))

    def starts_step(self) -> bool:
        return self.token.kind == "name" or self.peek(".", "..", "@")

    def step(self) -> None:
        if self.peek(".", ".."):
            self.take()
            self.predicates()
            return
        if self.token.kind == "reference":
            self.take()
            self.predicates()
            return
        if self.peek("@"):
            self.take()
        if self.token.kind != "name":
            raise self.fail()
        name = self.take()
        if self.peek("::"):
            self.axis(name)
        elif name.text in NODE_TESTS and self.peek("("):
            self.node_test()
        self.predicates()

    def axis(self, name: Token) -> None:
        if name.text not in AXES:
            raise XPathError("unexpected", name.position, text=name.text)
        self.take()
        if self.token.kind != "name":
            raise self.fail()
        if self.take().text in NODE_TESTS and self.peek("("):
            self.node_test()

    def node_test(self) -> None:
        self.take()
        if self.token.kind == "literal":
            self.take()
        self.expect(")")

    def predicates(self) -> None:
        while self.peek("["):
            self.take()
            self.expression()
            self.expect("]")
