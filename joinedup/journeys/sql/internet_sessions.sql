-- Sessions of internet enabled therapy. A log row sent again in a later return is the same session; a session is
-- dated on the last day of its log entry, as nationally.
SELECT DISTINCT pathway, StartDateIntEnabledTherLog, EndDateIntEnabledTherLog, IntEnabledTherProg
FROM returns__IDS205 AS sent
JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
