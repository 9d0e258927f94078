"""Why a field of a request cannot be used, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("必填，但没有给出", "it is required and was not given"),
    "extra_forbidden": ("没有这个字段", "there is no such field"),
    "repeated": (
        "给了不止一次，不知以哪一个为准",
        "it is given more than once, and nobody knows which counts",
    ),
    "string_type": ("应为字符串", "it must be a string"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": ("至多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("应符合格式 {pattern}", "it must match {pattern}"),
    "int_type": ("应为整数", "it must be a whole number"),
    "int_parsing": ("应为整数", "it must be a whole number"),
    "int_parsing_size": ("数字过大", "the number is too large"),
    "int_from_float": ("应为整数", "it must be a whole number"),
    "decimal_type": ("应为数字", "it must be a number"),
    "bool_type": ("应为 true 或 false", "it must be true or false"),
    "bool_parsing": ("应为 true 或 false", "it must be true or false"),
    "list_type": ("应为数组", "it must be a list"),
    "dict_type": ("应为对象", "it must be an object"),
    "model_type": ("应为对象", "it must be an object"),
    "model_attributes_type": ("应为对象", "it must be an object"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} items"),
    "too_long": ("至多 {max_length} 项", "at most {max_length} items"),
    "greater_than_equal": ("不得小于 {ge}", "it must be {ge} or more"),
    "less_than_equal": ("不得大于 {le}", "it must be {le} or less"),
    "literal_error": ("应为 {expected} 之一", "it must be one of {expected}"),
    "enum": ("应为 {expected} 之一", "it must be one of {expected}"),
    "date_type": ("应为日期，如 2026-11-30", "it must be a day such as 2026-11-30"),
    "date_parsing": ("应为日期，如 2026-11-30", "it must be a day such as 2026-11-30"),
    "date_from_datetime_parsing": ("应为日期，如 2026-11-30", "it must be a day such as 2026-11-30"),
}


def explain(error: Mapping[str, Any]) -> tuple[str, str]:
    """Chinese and English for an error of the validating library; its own words where we have none."""
    zh, en = _WORDS.get(error["type"], ("", ""))
    told = {key: str(value) for key, value in error.get("ctx", {}).items()}
    if not zh:
        return f"格式不对（{error['msg']}）", str(error["msg"])
    return zh.format_map(told), en.format_map(told)
