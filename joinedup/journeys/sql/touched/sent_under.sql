-- Under which patient and person each referral was ever sent, in either state.
SELECT DISTINCT provider, ServiceRequestId, LocalPatientId, person_id FROM either__IDS101 WHERE person_id IS NOT NULL
