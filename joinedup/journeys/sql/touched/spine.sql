-- Referrals that were ever sent under one of these persons, as they are counted now.
SELECT DISTINCT sent.provider, sent.ServiceRequestId, coalesce(links.joined_id, sent.person_id) AS person_id
FROM sent_under AS sent
LEFT JOIN links ON links.person_id = sent.person_id
SEMI JOIN persons ON persons.provider = sent.provider
    AND persons.person_id = coalesce(links.joined_id, sent.person_id)
