"""The arithmetic of screening, against figures worked out by hand."""

from __future__ import annotations

import pytest

from lygte.care.screening.library import studies
from lygte.care.screening.predictive import worth


def test_figures_worked_out_by_hand() -> None:
    raft, qyit = (worth(study.sensitivity, study.specificity, share) for study, share in zip(studies(), (0.014, 0.088), strict=True))  # fmt: skip
    assert (round(raft.true_positives), round(raft.false_positives)) == (14, 385)
    assert raft.positive_value == pytest.approx(0.035, abs=5e-4)
    assert (round(qyit.true_positives), round(qyit.false_positives)) == (76, 214)
    assert qyit.positive_value == pytest.approx(0.26, abs=5e-3)


def test_everybody_is_counted_once_and_nobody_found_has_no_share() -> None:
    one = worth(0.9, 0.75, 0.02)
    assert one.true_positives + one.false_positives + one.missed + one.rightly_negative == pytest.approx(1000)
    assert worth(0, 1, 0.5).positive_value is None
    with pytest.raises(ValueError, match="shares"):
        worth(1.1, 0.5, 0.5)
