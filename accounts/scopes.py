"""What a token may be used for, and what the officer behind it must be allowed as well.

A call needs the scope of its token and the right of its officer: a token never widens a role.
"""

from __future__ import annotations

from django.db import models

from accounts.roles import Can


class Scope(models.TextChoices):
    DECISIONS_WRITE = "decisions:write", "录入处理决定"
    DECISIONS_READ = "decisions:read", "查看处理决定"
    DECISIONS_IN_FORCE = "decisions:in-force", "写入已在别处生效的处理决定"
    OUTCOMES = "outcomes", "登记撤销、修复和复议诉讼"
    LISTS_PROPOSE = "lists:propose", "提出名单条目"
    LISTS_PUBLISHED = "lists:published", "接收已发布的名单条目"
    GRADES_READ = "grades:read", "查询可公开的等级"
    GRADES_INTERNAL = "grades:internal", "查询局内等级"
    PREVIEW = "preview", "试算等级"


# All that a client outside the bureau can ever hold. The constraint of ApiToken names it too.
DISCLOSABLE = frozenset({Scope.GRADES_READ.value})

# Any one of these is needed by the officer of a token with the scope.
NEEDS: dict[str, frozenset[Can]] = {
    Scope.DECISIONS_WRITE: frozenset({Can.RECORD_DECISION}),
    Scope.DECISIONS_READ: frozenset(
        {Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS}
    ),
    Scope.DECISIONS_IN_FORCE: frozenset({Can.RECORD_DECISION, Can.CONFIRM_FOR_ANY_UNIT}),
    Scope.OUTCOMES: frozenset({Can.RECORD_OUTCOME}),
    Scope.LISTS_PROPOSE: frozenset({Can.PROPOSE_LIST_ENTRY}),
    Scope.LISTS_PUBLISHED: frozenset({Can.PROPOSE_LIST_ENTRY}),
    Scope.GRADES_READ: frozenset({Can.SEE_REGISTER}),
    Scope.GRADES_INTERNAL: frozenset({Can.SEE_REGISTER}),
    Scope.PREVIEW: frozenset({Can.SEE_REGISTER}),
}

# Never given unless asked for by name: what they write skips the confirmation in this system.
ONLY_BY_NAME = frozenset({Scope.DECISIONS_IN_FORCE.value, Scope.LISTS_PUBLISHED.value})


def default_scopes(permissions: frozenset[Can]) -> frozenset[str]:
    """The scopes of a token for which none were named: all that the role admits, by and large."""
    return frozenset(
        str(scope)
        for scope, needs in NEEDS.items()
        if needs & permissions and scope not in ONLY_BY_NAME
    )
