"""The grammar of formulas, and what to say when a text does not follow it."""

from __future__ import annotations

from functools import cache

from lark import Lark, Token, Tree, UnexpectedInput, UnexpectedToken

from lingtan.expressions.syntax import ExpressionError

GRAMMAR = r"""
?start: expression
?expression: "if" expression "then" expression "else" expression -> choice
           | disjunction
?disjunction: conjunction ("or" conjunction)*
?conjunction: negation ("and" negation)*
?negation: "not" negation -> negation
         | comparison
?comparison: total (COMPARATOR total)?
           | total "in" "(" expression ("," expression)* ")" -> membership
?total: product ((PLUS | MINUS) product)*
?product: signed ((TIMES | OVER) signed)*
?signed: "-" signed -> minus
       | atom
?atom: NAME -> name
     | NUMBER -> number
     | TEXT -> text
     | "yes" -> yes
     | "no" -> no
     | "unknown" -> unknown
     | "(" expression ")" -> group
     | NAME "(" expression ("," expression)* ")" -> call
     | NAME "(" NAME ":" expression weight? where? of? ")" -> aggregate
     | NAME "(" NAME where of? ")" -> aggregate
weight: "weighted" "by" expression
where: "where" expression
of: "of" expression
COMPARATOR: "==" | "!=" | "<=" | ">=" | "<" | ">"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
NAME: /[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*/
NUMBER: /\d[\w.]*/
TEXT: /'[^'\r\n]*'/
%ignore /[ \t\r\n]+/
"""

RESERVED_WORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "and",
        "or",
        "not",
        "in",
        "yes",
        "no",
        "unknown",
        "where",
        "of",
        "weighted",
        "by",
        "sum",
        "count",
        "share",
        "mean",
    ]
)

_VALUES = ("一个值（名称、0、1、'文字'、函数）", "a value (a name, 0, 1, 'text', a function)")
_WORDS = {
    "NAME": ("名称", "a name"),
    "COMPARATOR": ("比较符 == != < <= > >=", "a comparison == != < <= > >="),
    "PLUS": ("运算符 + - * /", "an operator + - * /"),
    "LPAR": ("左括号 (", "("),
    "RPAR": ("右括号 )", ")"),
    "COMMA": ("逗号 ,", "a comma"),
    "COLON": ("冒号 :", "a colon"),
    "$END": ("公式结束", "the end of the formula"),
}
_MEANT = {
    "=": ("==（相等用两个等号）", "== (equality has two signs)"),
    "&": ("and（并且）", "and"),
    "|": ("or（或者）", "or"),
    "!": ("not 或 !=", "not, or !="),
    '"': ("单引号 '", "single quotes '"),
    "“": ("英文单引号 '", "single quotes '"),
    "‘": ("英文单引号 '", "single quotes '"),
    "（": ("英文括号 (", "("),
    "）": ("英文括号 )", ")"),
    "，": ("英文逗号 ,", ","),
    "：": ("英文冒号 :", ":"),
    "≤": ("<=", "<="),
    "≥": (">=", ">="),
    "×": ("*", "*"),
    "÷": ("/", "/"),
    "%": ("单位由系统换算，不写 %", "no % sign: units convert by themselves"),
}
_SAID_ELSEWHERE = {"MINUS", "TIMES", "OVER"}


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def read_tree(text: str) -> Tree[Token]:
    """`text` as a tree of grammar rules; ExpressionError says where it stops and what was expected."""
    try:
        return _grammar().parse(text)
    except UnexpectedInput as error:
        raise _unexpected(text, error) from None


def _unexpected(text: str, error: UnexpectedInput) -> ExpressionError:
    if not isinstance(error, UnexpectedToken):
        return _unknown_character(text, error.pos_in_stream or 0)
    zh, en = _expected_words(set(error.accepts or error.expected))
    if error.token.type == "$END":
        return ExpressionError(
            f"公式到此中断，此处应为{zh}", f"the formula ends where {en} was expected", len(text)
        )
    return ExpressionError(
        f"出现“{error.token}”，此处应为{zh}",
        f"'{error.token}' where {en} was expected",
        error.token.start_pos or 0,
    )


def _unknown_character(text: str, position: int) -> ExpressionError:
    sign = text[position : position + 1]
    zh, en = _MEANT.get(
        sign, ("名称、0、1、'文字'、运算与比较", "names, 0, 1, 'text', arithmetic and comparison")
    )
    return ExpressionError(
        f"此处不能出现“{sign}”，应为{zh}", f"'{sign}' cannot stand here: expected {en}", position
    )


def _expected_words(expected: set[str]) -> tuple[str, str]:
    words: list[tuple[str, str]] = []
    if {"NAME", "NUMBER"} <= expected:
        words.append(_VALUES)
    else:
        for terminal in sorted(expected - _SAID_ELSEWHERE):
            words.append(_WORDS.get(terminal, (terminal.lower(), terminal.lower())))
    return "、".join(word for word, _ in words), ", ".join(word for _, word in words)
