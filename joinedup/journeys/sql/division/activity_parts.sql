-- Activities belong to the contact of the same return.
SELECT DISTINCT sent.provider, sent.period, sent.CareActId, parts.part
FROM returns__IDS202 AS sent
JOIN contact_parts AS parts ON parts.provider = sent.provider AND parts.CareContactId = sent.CareContactId
