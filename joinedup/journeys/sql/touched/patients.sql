-- Local patient identifiers of which something differs.
SELECT DISTINCT provider, LocalPatientId FROM (
    SELECT provider, LocalPatientId FROM news_IDS001
    UNION ALL SELECT provider, LocalPatientId FROM news_IDS004
    UNION ALL SELECT provider, LocalPatientId FROM news_IDS007
    UNION ALL SELECT provider, LocalPatientId FROM news_IDS011
)
WHERE LocalPatientId IS NOT NULL
