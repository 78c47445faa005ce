-- Contacts of these pathways as last sent. Almost every contact is sent once, so only those whose hash occurs twice
-- are compared by period; the rest pass.
WITH repeated AS (
    SELECT hash(provider, CareContactId) AS mark
    FROM returns__IDS201
    GROUP BY mark
    HAVING count(*) > 1
),
latest AS (
    SELECT provider, CareContactId, max($age) AS age
    FROM returns__IDS201
    WHERE hash(provider, CareContactId) IN (SELECT mark FROM repeated)
    GROUP BY provider, CareContactId
)
SELECT CAST(row_number() OVER () AS INTEGER) AS contact,
    referrals.pathway, sent.provider, sent.period, sent.CareContactId, sent.CareContDate, sent.AttendOrDNACode,
    sent.AppType, sent.PlannedCareContIndicator, sent.ConsMechanism, sent.IAPTLTCServiceInd, sent.SiteIDOfTreat,
    sent.InterpreterPresentInd
FROM returns__IDS201 AS sent
JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
LEFT JOIN latest ON latest.provider = sent.provider AND latest.CareContactId = sent.CareContactId
WHERE latest.age IS NULL OR latest.age = $sent_age
