-- A referral lies where its provider and person, as last sent, lie: a pathway never crosses either, and which referrals
-- are one pathway is decided among all of a person at a provider. $age is the rule of `referrals`.
SELECT provider, ServiceRequestId, LocalPatientId, $part AS part
FROM (
    SELECT provider, ServiceRequestId, LocalPatientId, person_id,
        row_number() OVER (PARTITION BY provider, ServiceRequestId ORDER BY $age DESC) AS place
    FROM returns__IDS101
) AS sent
WHERE place = 1 AND person_id IS NOT NULL
