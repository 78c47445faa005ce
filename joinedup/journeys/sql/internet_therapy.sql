-- How many sessions of internet enabled therapy a pathway had.
SELECT pathway, CAST(count(*) AS SMALLINT) AS InternetEnabledTherapy_Count
FROM internet_sessions
GROUP BY pathway
