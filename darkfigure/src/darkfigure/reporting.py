"""The report a reviewer asks for: data, versions, seed, calls, every estimate, the diagnostics and the verdict."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import math
import platform
from pathlib import Path
from typing import Any

import numpy as np

from darkfigure.assessing import Assessment
from darkfigure.errors import OptionError
from darkfigure.plots import plot_bootstrap, plot_estimates, plot_models, plot_overlaps

Rows = list[list[str]]


def write_report(assessment: Assessment, path: str | Path, source: str = "", seed: int = 0) -> Path:
    """Write a report; the ending of the path decides the format.

    Args:
        assessment: from assess(). path: .md, .html or .pdf. source: where the table comes from. seed: as used.

    Returns:
        The path written.

    Raises:
        OptionError: 403 for another ending, 405 without matplotlib (.html and .pdf).

    Source: own.

    Example:
        >>> import tempfile
        >>> from darkfigure import example, assess
        >>> file = Path(tempfile.mkdtemp()) / "report.md"
        >>> write_report(assess(example("korea_3"), replicates=30), file).read_text().splitlines()[0]
        '# How many people are on no list?'
    """
    path = Path(path)
    writers = {".md": _markdown, ".html": _html}
    if path.suffix == ".pdf":
        _pdf(assessment, path, source, seed)
    elif path.suffix in writers:
        path.write_text(writers[path.suffix](assessment, source, seed), encoding="utf-8")
    else:
        raise OptionError(403, option="report", value=str(path), need="a path that ends in .md, .html or .pdf")
    return path


def sections(assessment: Assessment, source: str, seed: int) -> list[tuple[str, list[str], Rows]]:
    """The content of the report: (title, paragraphs, table rows with a header row first).

    Example:
        >>> from darkfigure import example, assess
        >>> [title for title, *_ in sections(assess(example("korea_3"), replicates=30), "", 0)][:2]
        ['Verdict', 'Data']
    """
    verdict = assessment.verdict
    data = [["list", "people"], *([name, f"{size:,}"] for name, size in _sizes(assessment))]
    table = assessment.table
    overlap = f"{table.n:,} people on {table.k} lists; {int(table.frequencies[2:].sum()):,} on two or more."
    estimates = [["method", "estimate", "nominal 95 % from", "to", "model", "remark"]]
    for one in assessment.estimates:
        worth = assessment.standing(one.method).remark
        remark = "; ".join([*([one.reason] if one.status else []), *one.notes, worth])
        if one.estimand == "lower bound":
            remark = "; ".join(filter(None, ["a lower bound", remark]))
        estimates.append([one.method, _people(one.estimate), _people(one.lower), _people(one.upper), one.model, remark])
    return [
        ("Verdict", [verdict.headline, *verdict.reasons], []),
        (
            "Data",
            [source or "Source not stated.", overlap, f"SHA-256 of the counts: {fingerprint(table.counts)}"],
            data,
        ),
        ("Estimates side by side", [], estimates),
        ("Good models", _selection_text(assessment), _model_rows(assessment)),
        (
            "Bootstrap",
            [str(assessment.boot)] if assessment.boot is not None else ["Not possible."],
            _wins(assessment),
        ),
        ("Dependence between lists", [], _pair_rows(assessment)),
        (
            "Other lists",
            ["The estimate without one list, and with two lists merged."],
            _variant_rows(assessment),
        ),
        ("Known lists hidden", ["Each list taken as a population of known size."], _hidden_rows(assessment)),
        (
            "Untestable interaction",
            ["Population size if the interaction of all lists were xi."],
            _xi_rows(assessment),
        ),
        ("Wrong links", ["The estimate with linkage errors planted, and with as many undone."], _link_rows(assessment)),
        ("What the critics say", list(verdict.cautions), []),
        ("To do it again", _provenance(assessment, seed), []),
    ]


def fingerprint(counts: Any) -> str:
    """SHA-256 of the counts as little-endian 64-bit integers.

    Example:
        >>> fingerprint(np.array([0, 1]))[:8]
        '9d34149f'
    """
    return hashlib.sha256(np.asarray(counts, dtype="<i8").tobytes()).hexdigest()


def _sizes(assessment: Assessment) -> list[tuple[str, int]]:
    return list(zip(assessment.table.lists, assessment.table.list_sizes.tolist(), strict=True))


def _people(value: float) -> str:
    if math.isnan(value):
        return "none"
    return f"{value:,.0f}" if math.isfinite(value) else "no limit"


def _selection_text(assessment: Assessment) -> list[str]:
    return [str(assessment.selection)] if assessment.selection is not None else ["The search was too large."]


def _model_rows(assessment: Assessment) -> Rows:
    if assessment.selection is None:
        return []
    chosen = assessment.selection
    rows = [["model", "parameters", "BIC", "weight", "estimate"]]
    for at, model in enumerate(chosen.models[:25]):
        rows.append(
            [model.name, str(model.size), f"{chosen.criterion[at]:.2f}", f"{chosen.weights[at]:.3f}",
             _people(float(chosen.estimates[at]))]
        )  # fmt: skip
    return rows


def _wins(assessment: Assessment) -> Rows:
    if assessment.boot is None:
        return []
    return [["model", "replicates won"], *([name, str(count)] for name, count in assessment.boot.wins[:10])]


def _pair_rows(assessment: Assessment) -> Rows:
    rows = [["lists", "on both", "odds ratio", "Chapman from these two"]]
    for pair in assessment.pairs:
        rows.append(
            [
                f"{pair.first}, {pair.second}",
                str(pair.overlap),
                f"{pair.odds_ratio:.2f}",
                _people(pair.chapman),
            ]
        )
    return rows


def _variant_rows(assessment: Assessment) -> Rows:
    rows = [["lists", "estimate", "model"]]
    return rows + [[v.what, _people(v.estimate), v.model] for v in (*assessment.left_out, *assessment.merged)]


def _hidden_rows(assessment: Assessment) -> Rows:
    rows = [["list", "really on it", "estimated", "from", "to", "recovered"]]
    for one in assessment.hidden:
        answer = ("yes" if one.covered else "no") if one.possible else "no estimate"
        rows.append([one.name, f"{one.size:,}", _people(one.estimate), _people(one.lower), _people(one.upper), answer])
    return rows


def _xi_rows(assessment: Assessment) -> Rows:
    shifts = ("-1", "-0.5", "0", "0.5", "1")
    return [
        ["xi", "estimate"],
        *([xi, _people(v)] for xi, v in zip(shifts, assessment.sensitivity, strict=True)),
    ]


def _link_rows(assessment: Assessment) -> Rows:
    rows = [["errors", "share", "planted", "undone"]]
    return rows + [
        [one.kind, f"{one.share:.0%}", _people(one.planted), _people(one.undone)] for one in assessment.links
    ]


def _provenance(assessment: Assessment, seed: int) -> list[str]:
    import numba
    import scipy

    from darkfigure import __version__

    size = assessment.boot.replicates.size if assessment.boot is not None else 0
    return [
        f"darkfigure {__version__}, NumPy {np.__version__}, SciPy {scipy.__version__}, numba {numba.__version__}, "
        f"Python {platform.python_version()}.",
        f"Call: assess(table, replicates={size}, seed={seed}).",
    ]


def _markdown(assessment: Assessment, source: str, seed: int) -> str:
    lines = ["# How many people are on no list?"]
    for title, paragraphs, rows in sections(assessment, source, seed):
        lines += ["", f"## {title}", "", *(f"{text}  " for text in paragraphs)]
        if rows:
            lines += ["", "| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
            lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows[1:]]
    return "\n".join(lines) + "\n"


def _figures(assessment: Assessment) -> dict[str, Any]:
    figures = {"Data": plot_overlaps(assessment.table), "Estimates side by side": plot_estimates(assessment)}
    if assessment.selection is not None:
        figures["Good models"] = plot_models(assessment.selection)
    if assessment.boot is not None:
        figures["Bootstrap"] = plot_bootstrap(assessment.boot)
    return figures


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1d2a35}"
    "table{border-collapse:collapse;font-size:.9rem}td,th{border-bottom:1px solid #b7c0c8;padding:.2rem .6rem;"
    "text-align:left}img{max-width:100%}"
)


def _html(assessment: Assessment, source: str, seed: int) -> str:
    figures = _figures(assessment)
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>How many people are on no list?</title>"
        f"<style>{STYLE}</style></head><body><h1>How many people are on no list?</h1>"
    ]
    for title, paragraphs, rows in sections(assessment, source, seed):
        parts.append(f"<h2>{html.escape(title)}</h2>")
        parts += [f"<p>{html.escape(text)}</p>" for text in paragraphs]
        if title in figures:
            picture = io.BytesIO()
            figures[title].savefig(picture, format="png", dpi=130)
            encoded = base64.b64encode(picture.getvalue()).decode()
            parts.append(f"<img alt='Figure: {html.escape(title)}' src='data:image/png;base64,{encoded}'>")
        if rows:
            head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in rows[0])
            body = "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    return "\n".join([*parts, "</body></html>\n"])


def _pdf(assessment: Assessment, path: Path, source: str, seed: int) -> None:
    figures = _figures(assessment)
    from matplotlib.backends.backend_pdf import PdfPages

    lines = _pdf_lines(assessment, source, seed)
    with PdfPages(path, metadata={"Title": "How many people are on no list?"}) as pages:
        for start in range(0, len(lines), 58):
            pages.savefig(_text_page(lines[start : start + 58]))
        for figure in figures.values():
            pages.savefig(figure)


def _pdf_lines(assessment: Assessment, source: str, seed: int) -> list[str]:
    import textwrap

    lines = ["HOW MANY PEOPLE ARE ON NO LIST?"]
    for title, paragraphs, rows in sections(assessment, source, seed):
        lines += ["", title.upper()]
        for text in paragraphs:
            lines += textwrap.wrap(text, 96, subsequent_indent="  ")
        if rows:
            widths = [min(max(len(row[c]) for row in rows), 30) for c in range(len(rows[0]))]
            for row in rows:
                joined = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                lines += textwrap.wrap(joined, 96, subsequent_indent="      ", drop_whitespace=False)
    return lines


def _text_page(lines: list[str]) -> Any:
    from matplotlib.figure import Figure

    page = Figure(figsize=(8.27, 11.69))
    page.text(0.07, 0.95, "\n".join(lines), family="monospace", fontsize=8, va="top", linespacing=1.35)
    return page
