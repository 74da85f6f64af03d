"""The floor under a full re-grade: one hand-written statement of PostgreSQL that does the same.

It knows the regulation's figures by heart and plain subjects only, has no lists, flags beyond
``over_limit``, contests or repairs to come, and cannot explain itself. It is what the database
needs at the least for the same rows.
"""

from __future__ import annotations

STATEMENT = """
WITH per_decision AS (
    SELECT d.subject_id, d.id, d.decided_on,
           max((v.bucket = 'warning')::int) AS w, max((v.bucket = 'penalty')::int) AS p,
           max((v.bucket = 'breach')::int) AS b, sum(v.amount_fen) AS m,
           max((v.bucket = 'warning' AND v.law_key = ANY(%(open)s))::int) AS ow,
           max((v.bucket = 'penalty' AND v.law_key = ANY(%(open)s))::int) AS op,
           max((v.bucket = 'breach' AND v.law_key = ANY(%(open)s))::int) AS ob,
           sum(CASE WHEN v.law_key = ANY(%(open)s) THEN v.amount_fen ELSE 0 END) AS om,
           bool_or(v.law_key = ANY(%(open)s)) AS is_open
      FROM violations_violation v JOIN violations_decision d ON d.id = v.decision_id
     WHERE d.state = 'in_force' AND v.revoked_on IS NULL
       AND d.decided_on BETWEEN %(since)s AND %(today)s
       AND (v.repaired_on IS NULL OR v.repaired_on > %(today)s)
     GROUP BY d.subject_id, d.id, d.decided_on
), a AS (
    SELECT subject_id, sum(w) AS w, sum(p) AS p, sum(b) AS b, sum(m)::bigint AS m,
           min(decided_on) AS first, sum(ow) AS ow, sum(op) AS op, sum(ob) AS ob,
           sum(om)::bigint AS om, min(decided_on) FILTER (WHERE is_open) AS ofirst
      FROM per_decision GROUP BY subject_id
), g AS (
    SELECT a.*, 'B' AS grade,
           concat_ws(' ', CASE WHEN w BETWEEN 1 AND 2 THEN '3-B-1' END,
                     CASE WHEN p BETWEEN 1 AND 2 AND m <= 50000000 THEN '3-B-2' END,
                     CASE WHEN b BETWEEN 1 AND 2 THEN '3-B-3' END) AS clauses,
           concat_ws(' ', CASE WHEN w >= 3 THEN '3-B-1' END,
                     CASE WHEN p >= 3 OR m > 50000000 THEN '3-B-2' END,
                     CASE WHEN b >= 3 THEN '3-B-3' END) AS exceeded,
           CASE WHEN w >= 3 OR p >= 3 OR b >= 3 OR m > 50000000 THEN 'over_limit' ELSE '' END
               AS flags,
           (first + interval '1 year')::date + 1 AS next,
           CASE WHEN ow + op + ob > 0 THEN 'B' ELSE '' END AS ograde,
           concat_ws(' ', CASE WHEN ow BETWEEN 1 AND 2 THEN '3-B-1' END,
                     CASE WHEN op BETWEEN 1 AND 2 AND om <= 50000000 THEN '3-B-2' END,
                     CASE WHEN ob BETWEEN 1 AND 2 THEN '3-B-3' END) AS oclauses,
           concat_ws(' ', CASE WHEN ow >= 3 THEN '3-B-1' END,
                     CASE WHEN op >= 3 OR om > 50000000 THEN '3-B-2' END,
                     CASE WHEN ob >= 3 THEN '3-B-3' END) AS oexceeded,
           CASE WHEN ow >= 3 OR op >= 3 OR ob >= 3 OR om > 50000000 THEN 'over_limit' ELSE '' END
               AS oflags,
           (ofirst + interval '1 year')::date + 1 AS onext
      FROM a
), differing AS (
    SELECT g.*, s.grade AS old_grade, s.flags AS old_flags, s.disclosable_grade AS old_ograde
      FROM g JOIN grading_standing s ON s.subject_id = g.subject_id
     WHERE (s.warnings, s.penalties, s.breaches, s.amount_fen, s.earliest_on, s.next_change_on,
            s.grade, s.clauses, s.exceeded, s.flags, s.disclosable_warnings,
            s.disclosable_penalties, s.disclosable_breaches, s.disclosable_amount_fen,
            s.disclosable_earliest_on, s.disclosable_next_change_on, s.disclosable_grade,
            s.disclosable_clauses, s.disclosable_exceeded, s.disclosable_flags, s.rule_set_id)
           IS DISTINCT FROM (g.w, g.p, g.b, g.m, g.first, g.next, g.grade, g.clauses, g.exceeded,
            g.flags, g.ow, g.op, g.ob, g.om, g.ofirst, g.onext, g.ograde, g.oclauses, g.oexceeded,
            g.oflags, %(rules)s::bigint)
), updated AS (
    UPDATE grading_standing s
       SET grade = d.grade, clauses = d.clauses, exceeded = d.exceeded, flags = d.flags,
           warnings = d.w, penalties = d.p, breaches = d.b, amount_fen = d.m,
           earliest_on = d.first, next_change_on = d.next, rule_set_id = %(rules)s,
           disclosable_grade = d.ograde, disclosable_clauses = d.oclauses,
           disclosable_exceeded = d.oexceeded, disclosable_flags = d.oflags,
           disclosable_warnings = d.ow, disclosable_penalties = d.op,
           disclosable_breaches = d.ob, disclosable_amount_fen = d.om,
           disclosable_earliest_on = d.ofirst, disclosable_next_change_on = d.onext,
           changed_at = now(),
           since = CASE WHEN d.old_grade <> d.grade THEN %(today)s::date ELSE s.since END
      FROM differing d WHERE s.subject_id = d.subject_id
    RETURNING s.subject_id
), counted AS (
    SELECT d.subject_id, jsonb_agg(v.id ORDER BY v.id) AS ids
      FROM violations_violation v JOIN violations_decision d ON d.id = v.decision_id
     WHERE d.subject_id IN (SELECT subject_id FROM differing)
       AND d.state = 'in_force' AND v.revoked_on IS NULL
       AND d.decided_on BETWEEN %(since)s AND %(today)s
       AND (v.repaired_on IS NULL OR v.repaired_on > %(today)s)
     GROUP BY d.subject_id
)
INSERT INTO grading_gradechange
    (subject_id, at, effective_on, grade, clauses, exceeded, flags, warnings, penalties, breaches,
     amount_fen, next_change_on, disclosable_grade, disclosable_clauses, disclosable_exceeded,
     disclosable_flags, disclosable_warnings, disclosable_penalties, disclosable_breaches,
     disclosable_amount_fen, disclosable_next_change_on, rule_set_id, old_grade,
     old_disclosable_grade, old_flags, causes, counted, entries)
SELECT d.subject_id, now(), %(today)s, d.grade, d.clauses, d.exceeded, d.flags, d.w, d.p, d.b, d.m,
       d.next, d.ograde, d.oclauses, d.oexceeded, d.oflags, d.ow, d.op, d.ob, d.om, d.onext,
       %(rules)s, d.old_grade, d.old_ograde, d.old_flags,
       '[{"cause": "command", "source": ""}]', c.ids, '[]'
  FROM differing d JOIN counted c ON c.subject_id = d.subject_id
"""
