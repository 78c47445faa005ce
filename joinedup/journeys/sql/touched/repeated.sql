-- Keys of rows in partitions that came, whatever they say: of a patient all of them, as the order of the rows of
-- several identifiers of one person may have changed; those of a referral likewise.
SELECT DISTINCT provider, $key AS key FROM come__$table WHERE $key IS NOT NULL
