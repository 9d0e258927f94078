"""The formula language of editions: read, check units, evaluate, replay.

Names, 0 and 1, texts, yes/no/unknown, arithmetic, comparison, logic, if/then/else, a few functions,
and sum, count, share, mean over the rows of a register. Nothing else can be written, so nothing
else can be evaluated. See docs/reference/formula-language.md.
"""

from lingtan.expressions.evaluating import evaluate, evaluate_plain, replay
from lingtan.expressions.grammar import RESERVED_WORDS
from lingtan.expressions.parsing import parse
from lingtan.expressions.syntax import Columns, Declared, Expression, ExpressionError, Kind, Rows
from lingtan.expressions.units import infer, infer_unit

__all__ = [
    "RESERVED_WORDS",
    "Columns",
    "Declared",
    "Expression",
    "ExpressionError",
    "Kind",
    "Rows",
    "evaluate",
    "evaluate_plain",
    "infer",
    "infer_unit",
    "parse",
    "replay",
]
