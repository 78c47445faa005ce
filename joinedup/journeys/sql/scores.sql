-- Every valid score: a plain number in the range of its questionnaire. The mark halves the cost of the join, and the
-- texts themselves decide it.
WITH sent AS (
    SELECT referrals.pathway, CodedAssToolType AS code, PersScore AS score, AssToolCompDate AS day
    FROM returns__IDS606 AS sent
    JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
    UNION ALL
    SELECT activities.pathway, CodedAssToolType, PersScore, activities.CareContDate
    FROM returns__IDS607 AS sent
    JOIN activities
        ON activities.mark = hash(sent.provider, sent.period, sent.CareActId)
        AND NOT (
            activities.provider <> sent.provider OR activities.period <> sent.period
            OR activities.CareActId <> sent.CareActId
        )
),
read_scores AS (
    SELECT pathway, question, low, high, whole, day,
        CASE WHEN regexp_full_match(score, '[0-9]{1,3}(\.[0-9]{1,2})?')
            THEN CAST(round(CAST(score AS DOUBLE) * 100) AS INTEGER) END AS hundredths
    FROM sent
    JOIN questions ON questions.snomed = sent.code
    WHERE day IS NOT NULL
)
SELECT pathway, day, question, hundredths
FROM read_scores
WHERE hundredths BETWEEN low AND high AND (NOT whole OR hundredths % 100 = 0)
