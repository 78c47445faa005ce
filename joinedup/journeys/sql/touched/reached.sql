-- Persons to whom such a referral, patient identifier or link belongs or ever belonged, as sent; `news` is false where
-- nothing is known to differ, but a later month says the same again.
SELECT provider, person_id, bool_or(news) AS news
FROM (
    SELECT provider, person_id,
        coalesce((provider, ServiceRequestId) IN (SELECT (provider, ServiceRequestId) FROM touched_referrals), FALSE)
        OR coalesce((provider, LocalPatientId) IN (SELECT (provider, LocalPatientId) FROM touched_patients), FALSE)
        OR coalesce(person_id IN (SELECT person_id FROM moved), FALSE) AS news,
        coalesce((provider, ServiceRequestId) IN (SELECT (provider, key) FROM repeated_referrals), FALSE)
        OR coalesce((provider, LocalPatientId) IN (SELECT (provider, key) FROM repeated_patients), FALSE) AS again
    FROM either__IDS101
    WHERE person_id IS NOT NULL
)
WHERE news OR again
GROUP BY provider, person_id
