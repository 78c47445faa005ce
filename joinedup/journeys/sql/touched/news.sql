-- What differs in the partitions of one table that changed: rows that came or went, by their key. Each row is counted up
-- where it came and down where it went; `place` tells rows of one key apart, of which the later in the file counts.
-- Partitions that `follow` another are a later month: there, rows that say what the month before said are no news.
WITH later AS (
    SELECT come.* FROM come__$table AS come SEMI JOIN follows__$table AS follows USING (provider, period)
),
compared AS (
    SELECT $columns, provider, period, FALSE AS follows, $place AS place, 1 AS sign
    FROM (SELECT * FROM come__$table ANTI JOIN follows__$table AS follows USING (provider, period))
    UNION ALL
    SELECT $columns, provider, period, FALSE, $place, -1 FROM gone__$table
    UNION ALL
    SELECT $columns, provider, period, TRUE, $place, 1 FROM later
    UNION ALL
    SELECT $columns, provider, period, TRUE, $place, -1
    FROM (
        SELECT sent.* REPLACE (follows.period AS period)
        FROM earlier__$table AS sent
        JOIN follows__$table AS follows ON follows.provider = sent.provider AND follows.earlier = sent.period
    )
),
differing AS (
    SELECT $columns, provider, period, follows, place, sum(sign) AS sign
    FROM compared
    GROUP BY ALL
    HAVING sum(sign) <> 0
)
SELECT DISTINCT provider, period, $keys
FROM differing
WHERE sign > 0 OR NOT follows OR (provider, period, $key) IN (SELECT (provider, period, $key) FROM later)
