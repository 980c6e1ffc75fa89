"""The command: stable JSON, exit statuses, numbered complaints without a traceback."""

import json

import pytest
import reference as ref

import darkfigure as dk
from darkfigure.cli import main

FIELDS = {"estimate", "lower", "upper", "level", "model", "loglik", "bic", "status", "n_models", "seconds"}


@pytest.fixture
def kosovo(tmp_path):
    file = tmp_path / "kosovo.csv"
    ref.table("kosovo_4").to_frame().to_csv(file, index=False)
    return str(file)


def run(capsys, *arguments):
    status = main(arguments)
    out = capsys.readouterr()
    return status, out.out, out.err


def test_json_has_the_promised_fields_for_every_method(capsys, kosovo):
    for method in dk.methods():
        if method in ("lincoln-petersen", "chapman"):
            continue
        status, out, _ = run(capsys, "estimate", kosovo, "--method", method, "--json", "--seed", "3", "--threads", "1")
        found = json.loads(out)
        assert set(found) >= FIELDS, method
        assert status == (0 if found["status"] == 0 else 1)
        assert found["lower"] <= found["estimate"] <= found["upper"], method


def test_bic_on_kosovo(capsys, kosovo):
    _, out, _ = run(capsys, "estimate", kosovo, "--method", "bic", "--json")
    found = json.loads(out)
    assert found["model"] == "[123,14,34]"
    assert found["estimate"] == pytest.approx(10356.5189573)
    assert found["bic"] == pytest.approx(203.029632752)
    assert found["n_models"] == 113
    assert found["level"] == 0.95


def test_bootstrap_and_max_order(capsys, kosovo):
    _, out, _ = run(
        capsys, "estimate", kosovo, "--method", "bic", "--max-order", "2", "--bootstrap", "40", "--seed", "1", "--json",
        "--threads", "1",
    )  # fmt: skip
    found = json.loads(out)
    assert found["n_models"] == 64
    assert found["interval"] == "BCa bootstrap"
    assert found["model"] == "[12,13,14,23,34]"


def test_a_model_by_name_and_lists_left_out(capsys, kosovo):
    _, out, _ = run(capsys, "estimate", kosovo, "--method", "[12,3]", "--omit", "HRW", "--json")
    assert json.loads(out)["lists"] == ["EXH", "ABA", "OSCE"]


def test_no_estimate_is_exit_status_one_and_null(capsys, tmp_path):
    file = tmp_path / "t.csv"
    ref.table("artificial_3").to_frame().to_csv(file, index=False)
    status, out, _ = run(capsys, "estimate", str(file), "--method", "[12,3]", "--json")
    found = json.loads(out)
    assert status == 1
    assert found["status"] == 1
    assert found["estimate"] is None
    assert "no maximum likelihood estimate" in found["reason"]


def test_wrong_input_is_exit_status_two_and_a_number(capsys, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("A,B,count\n1,0,-4\n")
    status, out, err = run(capsys, "estimate", str(file), "--json")
    assert status == 2
    assert json.loads(out)["error"]["number"] == 201
    assert "Row 2" in err
    assert run(capsys, "estimate", str(file), "--method", "nonsense")[0] == 2


def test_wrong_options_are_numbered_errors_too(capsys, kosovo):
    wrong = [
        ("estimate", kosovo, "--seed", "-1"),
        ("estimate", kosovo, "--level", "95"),
        ("estimate", kosovo, "--max-order", "9"),
        ("estimate", kosovo, "--bootstrap", "-5"),
        ("estimate", kosovo, "--omit", "nobody"),
        ("estimate", kosovo, "--method", "[12345]"),
        ("simulate", "--dependence", "one,two"),
        ("simulate", "--coverage", "0.1;0.2"),
        ("simulate", "--population", "-3"),
        ("plan", "--population", "100", "--width", "0.5"),
    ]
    for arguments in wrong:
        status, out, err = run(capsys, *arguments)
        assert status == 2, arguments
        assert err.startswith("darkfigure: ["), arguments
        assert out == ""


def test_suppressed_cells_are_estimated(capsys, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("A,B,C,count\n1,0,0,200\n0,1,0,150\n0,0,1,120\n1,1,0,31\n1,0,1,<5\n0,1,1,22\n1,1,1,6\n")
    status, out, _ = run(capsys, "estimate", str(file), "--method", "stepwise", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["lower"] < found["estimate"] < found["upper"]
    assert "ranges" in found["notes"][0]


def test_assess_simulate_plan_and_plot(capsys, kosovo, tmp_path):
    _, out, _ = run(capsys, "simulate", "--population", "3000", "--seed", "2", "--dependence", "1,2:0.8")
    drawn = tmp_path / "drawn.csv"
    drawn.write_text(out)
    assert dk.read_csv(drawn).k == 4
    report = tmp_path / "r.md"
    status, out, _ = run(
        capsys,
        "assess",
        str(drawn),
        "--replicates",
        "30",
        "--report",
        str(report),
        "--json",
        "--threads",
        "1",
    )
    assert json.loads(out)["supported"] == (status == 0)
    assert report.exists()
    _, out, _ = run(capsys, "plan", "--population", "2000", "--width", "1.6")
    assert "lists reaching" in out
    assert run(capsys, "plot", kosovo, str(tmp_path / "p.svg"))[0] == 0
    assert (tmp_path / "p.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize("vary", ["none", "lists", "bic", "pool"])
def test_strata_are_estimated_together(capsys, tmp_path, vary):
    tables = dk.simulate_strata(dk.StrataScenario("small", (300, 400, 500), (0.35, 0.3, 0.25), between=0.4), 1)
    file = tmp_path / "strata.csv"
    tables.to_frame().to_csv(file, index=False)
    status, out, _ = run(capsys, "strata", str(file), "--by", "stratum", "--vary", vary, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["lower"] <= found["estimate"] <= found["upper"]
    assert [part["stratum"] for part in found["strata"]] == list(tables.names)
    assert sum(part["n"] for part in found["strata"]) == found["n"] == tables.n
    status, out, _ = run(capsys, "strata", str(file), "--by", "stratum", "--vary", vary)
    assert "stratum 2" in out


def test_strata_of_a_missing_column_are_a_numbered_complaint(capsys, kosovo):
    status, _, complaint = run(capsys, "strata", kosovo, "--by", "sex")
    assert status == 2
    assert "[105]" in complaint


def _table(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return str(path)


def _json_of(capsys, *words):
    code = main(["estimate", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("method", ["bayes-threshold", "latent-class", "graphs"])
def test_lists_that_share_nobody_get_no_estimate_out_of_a_prior(method, tmp_path, capsys):
    code, found = _json_of(capsys, _table(tmp_path, "A,B,C,count\n1,0,0,50\n0,1,0,40\n0,0,1,30\n"), "--method", method)
    assert (code, found["status"], found["estimate"], found["lower"]) == (1, 1, None, None)
    assert "share" in found["reason"]


def test_more_people_than_there_are_is_a_column_of_something_else(tmp_path, capsys):
    path = _table(tmp_path, "A,B,count\n1,0,9000000000000\n0,1,5\n1,1,7\n")
    code, found = _json_of(capsys, path)
    assert (code, found["error"]["number"]) == (2, 218)


def test_a_table_too_large_for_the_grid_of_graphs_is_told_so(tmp_path, capsys):
    rows = "1,0,0,900000000\n0,1,0,900000000\n1,1,0,90000000\n0,1,1,90000000\n1,1,1,9000000\n"
    code, found = _json_of(capsys, _table(tmp_path, "A,B,C,count\n" + rows), "--method", "graphs")
    assert (code, found["error"]["number"]) == (2, 402)


RANGES = """A,B,C,D,count
1,0,0,0,400
0,1,0,0,250
0,0,1,0,180
0,0,0,1,120
1,1,0,0,<5
1,0,1,0,30
1,0,0,1,<5
0,1,1,0,11
0,0,1,1,<5
"""


def test_ranges_and_a_fixed_model_give_the_interval_of_that_model(tmp_path, capsys):
    path = _table(tmp_path, RANGES)
    _code, found = _json_of(capsys, path, "--method", "[12]")
    assert found["lower"] < found["estimate"] < found["upper"]
    assert found["n_models"] == 1
    code, refused = _json_of(capsys, path, "--method", "chao")
    assert (code, refused["error"]["number"]) == (2, 406)
