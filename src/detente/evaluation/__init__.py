"""Readings against gold: how much of what a careful person reads in a page the reader finds, and how sure it may be.

`gold` is the form of a gold file; `readings` brings each gold its reading; `matching` says what fits what; `scoring`
counts it; `intervals`, `calibration` and `misses` say how sure the figures are, how sure the reader may be, and where
it errs; `report` joins them; `baseline` pins what was reached; `show` and `diagram` are for people.
"""

from detente.evaluation.report import Report, evaluate
from detente.evaluation.scoring import right_events

__all__ = ["Report", "evaluate", "right_events"]
