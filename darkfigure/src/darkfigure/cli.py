"""The command ``darkfigure``: estimate, assess, strata, simulate, plan, plot. Complaints go to standard error."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence

from darkfigure import __version__
from darkfigure.errors import DarkfigureError, OptionError
from darkfigure.reading import read_csv
from darkfigure.table import OverlapTable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0 done, 1 no estimate or no support, 2 wrong input.

    Args:
        arguments: as typed, without the name of the command; None takes them from the process.

    Example:
        >>> main(["estimate", "no-such-file.csv"])
        2
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DarkfigureError as error:
        if getattr(options, "json", False):
            problem = {"number": error.number, "sentence": error.sentence, "next_step": error.next_step}
            print(json.dumps({"error": problem}, ensure_ascii=False))
        print(f"darkfigure: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="darkfigure",
        description="Population size from overlapping lists, honest about what they cannot support.",
    )
    parser.add_argument("--version", action="version", version=f"darkfigure {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_estimate(commands)
    _add_assess(commands)
    _add_strata(commands)
    _add_simulate(commands)
    _add_plan(commands)
    _add_plot(commands)
    return parser


def _table_command(commands: argparse._SubParsersAction, name: str, text: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("table", help="CSV file: one 0/1 column per list and a column of counts")
    parser.add_argument("--count", help="name of the column of counts")
    parser.add_argument("--lists", help="names of the list columns, separated by commas")
    parser.add_argument("--omit", action="append", default=[], metavar="LIST", help="leave out a list (repeatable)")
    parser.add_argument("--merge", action="append", default=[], metavar="A,B", help="merge lists (repeatable)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default 0)")
    parser.add_argument("--threads", type=int, help="number of threads (default: all cores)")
    return parser


def _read(options: argparse.Namespace) -> OverlapTable:
    lists = options.lists.split(",") if options.lists else None
    table = read_csv(options.table, options.count, lists)
    if options.omit:
        table = table.omit_lists(options.omit)
    for names in options.merge:
        table = table.merge_lists(names.split(","))
    return table


def _add_estimate(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _table_command(commands, "estimate", "Estimate the population size with one method.")
    parser.add_argument("--method", default="bic", help="bic, stepwise, main, chao, ..., or a model such as [12,3]")
    parser.add_argument("--max-order", type=int, help="largest number of lists in an interaction")
    parser.add_argument("--bootstrap", type=int, default=0, metavar="N", help="replicates, selection inside each")
    parser.add_argument("--level", type=float, default=0.95, help="coverage of the interval (default 0.95)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_estimate)


def _estimate(options: argparse.Namespace) -> int:
    from darkfigure.estimation import estimate

    table = _read(options)
    if table.is_censored:
        return _estimate_censored(table, options)
    found = estimate(
        table,
        options.method,
        level=options.level,
        max_order=options.max_order,
        bootstrap_replicates=options.bootstrap,
        seed=options.seed,
        threads=options.threads,
        progress=bool(options.bootstrap) and not options.json and sys.stderr.isatty(),
    )
    print(found.to_json() if options.json else found)
    if not options.json:
        for note in found.notes:
            print(f"  {note}")
    return 0 if found.status == 0 else 1


def _estimate_censored(table: OverlapTable, options: argparse.Namespace) -> int:
    from darkfigure.censored_estimate import estimate_censored

    found = estimate_censored(table, options.method, options.level, options.max_order, options.seed)
    print(found.to_json() if options.json else found)
    return 0 if found.status == 0 else 1


def _add_assess(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _table_command(commands, "assess", "Run every estimator and diagnostic and say what the lists support.")
    parser.add_argument("--replicates", type=int, default=200, help="bootstrap replicates (default 200)")
    parser.add_argument("--report", metavar="FILE", help="write a report: .md, .html or .pdf")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_assess)


def _assess(options: argparse.Namespace) -> int:
    from darkfigure.assessing import assess

    found = assess(_read(options), options.replicates, options.seed, options.threads)
    if options.report:
        from darkfigure.reporting import write_report

        write_report(found, options.report, source=options.table, seed=options.seed)
    print(found.to_json() if options.json else found)
    return 0 if found.verdict.supported else 1


def _add_strata(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    text = "Estimate several strata together: common, by stratum, chosen by BIC or AIC, or partially pooled."
    parser: argparse.ArgumentParser = commands.add_parser("strata", help=text, description=text)
    parser.add_argument("table", help="CSV file: one 0/1 column per list, columns of attributes, a column of counts")
    parser.add_argument("--by", required=True, help="columns that tell strata apart, separated by commas")
    parser.add_argument("--count", help="name of the column of counts")
    parser.add_argument("--lists", help="names of the list columns, separated by commas")
    parser.add_argument("--model", default="[1]", help="interactions, such as [12,3] (default none)")
    parser.add_argument(
        "--vary", default="bic", choices=("none", "lists", "all", "bic", "aic", "pool"),
        help="what differs between strata; bic and aic choose model and variation; pool shrinks lists to their mean",
    )  # fmt: skip
    parser.add_argument("--level", type=float, default=0.95, help="coverage of the interval (default 0.95)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default 0)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_strata)


def _strata(options: argparse.Namespace) -> int:
    from darkfigure.estimation import _plain as plain
    from darkfigure.pooling import PooledStrata, pool_strata
    from darkfigure.strata import read_stratified
    from darkfigure.strata_selection import select_strata
    from darkfigure.stratified import StratifiedFit, fit_strata

    lists = options.lists.split(",") if options.lists else None
    strata = read_stratified(options.table, options.by.split(","), options.count, lists)
    found: StratifiedFit | PooledStrata
    if options.vary == "pool":
        found = pool_strata(strata, options.model, seed=options.seed)
    elif options.vary in ("bic", "aic"):
        found = select_strata(strata, options.vary).best
    else:
        found = fit_strata(strata, options.model, options.vary)
    limits = found.interval(options.level)
    parts = [(name, found.stratum_interval(name, options.level)) for name in strata.names]
    if options.json:
        document = {
            "estimate": plain(found.estimate),
            "lower": plain(limits.lower),
            "upper": plain(limits.upper),
            "level": options.level,
            "interval": limits.method,
            "model": found.model.name if isinstance(found, PooledStrata) else found.name,
            "vary": options.vary,
            "status": found.status,
            "n": strata.n,
            "k": strata.k,
            "lists": list(strata.lists),
            "strata": [
                {"stratum": name, "n": int(size), "lower": plain(part.lower), "upper": plain(part.upper)}
                for (name, part), size in zip(parts, strata.sizes, strict=True)
            ],
        }
        print(json.dumps(document, ensure_ascii=False))
    else:
        print(found)
        for name, part in parts:
            print(f"  {name}: {part}")
    return 0 if found.status == 0 else 1


def _add_simulate(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    text = "Draw an overlap table from a population of known size, as CSV."
    parser: argparse.ArgumentParser = commands.add_parser("simulate", help=text, description=text)
    parser.add_argument("--population", type=int, default=2000, help="true number of people (default 2000)")
    parser.add_argument("--coverage", default="0.25,0.2,0.15,0.1", help="probability of each list, by commas")
    parser.add_argument("--dependence", action="append", default=[], metavar="1,2:0.7", help="log odds ratio of a pair")
    parser.add_argument("--missed-links", type=float, default=0.0, help="share of overlaps that were not linked")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default 0)")
    parser.set_defaults(run=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    from darkfigure.simulating import Scenario, simulate

    dependence = {}
    for text in options.dependence:
        try:
            pair, effect = text.split(":")
            first, second = (int(number) - 1 for number in pair.split(","))
            dependence[first, second] = float(effect)
        except ValueError:
            raise OptionError(403, option="--dependence", value=text, need="written like 1,2:0.7") from None
    try:
        coverage = tuple(float(value) for value in options.coverage.split(","))
    except ValueError:
        raise OptionError(403, option="--coverage", value=options.coverage, need="written like 0.3,0.2,0.1") from None
    scenario = Scenario("command", options.population, coverage, dependence, missed_links=options.missed_links)
    table = simulate(scenario, options.seed)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*table.lists, "count"])
    for mask in range(1, 1 << table.k):
        writer.writerow([*((mask >> j) & 1 for j in range(table.k)), int(table.counts[mask])])
    return 0


def _add_plan(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    text = "How many lists of what coverage a wished precision takes."
    parser: argparse.ArgumentParser = commands.add_parser("plan", help=text, description=text)
    parser.add_argument("--population", type=int, required=True, help="supposed number of people")
    parser.add_argument("--width", type=float, default=1.5, help="wished upper limit / lower limit (default 1.5)")
    parser.add_argument("--independent", action="store_true", help="suppose independent lists (optimistic)")
    parser.set_defaults(run=_plan)


def _plan(options: argparse.Namespace) -> int:
    from darkfigure.simulating import plan_lists

    for one in plan_lists(options.population, options.width, pairs=not options.independent):
        print(one)
    return 0


def _add_plot(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _table_command(commands, "plot", "Draw the overlaps, the good models, the bootstrap or all estimates.")
    parser.add_argument("output", help="file to write: .svg, .png or .pdf")
    parser.add_argument("--what", choices=("overlaps", "models", "bootstrap", "estimates"), default="overlaps")
    parser.add_argument("--replicates", type=int, default=200, help="bootstrap replicates (default 200)")
    parser.set_defaults(run=_plot)


def _plot(options: argparse.Namespace) -> int:
    from darkfigure import plots

    table = _read(options)
    if options.what == "overlaps":
        figure = plots.plot_overlaps(table)
    elif options.what == "models":
        from darkfigure.selection import select

        figure = plots.plot_models(select(table))
    elif options.what == "bootstrap":
        from darkfigure.resampling import bootstrap

        figure = plots.plot_bootstrap(
            bootstrap(table, replicates=options.replicates, seed=options.seed, threads=options.threads)
        )
    else:
        from darkfigure.assessing import assess

        figure = plots.plot_estimates(assess(table, options.replicates, options.seed, options.threads))
    figure.savefig(options.output)
    return 0
