-- What differs in the partitions of one table that changed: rows that came or went, by their key.
-- `replaced` partitions were there before; those that `follow` another are a later month, and rows that say what the month
-- before them said are no news. `place` tells rows of one key apart: of two, the later in the file counts.
WITH come AS (
    SELECT $columns, provider, period, row_number() OVER (PARTITION BY provider, period, $key ORDER BY _row) AS place
    FROM come__$table
),
gone AS (
    SELECT $columns, provider, period, row_number() OVER (PARTITION BY provider, period, $key ORDER BY _row) AS place
    FROM gone__$table
),
month_before AS (
    SELECT $columns, sent.provider, follows.period,
        row_number() OVER (PARTITION BY sent.provider, follows.period, $key ORDER BY _row) AS place
    FROM earlier__$table AS sent
    JOIN follows__$table AS follows ON follows.provider = sent.provider AND follows.earlier = sent.period
),
repeating AS (
    SELECT come.* FROM come SEMI JOIN follows__$table AS follows USING (provider, period)
),
others AS (
    SELECT come.* FROM come ANTI JOIN follows__$table AS follows USING (provider, period)
),
missed AS (
    SELECT * FROM month_before EXCEPT SELECT * FROM repeating
),
differing AS (
    (SELECT * FROM others EXCEPT SELECT * FROM gone)
    UNION ALL (SELECT * FROM gone EXCEPT SELECT * FROM others)
    UNION ALL (SELECT * FROM repeating EXCEPT SELECT * FROM month_before)
    UNION ALL (SELECT missed.* FROM missed SEMI JOIN repeating USING (provider, period, $key))
)
SELECT DISTINCT provider, period, $keys FROM differing
