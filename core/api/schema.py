"""What the schema says of every call: the one error form, and the statuses of any call."""

from __future__ import annotations

from typing import Any

FORM = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        }
    },
}
ALWAYS = {
    "400": "有一处或几处需要更正",
    "401": "没有令牌，或者令牌无效",
    "403": "令牌的范围或者民警的角色不够",
    "404": "没有找到，或者无权查看",
    "405": "不支持该方法",
    "429": "请求过于频繁",
    "503": "系统正忙，什么也没有写入",
}
OF_POSTS = {
    "409": "与已有的记录冲突",
    "413": "请求体过大",
    "415": "请求体不是 JSON",
}


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> Any:
    """A drf-spectacular postprocessing hook."""
    result.setdefault("components", {}).setdefault("schemas", {})["Errors"] = FORM
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method not in ("get", "post"):
                continue
            statuses = ALWAYS | OF_POSTS if method == "post" else ALWAYS
            for status, words in statuses.items():
                operation["responses"].setdefault(
                    status, {"description": words, "content": content}
                )
    return result
