-- A local identifier may stand for several persons: what was said of it goes wherever one of them lies.
SELECT DISTINCT provider, LocalPatientId, part
FROM referral_parts
WHERE LocalPatientId IS NOT NULL
