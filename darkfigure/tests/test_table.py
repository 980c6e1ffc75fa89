"""Tables: every way of making one, and every way of making one badly."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import darkfigure as dk

GOOD = "police,shelter,count\n1,0,40\n0,1,30\n1,1,6\n"


def write(tmp_path, text):
    file = tmp_path / "table.csv"
    file.write_text(text)
    return file


def test_csv_with_comma_semicolon_and_tab_is_the_same_table(tmp_path):
    tables = [dk.read_csv(write(tmp_path, GOOD.replace(",", mark))) for mark in ",;\t"]
    assert tables[0] == tables[1] == tables[2]
    assert tables[0].counts.tolist() == [0, 40, 30, 6]


def test_pandas_polars_arrow_records_and_histories_are_the_same_table():
    columns = {"police": [1, 0, 1], "shelter": [0, 1, 1], "count": [40, 30, 6]}
    wanted = dk.OverlapTable([0, 40, 30, 6], ["police", "shelter"])
    assert dk.from_frame(pd.DataFrame(columns)) == wanted
    assert dk.from_frame(pl.DataFrame(columns)) == wanted
    assert dk.from_frame(pa.table(columns)) == wanted
    people = pd.DataFrame({"police": [1] * 40 + [0] * 30 + [1] * 6, "shelter": [0] * 40 + [1] * 36})
    assert dk.from_records(people, ["police", "shelter"]) == wanted
    sparse = {("police",): 40, ("shelter",): 30, ("police", "shelter"): 6}
    assert dk.from_histories(sparse, ["police", "shelter"]) == wanted


def test_histories_not_given_count_zero(tmp_path):
    assert dk.read_csv(write(tmp_path, "A,B,C,count\n1,0,0,5\n0,1,1,2\n")).counts.tolist() == [
        0,
        5,
        0,
        0,
        0,
        0,
        2,
        0,
    ]


BAD = [
    ("", 101, ""),
    ("A,B,count\n1,0\n", 103, "Row 2"),
    ("A,B,C\n1,0,1\n", 104, "A, B, C"),
    ("A,B,count\n1,0,-4\n", 201, "Row 2"),
    ("A,B,count\n1,0,4\n0,1,2.5\n", 202, "Row 3"),
    ("A,B,count\n1,0,many\n", 202, "Row 2"),
    ("A,B,count\n1,0,inf\n", 202, "Row 2"),
    ("A,B,count\n1,0,NaN\n", 203, "Row 2"),
    ("A,B,count\n1,0,\n", 203, "Row 2"),
    ("A,B,count\n2,0,4\n", 204, "'A'"),
    ("A,B,count\n1,0,4\n1,0,3\n", 205, "row 2"),
    ("A,B,count\n1,0,4\n0,1,4\n0,0,100\n", 206, "Row 4"),
    ("A,B,count\n1,0,4\n0,1,4\n0,0,0\n", 206, "Row 4"),
    ("A,B,count\n1,0,0\n0,1,0\n", 207, "zero"),
    ("A,count\n1,5\n", 208, "two"),
    ("A,B,count\n1,0,4\n", 210, "'B'"),
    ("A,A,count\n1,0,4\n", 211, "'A'"),
    ("A,B,count\n1,0,4-1\n", 214, "Row 2"),
]


@pytest.mark.parametrize(
    ("text", "number", "says"), BAD, ids=[f"{number}-{at}" for at, (_, number, _) in enumerate(BAD)]
)
def test_bad_files_are_numbered_errors_that_say_where(tmp_path, text, number, says):
    with pytest.raises(dk.TableError) as caught:
        dk.read_csv(write(tmp_path, text))
    assert caught.value.number == number
    assert says in caught.value.sentence + caught.value.next_step
    assert caught.value.next_step


def test_seventeen_lists_are_too_many(tmp_path):
    header = ",".join(f"L{i}" for i in range(17)) + ",count\n"
    with pytest.raises(dk.TableError, match="209"):
        dk.read_csv(write(tmp_path, header + ",".join(["1"] * 17) + ",5\n"))


def test_sixteen_lists_are_read(tmp_path):
    header = ",".join(f"L{i}" for i in range(16)) + ",count\n"
    assert dk.read_csv(write(tmp_path, header + ",".join(["1"] * 16) + ",5\n")).k == 16


def test_a_missing_file_is_a_numbered_error(tmp_path):
    with pytest.raises(dk.TableError, match="102"):
        dk.read_csv(tmp_path / "nothing.csv")


def test_arrays_are_checked_too():
    for counts, number in (([0, 1, 2], 212), ([0, 1, 2, -1], 201), ([0, 1.5, 2, 3], 202), ([5, 1, 2, 3], 206),
                           ([0, float("nan"), 2, 3], 203)):  # fmt: skip
        with pytest.raises(dk.TableError) as caught:
            dk.OverlapTable(counts, "AB")
        assert caught.value.number == number


def test_suppressed_and_rounded_cells_are_data(tmp_path):
    table = dk.read_csv(write(tmp_path, "A,B,count\n1,0,40\n0,1,~30/10\n1,1,<5\n"))
    assert table.is_censored
    assert table.counts.tolist() == [0, 40, 25, 1]
    assert table.upper.tolist() == [0, 40, 35, 4]
    with pytest.raises(dk.TableError, match="216"):
        dk.fit(table, "[1,2]")


def test_omitting_and_merging_lists_keep_the_people_they_should():
    table = dk.example("uk_2013_6")
    merged = table.merge_lists(["PF", "NCA"], into="PFNCA")
    assert merged.n == table.n == 2744
    assert merged == dk.example("uk_2013_5").reorder_lists(merged.lists)
    assert table.omit_lists(["GP"]).n == table.n - int(table.counts[1 << table.index("GP")])


def test_omitting_too_many_lists_is_a_numbered_error():
    with pytest.raises(dk.TableError, match="217"):
        dk.example("korea_3").omit_lists(["b", "c"])
    with pytest.raises(dk.TableError, match="213"):
        dk.example("korea_3").omit_lists(["x"])


def test_strata_add_up():
    table = dk.example("korea_3")
    assert dk.sum_tables([table, table]).n == 2 * table.n
    with pytest.raises(dk.TableError, match="215"):
        dk.sum_tables([table, dk.example("kosovo_4")])


def test_strata_are_read_apart_and_pooled():
    file = Path(dk.__file__).parent / "data" / "spina_bifida_3_by_ethnicity.csv"
    with pytest.raises(dk.TableError, match="210"):
        dk.read_strata(file, "ethnicity")
    pooled = dk.read_strata(file, "ethnicity", pool={"other": "not caucasian", "afro-american": "not caucasian"})
    assert set(pooled) == {"caucasian", "not caucasian"}
    whole = dk.sum_tables(pooled.values())
    assert whole == dk.example("spina_bifida_3")
    assert dk.add_strata(list(pooled.values()), "main").estimate > whole.n


def test_counts_cannot_be_changed_after_the_check():
    with pytest.raises(ValueError, match="read-only"):
        dk.example("korea_3").counts[1] = 7


def test_frames_go_round():
    table = dk.example("kosovo_4")
    assert dk.from_frame(table.to_frame()) == table


def test_every_example_is_readable_and_equal_to_its_file():
    names = sorted(path.stem for path in (Path(dk.__file__).parent / "data").glob("*.csv") if path.stem[-1].isdigit())
    assert len(names) == 13
    for name in names:
        table = dk.example(name)
        assert table.k == int(name[-1])
        assert table.n == int(np.sum(table.counts))
