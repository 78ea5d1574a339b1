"""Tickets and what belongs to them, made inside the database.

Nothing is drawn by chance. What looks like it comes from Postgres' own hash of a ticket's place `g`, from 1 to the
count, so that the same count gives the same database but for its moments. `bench_ticket` holds what was decided for
each; the tables are filled from it, a range of places at a time. Messages and events are numbered from twenty times g.
"""

YEARS = 3

#: a, b and c are three throws from 0 to 999. Low partners have most of the tickets, as in life. The newest ticket of
#: all is open and belongs to the first partner, so that there is one to look at.
DECIDED = """
    CREATE TEMPORARY TABLE bench_ticket AS
    WITH thrown AS (
        SELECT g, abs(hashint8extended(g, 1) %% 1000)::int AS a, abs(hashint8extended(g, 2) %% 1000)::int AS b,
               abs(hashint8extended(g, 3) %% 1000)::int AS c,
               CASE WHEN g < %(count)s THEN abs(hashint8extended(g, 4) %% 1000000) / 1e6 ELSE 0 END AS u
        FROM generate_series(1, %(count)s) g
    ), drawn AS (
        SELECT *, (ARRAY['incident', 'incident', 'incident', 'service_request', 'change'])[1 + c %% 5] AS type,
               CASE WHEN b < 30 THEN 1 WHEN b < 200 THEN 2 WHEN b < 720 THEN 3 ELSE 4 END AS priority,
               CASE WHEN g = %(count)s THEN 'open'
                    WHEN g > %(count)s - %(open)s THEN (ARRAY['new', 'open', 'open', 'waiting'])[1 + a %% 4]
                    WHEN g > %(count)s - 1.5 * %(open)s THEN 'resolved' ELSE 'closed' END AS status,
               %(now)s - interval '1 year' * (%(years)s * (1 - (g - 0.5) / %(count)s)) AS opened_at
        FROM thrown
    ), answered AS (
        SELECT d.*, p.partner_id, p.tenants, p.service_level_id, t.respond_within, t.resolve_within,
               p.openers[1 + g %% 2] AS opener_id, p.users[1 + g %% 2] AS opener_user_id,
               w.id AS agent_id, d.status IN ('resolved', 'closed') AS settled,
               CASE WHEN d.status <> 'new' THEN least(opened_at + respond_within * (0.1 + b / 900.0), %(now)s) END
                   AS answered_at
        FROM drawn d
        JOIN bench_partner p ON p.n = floor(%(partners)s * u * u)
        JOIN bench_agent w ON w.n = d.a %% %(agents)s
        JOIN tickets_responsetarget t ON t.service_level_id = p.service_level_id AND t.priority = d.priority
    )
    SELECT *, %(before)s + g AS id,
           CASE WHEN settled THEN least(answered_at + resolve_within * (c / 950.0), %(now)s) END AS settled_at,
           CASE status WHEN 'new' THEN opened_at + respond_within WHEN 'open' THEN opened_at + resolve_within END
               AS due_at,
           CASE WHEN g > %(count)s - %(talkative)s THEN 10 ELSE 2 + g %% 2 END AS messages,
           status <> 'new' AND a %% 10 = 0 AND g <= %(count)s - %(talkative)s AS noted,
           g %% %(rare_step)s = 0 AND g <= %(rare_tickets)s * %(rare_step)s AS rare,
           'Mail ' || (ARRAY['delayed', 'missing', 'refused', 'doubled', 'held back'])[1 + a %% 5] || ' since '
               || to_char(opened_at, 'HH24:MI') || CASE WHEN g %% 2 = 0 THEN ', case ' ELSE ', batch ' END || g
               AS subject
    FROM answered
"""

TICKETS = """
    INSERT INTO tickets_ticket (
        id, type, partner_id, service_level_id, opened_by_id, phone, subject, description, impact_description,
        started_at, started_offset_minutes, interface, data_centre, error_pattern, affected_count, reproduced,
        reproduction_steps, actions_taken, tests_allowed, known, known_reference, impact, urgency, priority, status,
        assignee_id, expected_at, verdict, resolution, escalated_at, opened_at, responded_at, resolved_at, closed_at,
        touched_at, spoken_by_partner, response_due_at, resolution_due_at, due_at, overdue_noticed_at, paused_at,
        paused, submission, version, search, search_notes
    )
    SELECT
        s.id, type, partner_id, service_level_id, opener_id, '+46846500402', subject,
        d.body || CASE WHEN rare THEN %(rare)s ELSE '' END, 'Part of the work stands still.',
        CASE WHEN incident THEN opened_at - interval '40 minutes' END, CASE WHEN incident THEN 120 END,
        'SMTP, DE2', 'DE2', CASE WHEN incident THEN '451 4.7.1 try again later' ELSE '' END,
        CASE WHEN incident THEN 1 + a %% 40 END, CASE WHEN incident THEN 'not tried' ELSE '' END, '',
        CASE WHEN incident THEN 'Looked into Live Search.' ELSE '' END,
        CASE WHEN type <> 'service_request' THEN a %% 4 > 0 END, CASE WHEN incident THEN false END, '',
        (ARRAY['high', 'medium', 'medium', 'low'])[priority], (ARRAY['high', 'high', 'medium', 'low'])[priority],
        priority, status,
        CASE WHEN status <> 'new' OR a %% 4 = 0 THEN agent_id END,
        CASE WHEN status = 'open' AND a %% 3 = 0 THEN opened_at + resolve_within END,
        CASE WHEN settled THEN (ARRAY['vendor', 'not vendor', 'unclear'])[1 + b %% 3] ELSE '' END,
        CASE WHEN settled THEN 'The setting was corrected and the mail delivered.' ELSE '' END,
        CASE WHEN c < 40 THEN opened_at + respond_within END,
        opened_at, answered_at, settled_at,
        CASE WHEN status = 'closed' THEN least(settled_at + interval '2 days', %(now)s) END,
        coalesce(settled_at, answered_at, opened_at), NOT settled AND a %% 2 = 0,
        opened_at + respond_within, opened_at + resolve_within, due_at, CASE WHEN due_at < %(now)s THEN due_at END,
        CASE WHEN settled THEN settled_at WHEN status = 'waiting' THEN answered_at END,
        interval '0', gen_random_uuid(), 1 + messages + CASE WHEN settled THEN 2 ELSE 0 END,
        to_tsvector('simple', subject || CASE WHEN rare THEN %(rare)s ELSE '' END) || d.tsv || first.tsv
            || CASE WHEN noted THEN ''::tsvector ELSE second.tsv END
            || CASE WHEN messages > 2 THEN third.tsv ELSE ''::tsvector END,
        CASE WHEN noted THEN second.tsv END
    FROM (SELECT *, type = 'incident' AS incident FROM bench_ticket WHERE g BETWEEN %(first)s AND %(last)s) s
    JOIN bench_text d ON d.n = abs(hashint8extended(g, 5) %% %(texts)s)
    JOIN bench_reply first ON first.n = (g * 31 + 7) %% %(replies)s
    JOIN bench_reply second ON second.n = (g * 31 + 14) %% %(replies)s
    JOIN bench_reply third ON third.n = (g * 31 + 21) %% %(replies)s
    ORDER BY g
"""

TENANTS = """
    INSERT INTO tickets_ticket_tenants (ticket_id, tenant_id)
    SELECT id, tenants[1 + a %% array_length(tenants, 1)] FROM bench_ticket
    WHERE g BETWEEN %(first)s AND %(last)s ORDER BY g
"""

SERVICES = """
    INSERT INTO tickets_ticket_services (ticket_id, service_id)
    SELECT s.id, v.id FROM bench_ticket s
    JOIN (SELECT id, row_number() OVER (ORDER BY position) - 1 AS n FROM contacts_service) v
        ON v.n = s.b %% %(services)s
    WHERE g BETWEEN %(first)s AND %(last)s ORDER BY g
"""

EXAMPLES = """
    INSERT INTO tickets_example (
        id, ticket_id, position, occurred, job_id, sender, recipient, sending_account, inbound_number,
        termination_address, status, log_extract
    )
    SELECT g * 20, id, 1, to_char(opened_at, 'DD.MM.YYYY HH24:MI'), '', 'sender' || a || '@other.example',
           'user' || b || '@end.example', '', '', '', '451 4.7.1 try again later', ''
    FROM bench_ticket WHERE type <> 'change' AND g BETWEEN %(first)s AND %(last)s ORDER BY g
"""

#: The partner and the agent take turns; on a new ticket only the partner has written. The second one may be a note.
MESSAGES = """
    INSERT INTO tickets_message (id, ticket_id, author_id, by_partner, internal, channel, body, created_at)
    SELECT g * 20 + i, s.id, CASE WHEN partners THEN opener_user_id ELSE agent_id END, partners,
           noted AND i = 2, CASE WHEN partners THEN 'portal' ELSE 'admin' END, r.body,
           opened_at + (coalesce(settled_at, %(now)s) - opened_at) * (i / 12.0)
    FROM bench_ticket s
    CROSS JOIN LATERAL generate_series(1, messages) i
    CROSS JOIN LATERAL (SELECT status = 'new' OR (i %% 2 = 0 AND NOT (noted AND i = 2)) AS partners) turn
    JOIN bench_reply r ON r.n = (g * 31 + i * 7) %% %(replies)s
    WHERE g BETWEEN %(first)s AND %(last)s ORDER BY g, i
"""

EVENTS = """
    INSERT INTO tickets_event (id, ticket_id, kind, actor_id, internal, data, version, created_at)
    SELECT g * 20 + version, id, kind, actor_id, internal, data, version, created_at
    FROM (
        SELECT g, id, 'opened' AS kind, opener_user_id AS actor_id, false AS internal,
               '{"channel": "portal"}'::jsonb AS data, 1 AS version, opened_at AS created_at
        FROM bench_ticket WHERE g BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT m.id / 20, m.ticket_id, CASE WHEN m.internal THEN 'noted' ELSE 'replied' END, author_id, m.internal,
               jsonb_build_object('message', m.id, 'before', 'open', 'after', 'open'), 1 + m.id %% 20, created_at
        FROM tickets_message m WHERE m.id BETWEEN %(first)s * 20 AND %(last)s * 20 + 19
        UNION ALL
        SELECT g, id, 'verdict', agent_id, false, '{"before": "", "after": "vendor"}', 2 + messages, settled_at
        FROM bench_ticket WHERE settled AND g BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT g, id, 'resolved', agent_id, false,
               '{"resolution": "The setting was corrected and the mail delivered."}', 3 + messages, settled_at
        FROM bench_ticket WHERE settled AND g BETWEEN %(first)s AND %(last)s
    ) happened ORDER BY g, version
"""

ESCALATIONS = """
    INSERT INTO tickets_escalation (ticket_id, step, by_id, reason, due_at, created_at)
    SELECT id, 'person', opener_user_id, 'It takes too long.', NULL::timestamptz, opened_at + respond_within
    FROM bench_ticket WHERE c < 40 AND g BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT id, 'resolution', NULL, '', due_at, due_at
    FROM bench_ticket WHERE status = 'open' AND due_at < %(now)s AND g BETWEEN %(first)s AND %(last)s
"""

#: In this order: events tell of messages.
TABLES = {
    "tickets": TICKETS,
    "tenants of tickets": TENANTS,
    "services of tickets": SERVICES,
    "examples": EXAMPLES,
    "messages": MESSAGES,
    "events": EVENTS,
    "escalations": ESCALATIONS,
}

#: The text index of those with more messages than the three that the statement above knows of.
TALKATIVE_INDEX = """
    UPDATE tickets_ticket t SET search = to_tsvector('simple', t.subject || ' ' || t.description || ' ' || said.text)
    FROM (SELECT ticket_id, string_agg(body, ' ' ORDER BY id) AS text FROM tickets_message
          WHERE ticket_id > %(before)s + %(count)s - %(talkative)s GROUP BY ticket_id) said
    WHERE t.id = said.ticket_id
"""

NEXT_KEYS = """
    SELECT setval(pg_get_serial_sequence('tickets_ticket', 'id'), %(before)s + %(count)s),
           setval(pg_get_serial_sequence('tickets_message', 'id'), (%(count)s + 1) * 20),
           setval(pg_get_serial_sequence('tickets_event', 'id'), (%(count)s + 1) * 20),
           setval(pg_get_serial_sequence('tickets_example', 'id'), (%(count)s + 1) * 20)
"""
