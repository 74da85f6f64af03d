"""A register for measuring: organisations and five years of records, made by PostgreSQL itself.

About a fifth of the organisations have a record within the year, as in the bureau's own figures.
Only what grading reads is filled with care; names come from two thousand two-character pieces so
that searches find something. No history rows: nothing that is measured on it reads them.
"""

from __future__ import annotations

import os
import sys

from django.core.management import call_command
from django.db import connection

TODAY = "2026-11-20"

_SUBJECTS = """
INSERT INTO subjects_subject
    (credit_code, code_exception, name, name_initials, kind, registry_status, address, principal,
     industry, created_at)
SELECT '91410481' || lpad(n::text, 10, '0'), '',
       '舞钢市样例' || chr(19968 + (n * 7) %% 2000) || chr(19968 + (n * 13) %% 1999)
           || '第' || n || '有限公司',
       'wgsyl' || lpad(to_hex(n), 6, '0'), 'company', 'active', '', '', 'other', now()
  FROM generate_series(1, %s) AS n
"""

# Decisions crowd on a third of the organisations, over five years up to today.
_DECISIONS = """
INSERT INTO violations_decision
    (number, number_key, kind, procedure, unit_id, subject_id, handler, decided_on, served_on,
     state, recorded_by_id, confirmed_by_id, truth_stated, returned_remark, taken_over, version,
     created_at)
SELECT '舞公（测）罚决字〔2026〕' || n || '号', '舞公(测)罚决字(2026)' || n || '号', 'penalty',
       'ordinary', %(unit)s, ids.low + 3 * ((n * 7919::bigint) %% (ids.many / 3)), '',
       date %(today)s - ((n * 104729::bigint) %% 1825)::int,
       -- One in four of the last month is not served yet.
       CASE WHEN n %% 4 > 0 OR (n * 104729::bigint) %% 1825 > 30
            THEN date %(today)s - ((n * 104729::bigint) %% 1825)::int END,
       'in_force', %(officer)s, %(reviewer)s, true, '', true, 1, now()
  FROM generate_series(1, %(records)s) AS n,
       (SELECT min(id) AS low, count(*) AS many FROM subjects_subject) AS ids
"""

_VIOLATIONS = """
INSERT INTO violations_violation
    (decision_id, ordinal, field, type, facts, law, law_key, article, bucket, amount_fen,
     revoked_reason, revoked_document, repaired_reason, repaired_document)
SELECT id, 1, 'public_order', '某行为', '经查。', '某法',
       CASE WHEN id %% 4 = 0 THEN '治安管理处罚法' ELSE '保安服务管理条例' END, '第一条',
       CASE WHEN id %% 3 = 0 THEN 'warning' ELSE 'penalty' END,
       CASE WHEN id %% 3 = 0 THEN 0 ELSE 100000 + (id %% 1000) * 10000 END, '', '', '', ''
  FROM violations_decision
"""

_DISPOSITIONS = """
INSERT INTO violations_disposition (violation_id, kind, amount, licence)
SELECT id, CASE bucket WHEN 'warning' THEN 'warning' ELSE 'fine' END,
       CASE bucket WHEN 'warning' THEN NULL ELSE amount_fen / 100.0 END, ''
  FROM violations_violation
"""


def make(subjects: int, records: int) -> None:
    """Empty the database and fill it with that many organisations and records."""
    from accounts.models import Officer, Unit

    call_command("migrate", verbosity=0)
    _empty()
    call_command("migrate", "grading", "0001", verbosity=0)
    call_command("migrate", verbosity=0)
    unit = Unit.objects.create(code="WG-ZA", name="治安管理大队")
    officers = [
        Officer.objects.create_user(number, name="量测", unit=unit)
        for number in ("410001", "410002")
    ]
    who = {"unit": unit.pk, "officer": officers[0].pk, "reviewer": officers[1].pk}
    with connection.cursor() as cursor:
        # What is made here refers to what is made here: no look at each foreign key. A few times
        # faster; asks for a superuser, as the default BENCH_DATABASE_URL is.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(_SUBJECTS, [subjects])
        cursor.execute(_DECISIONS, {**who, "records": records, "today": TODAY})
        cursor.execute(_VIOLATIONS, [])
        cursor.execute(_DISPOSITIONS, [])
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET synchronous_commit")
    tidy()


def _empty() -> None:
    """Flush; the trail, which the database lets nobody empty, is let go of for that moment."""
    from core.append_only import freeze, protect, unprotect
    from sanctions.paper_models import FROZEN

    kept = ("core_auditentry", "core_auditseal", "sanctions_serviceattempt")
    unprotect(connection, *kept, "sanctions_paper")
    call_command("flush", interactive=False, verbosity=0)
    protect(connection, *kept)
    freeze(connection, "sanctions_paper", FROZEN)


def tidy() -> None:
    """Fresh statistics, as autovacuum would give them in a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")
    django.setup()
    make(*map(int, sys.argv[1:3]))
