-- Answers to the questionnaire about experience, as they were sent. The same answer sent twice for a day counts once.
WITH sent AS (
    SELECT referrals.pathway, CodedAssToolType AS question, PersScore AS answer, AssToolCompDate AS day
    FROM returns__IDS606 AS sent
    JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
    WHERE CodedAssToolType IN $experience_questions
    UNION ALL
    SELECT activities.pathway, CodedAssToolType, PersScore, activities.CareContDate
    FROM returns__IDS607 AS sent
    JOIN activities
        ON activities.mark = hash(sent.provider, sent.period, sent.CareActId)
        AND NOT (
            activities.provider <> sent.provider OR activities.period <> sent.period
            OR activities.CareActId <> sent.CareActId
        )
    WHERE CodedAssToolType IN $experience_questions
)
SELECT DISTINCT pathways.pathway_id, pathways.referral_month, sent.day AS date, sent.question, sent.answer
FROM sent
JOIN pathways USING (pathway)
WHERE sent.day IS NOT NULL AND sent.answer IS NOT NULL
ORDER BY referral_month, pathway_id, date, question, answer
