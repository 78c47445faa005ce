-- FirstScore: earliest valid score in the pathway. LastScore: the latest, present only if there are at least two.
-- A score is a plain number in the range of its questionnaire, dated from referral to discharge. The day has one score:
-- where a day has several, FirstScore takes its lowest and LastScore its highest, so that a tie never shows improvement,
-- and two scores are scores of two days. The mark halves the cost of the join, and the texts themselves decide it. Day and score (in hundredths) are packed into one number: day * 2^17 + score.
WITH sent AS (
    SELECT referrals.pathway, CodedAssToolType AS code, PersScore AS score, AssToolCompDate AS day
    FROM returns__IDS606 AS sent
    JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
    JOIN pathways ON pathways.pathway = referrals.pathway
    WHERE AssToolCompDate >= pathways.ReferralRequestReceivedDate
        AND AssToolCompDate <= coalesce(pathways.ServDischDate, DATE '9999-12-31')
    UNION ALL
    SELECT activities.pathway, CodedAssToolType, PersScore, activities.CareContDate
    FROM returns__IDS607 AS sent
    JOIN activities
        ON activities.mark = hash(sent.provider, sent.period, sent.CareActId)
        AND NOT (
            activities.provider <> sent.provider OR activities.period <> sent.period
            OR activities.CareActId <> sent.CareActId
        )
    WHERE activities.in_pathway
),
read_scores AS (
    SELECT pathway, question, low, high, whole, day,
        CASE WHEN regexp_full_match(score, '[0-9]{1,3}(\.[0-9]{1,2})?')
            THEN CAST(round(CAST(score AS DOUBLE) * 100) AS INTEGER) END AS hundredths
    FROM sent
    JOIN questions ON questions.snomed = sent.code
),
packed AS (
    SELECT pathway, question,
        min((day - DATE '1970-01-01') * 131072 + hundredths) AS first_packed,
        max((day - DATE '1970-01-01') * 131072 + hundredths) AS last_packed
    FROM read_scores
    WHERE hundredths BETWEEN low AND high AND (NOT whole OR hundredths % 100 = 0)
    GROUP BY pathway, question
),
unpacked AS (
    SELECT pathway, question,
        CAST(first_packed & 131071 AS INTEGER) AS first_score,
        CASE WHEN first_packed >> 17 < last_packed >> 17 THEN CAST(last_packed & 131071 AS INTEGER) END AS last_score
    FROM packed
)
SELECT pathway,
    $score_columns
FROM unpacked
GROUP BY pathway
