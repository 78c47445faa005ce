-- Every referral as last sent, with the person it is of and whom that person is known as. $age is the rule of
-- `referrals`.
SELECT sent.provider, sent.ServiceRequestId, sent.LocalPatientId, sent.person_id,
    coalesce(links.joined_id, sent.person_id) AS known_as
FROM (
    SELECT provider, ServiceRequestId, LocalPatientId, person_id,
        row_number() OVER (PARTITION BY provider, ServiceRequestId ORDER BY $age DESC) AS place
    FROM returns__IDS101
) AS sent
LEFT JOIN links ON links.person_id = sent.person_id
WHERE sent.place = 1 AND sent.person_id IS NOT NULL
