-- Referrals of which something differs. A contact that was sent under several referrals concerns all of them: which
-- one has it, is decided among its rows.
SELECT DISTINCT provider, ServiceRequestId FROM (
    SELECT provider, ServiceRequestId FROM news_IDS101
    UNION ALL SELECT provider, ServiceRequestId FROM news_IDS201
    UNION ALL SELECT provider, ServiceRequestId FROM news_IDS205
    UNION ALL SELECT provider, ServiceRequestId FROM news_IDS602
    UNION ALL SELECT provider, ServiceRequestId FROM news_IDS603
    UNION ALL SELECT provider, ServiceRequestId FROM news_IDS606
    UNION ALL
    SELECT sent.provider, sent.ServiceRequestId
    FROM either__IDS201 AS sent
    SEMI JOIN touched_contacts USING (provider, CareContactId)
)
WHERE ServiceRequestId IS NOT NULL
