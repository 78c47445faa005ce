-- Sessions of internet enabled therapy. A log row sent again in a later return is the same session.
SELECT pathway,
    CAST(count(DISTINCT (StartDateIntEnabledTherLog, EndDateIntEnabledTherLog, IntEnabledTherProg)) AS SMALLINT)
        AS InternetEnabledTherapy_Count
FROM returns__IDS205 AS sent
JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
GROUP BY pathway
