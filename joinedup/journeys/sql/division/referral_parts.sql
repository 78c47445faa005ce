-- A referral lies where its provider and person, as last sent, lie: a pathway never crosses either, and which referrals
-- are one pathway is decided among all of a person at a provider. Whoever stands for another lies where that one does.
-- $age and the links are the rules of `referrals`.
WITH latest AS (
    SELECT provider, ServiceRequestId, LocalPatientId, person_id AS sent_as,
        row_number() OVER (PARTITION BY provider, ServiceRequestId ORDER BY $age DESC) AS place
    FROM returns__IDS101
),
referrals AS (
    SELECT provider, ServiceRequestId, LocalPatientId, sent_as, coalesce(links.joined_id, sent_as) AS person_id
    FROM latest LEFT JOIN links ON links.person_id = latest.sent_as
    WHERE place = 1 AND sent_as IS NOT NULL
)
SELECT provider, ServiceRequestId, LocalPatientId, sent_as, $part AS part
FROM referrals
