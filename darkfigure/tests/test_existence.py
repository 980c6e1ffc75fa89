"""Certificates: the status R finds by floating-point programming, here proven in whole numbers."""

import pytest
import reference as ref

import darkfigure as dk
from darkfigure.existence import null_space, rank_mod_prime, verify

TABLES = (
    "artificial_3",
    "korea_3",
    "australia_4",
    "netherlands_5",
    "new_orleans_5",
    "uk_2013_5",
    "western_us_5",
)


@pytest.mark.parametrize("dataset", TABLES)
def test_statuses_of_r_are_proven(dataset):
    table = ref.table(dataset)
    rows = ref.model_rows(dataset)
    chosen = [row for row in rows if row["status"] != "0"][:12] + [row for row in rows if row["status"] == "0"][:10]
    for row in chosen:
        certificate = dk.certify(table, row["model"])
        assert certificate.status == int(row["status"]), row
        assert certificate.verified, row


def test_a_positive_point_has_the_observed_overlaps_exactly():
    table = ref.table("uk_2013_5")
    certificate = dk.certify(table, "[123,25,34]")
    for effect in certificate.effects:
        total = sum(
            x for s, x in zip(certificate.cells, certificate.positive_point, strict=True) if s & effect == effect
        )
        assert total == int(table.overlaps[effect])
    assert min(certificate.positive_point) > 0


def test_a_forged_certificate_does_not_verify():
    table = ref.table("artificial_3")
    good = dk.certify(table, "[12,3]")
    forged = dk.Certificate(
        good.status, good.effects, good.cells, good.minus_infinity, None, (1, 1, 1, 1, 1), None, False
    )
    assert good.verified
    assert not verify(forged, table)


def test_a_certificate_of_another_table_does_not_verify():
    certificate = dk.certify(ref.table("korea_3"), "[12,23]")
    assert not verify(certificate, ref.table("spina_bifida_3"))


def test_rank_and_null_space_fit_together():
    rows = [[1, 1, 0, 0], [0, 1, 1, 0], [1, 2, 1, 0]]
    assert rank_mod_prime(rows) == 2
    basis = null_space(rows, 4)
    assert len(basis) == 2
    for vector in basis:
        assert all(sum(a * v for a, v in zip(row, vector, strict=True)) == 0 for row in rows)
