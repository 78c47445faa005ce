-- A referral lies where its provider and person lie: a pathway never crosses either, and which referrals are one
-- pathway is decided among all of a person at a provider.
SELECT provider, ServiceRequestId, LocalPatientId, person_id, $part AS part
FROM person_parts
