"""Every way an input can be wrong, as a numbered sentence with a next step.

DarkfigureError
├── TableError      the overlap table cannot be read (1xx) or is not one (2xx)
├── ModelError      the model asked for is not a hierarchical model of these lists (3xx)
└── OptionError     a method or option does not exist or does not fit this table (4xx)
"""

from __future__ import annotations

PROBLEMS: dict[int, tuple[str, str]] = {
    101: ("The file {path} is empty.", "Give a CSV file with one column per list and a column of counts."),
    102: ("The file {path} could not be opened: {reason}.", "Check the path."),
    103: ("Row {row} has {got} fields, but the header has {expected}.", "Check the separators of that row."),
    104: ("No column of counts was found among {columns}.", "Name it with count=, or call it 'count'."),
    105: ("Column {column!r} is missing; the table has {columns}.", "Name columns that the table has."),
    201: ("Row {row}: the count {value!r} is negative.", "A count is 0 or more; correct the row."),
    202: (
        "Row {row}: the count {value!r} is not a whole number.",
        "Give whole numbers, or a range such as '1-4' or '<5' for a suppressed cell.",
    ),
    203: (
        "Row {row}: the count is missing.",
        "Write 0 if nobody has this history, or '<5' if it is suppressed.",
    ),
    204: (
        "Row {row}: {value!r} in list {list_name!r} is neither 0 nor 1.",
        "Membership is 1 (on the list) or 0 (not on it).",
    ),
    205: ("Row {row} repeats the history of row {first}.", "Add the two counts into one row."),
    206: (
        "Row {row} is the history of the people on no list.",
        "Remove the row: that cell is what is to be estimated.",
    ),
    207: ("All counts are zero.", "An overlap table needs at least one observed person."),
    208: ("There is only one list.", "Overlap needs at least two lists."),
    209: ("There are {k} lists.", "At most 16 are possible; omit or merge lists first."),
    210: ("Nobody is on list {list_name!r}.", "Omit the list with omit_lists([{list_name!r}])."),
    211: ("The list name {list_name!r} is used twice or is empty.", "Give every list its own name."),
    212: (
        "The counts have shape {shape}.",
        "Give 2^k counts for k lists, indexed by the bit mask of the history.",
    ),
    213: ("There is no list {list_name!r}; the lists are {lists}.", "Use one of these names."),
    214: (
        "Row {row}: the range {value!r} is empty or negative.",
        "Write the smaller number first, such as '1-4'.",
    ),
    215: (
        "The tables have different lists: {lists}.",
        "Use the same lists, in the same order, in every table.",
    ),
    216: (
        "The table has interval-censored cells.",
        "Use fit_censored(table, model), or fill the cells first.",
    ),
    218: (
        "The counts add up to {total:,}, more people than there are.",
        "Check the column of counts; is it a reference number or an amount?",
    ),
    217: ("Merging would leave fewer than two lists.", "Keep at least two lists."),
    301: ("The model {model!r} cannot be read.", "Write maximal terms in brackets, such as '[12,3]'."),
    302: ("The model {model!r} names list {at}, but there are {k}.", "Number the lists from 1 to {k}."),
    303: (
        "The model contains the interaction of all {k} lists.",
        "That interaction can never be estimated; drop it.",
    ),
    401: ("There is no method {method!r}.", "Choose one of: {methods}."),
    402: ("{method} needs {need}; this table has {have}.", "Choose another method or change the lists."),
    403: ("The option {option} is {value!r}.", "It must be {need}."),
    404: ("{method} is not available for bootstrap.", "Choose one of: {methods}."),
    406: ("{method} needs counts, and some cells of this table are ranges.", "Choose one of: {methods}."),
    405: ("{what} needs the package {package}.", "Install it: pip install {package}."),
}


class DarkfigureError(ValueError):
    """A numbered problem: what is wrong, where, and what to do next.

    Attributes:
        number: key in ``PROBLEMS``; stable between versions.
        sentence: what is wrong, details filled in.
        next_step: what to do about it.

    Example:
        >>> print(TableError(208))
        [208] There is only one list. Overlap needs at least two lists.
    """

    def __init__(self, number: int, **details: object) -> None:
        sentence, next_step = PROBLEMS[number]
        self.number = number
        self.details = details
        self.sentence = sentence.format(**details)
        self.next_step = next_step.format(**details)
        super().__init__(f"[{number}] {self.sentence} {self.next_step}")


class TableError(DarkfigureError):
    """The overlap table cannot be read or is not an overlap table (numbers 101 to 217).

    Example:
        >>> TableError(201, row=3, value=-2).sentence
        'Row 3: the count -2 is negative.'
    """


def check_seed(seed: int) -> None:
    """Refuse a seed that the counter-based generators cannot take.

    Raises:
        OptionError: 403 for a seed outside 0 to 2^63 - 1.

    Example:
        >>> check_seed(7)
    """
    if not 0 <= seed < 1 << 63:
        raise OptionError(403, option="seed", value=seed, need="a whole number from 0 to 2^63 - 1")


class ModelError(DarkfigureError):
    """The model is not a hierarchical model of these lists (numbers 301 to 303).

    Example:
        >>> ModelError(303, k=3).number
        303
    """


class OptionError(DarkfigureError):
    """A method or option does not exist or does not fit the table (numbers 401 to 405).

    Example:
        >>> OptionError(403, option="level", value=2, need="between 0 and 1").next_step
        'It must be between 0 and 1.'
    """
