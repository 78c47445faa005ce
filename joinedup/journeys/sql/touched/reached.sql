-- Persons to whom such a referral, patient identifier or link belongs or ever belonged, as sent; `news` is false where
-- nothing is known to differ, but something was said again.
SELECT provider, person_id, bool_or(news) AS news
FROM (
    SELECT provider, person_id, TRUE AS news
    FROM sent_under SEMI JOIN touched_referrals USING (provider, ServiceRequestId)
    UNION ALL
    SELECT provider, person_id, TRUE FROM sent_under SEMI JOIN touched_patients USING (provider, LocalPatientId)
    UNION ALL
    SELECT provider, person_id, TRUE FROM sent_under SEMI JOIN moved USING (person_id)
    UNION ALL
    SELECT sent.provider, sent.person_id, FALSE
    FROM sent_under AS sent
    SEMI JOIN repeated_referrals AS again ON again.provider = sent.provider AND again.key = sent.ServiceRequestId
    UNION ALL
    SELECT sent.provider, sent.person_id, FALSE
    FROM sent_under AS sent
    SEMI JOIN repeated_patients AS again ON again.provider = sent.provider AND again.key = sent.LocalPatientId
)
GROUP BY provider, person_id
