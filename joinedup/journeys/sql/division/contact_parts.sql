-- All rows of a contact go wherever one of them belongs: a contact sent again under another referral replaces the
-- earlier row there too.
SELECT DISTINCT sent.provider, sent.CareContactId, parts.part
FROM returns__IDS201 AS sent
JOIN referral_parts AS parts ON parts.provider = sent.provider AND parts.ServiceRequestId = sent.ServiceRequestId
