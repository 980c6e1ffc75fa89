"""Population size from overlapping lists (multiple systems estimation), honest about what the data cannot support.

Names are loaded when they are first used, so that ``import darkfigure`` costs next to nothing.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_HOME = {
    "DarkfigureError": "errors",
    "TableError": "errors",
    "ModelError": "errors",
    "OptionError": "errors",
    "OverlapTable": "table",
    "sum_tables": "table",
    "read_csv": "reading",
    "read_strata": "reading",
    "from_frame": "reading",
    "from_records": "reading",
    "from_histories": "reading",
    "example": "reading",
    "Model": "models",
    "parse_model": "models",
    "main_effects": "models",
    "all_models": "models",
    "number_of_models": "models",
    "certify": "existence",
    "verify": "existence",
    "Certificate": "existence",
    "fit": "fitting",
    "Fit": "fitting",
    "Interval": "fitting",
    "select": "selection",
    "Selection": "selection",
    "fit_all": "selection",
    "ModelTable": "selection",
    "bootstrap": "resampling",
    "Quick": "quick",
    "lincoln_petersen": "quick",
    "chapman": "quick",
    "chao": "quick",
    "zelterman": "quick",
    "sample_coverage": "quick",
    "quick_estimates": "quick",
    "pairwise_table": "quick",
    "heterogeneity": "heterogeneous",
    "HeterogeneityFit": "heterogeneous",
    "bias_corrected": "heterogeneous",
    "average_graphs": "graphical",
    "GraphAveraging": "graphical",
    "decomposable_graphs": "graphical",
    "bayes_threshold": "thresholding",
    "Threshold": "thresholding",
    "latent_class": "latent",
    "LatentClass": "latent",
    "Estimate": "estimation",
    "estimate": "estimation",
    "methods": "estimation",
    "estimate_censored": "censored_estimate",
    "fit_censored": "censoring",
    "impute_censored": "censoring",
    "CensoredFit": "censoring",
    "combine_tables": "ensembles",
    "add_strata": "ensembles",
    "Combined": "ensembles",
    "StratifiedTable": "strata",
    "read_stratified": "strata",
    "stratify_records": "strata",
    "StratifiedFit": "stratified",
    "fit_strata": "stratified",
    "StratifiedSelection": "strata_selection",
    "select_strata": "strata_selection",
    "PooledStrata": "pooling",
    "pool_strata": "pooling",
    "pair_dependence": "diagnostics",
    "leave_one_out": "diagnostics",
    "merge_pairs": "diagnostics",
    "hide_lists": "diagnostics",
    "top_interaction_sensitivity": "diagnostics",
    "plant_link_errors": "diagnostics",
    "Standing": "standing",
    "standing_of": "standing",
    "assess": "assessing",
    "Assessment": "assessing",
    "Verdict": "assessing",
    "Scenario": "simulating",
    "simulate": "simulating",
    "StrataScenario": "simulating",
    "simulate_strata": "simulating",
    "coverage_study": "simulating",
    "plan": "simulating",
    "plan_lists": "simulating",
    "plot_overlaps": "plots",
    "write_report": "reporting",
    "Bootstrap": "resampling",
}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'darkfigure' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"darkfigure.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
