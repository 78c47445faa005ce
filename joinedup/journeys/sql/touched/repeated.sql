-- Keys of rows in months that follow another, whatever they say.
SELECT DISTINCT come.provider, come.$key AS key
FROM come__$table AS come
SEMI JOIN follows__$table AS follows USING (provider, period)
WHERE come.$key IS NOT NULL
