-- The same as they are counted: under whom a link puts them, before and now.
SELECT provider, person_id, bool_or(news) AS news
FROM (
    SELECT reached.provider, coalesce(links.joined_id, reached.person_id) AS person_id, news
    FROM reached LEFT JOIN links ON links.person_id = reached.person_id
    UNION ALL
    SELECT reached.provider, coalesce(links.joined_id, reached.person_id), news
    FROM reached LEFT JOIN links_before AS links ON links.person_id = reached.person_id
)
GROUP BY provider, person_id
