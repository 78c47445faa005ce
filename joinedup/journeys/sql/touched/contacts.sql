-- Contacts of which something differs, through themselves, their activities, or the scores of those.
SELECT DISTINCT provider, CareContactId FROM (
    SELECT provider, CareContactId FROM news_IDS201
    UNION ALL
    SELECT provider, CareContactId FROM news_IDS202
    UNION ALL
    SELECT sent.provider, sent.CareContactId
    FROM either__IDS202 AS sent
    SEMI JOIN news_IDS607 AS news USING (provider, period, CareActId)
)
WHERE CareContactId IS NOT NULL
