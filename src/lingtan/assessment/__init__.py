"""Indicator values, scores, gates and stars."""

from lingtan.assessment.assess import assess, assess_all
from lingtan.assessment.explain import explain, explainable
from lingtan.assessment.export import export_assessment, export_trace
from lingtan.assessment.facts import Groundwork, compute_groundwork
from lingtan.assessment.records import Assessment

__all__ = [
    "Assessment",
    "Groundwork",
    "assess",
    "assess_all",
    "compute_groundwork",
    "explain",
    "explainable",
    "export_assessment",
    "export_trace",
]
