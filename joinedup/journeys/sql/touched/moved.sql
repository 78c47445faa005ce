-- Whoever stands for somebody else than before.
SELECT DISTINCT person_id FROM (
    (SELECT person_id, joined_id FROM links_before EXCEPT SELECT person_id, joined_id FROM links)
    UNION ALL
    (SELECT person_id, joined_id FROM links EXCEPT SELECT person_id, joined_id FROM links_before)
)
