-- One row per pathway, with the outcome flags of the national extract.
-- CompletedTreatment_Flag: ended, and two or more treatment appointments.
-- ADSM: the anxiety measure of the presenting complaint, or GAD-7 where that has no usable pair.
-- Caseness_Flag: finished, and either first score at caseness. NotCaseness_Flag: finished, both first scores present,
-- neither at caseness. Recovery_Flag: Caseness_Flag, paired, both last scores below caseness. ReliableImprovement_Flag:
-- finished, paired, at least one score fell by the reliable change and neither rose by it; ReliableDeterioration_Flag the
-- other way round; NoChange_Flag neither of the two.
WITH gathered AS (
    SELECT pathways.*, sessions.* EXCLUDE (pathway, first_site, CareContact_Count, TreatmentCareContact_Count,
            Appointment_Count, DNA_Count),
        coalesce(CareContact_Count, 0) AS CareContact_Count,
        coalesce(TreatmentCareContact_Count, 0) AS TreatmentCareContact_Count,
        coalesce(Appointment_Count, 0) AS Appointment_Count,
        coalesce(DNA_Count, 0) AS DNA_Count,
        coalesce(InternetEnabledTherapy_Count, 0) AS InternetEnabledTherapy_Count,
        pathways.ServDischDate IS NOT NULL AND coalesce(TreatmentCareContact_Count, 0) >= 2 AS CompletedTreatment_Flag,
        persons.* EXCLUDE (pathway),
        employment.* EXCLUDE (pathway),
        scores.* EXCLUDE (pathway),
        problems.Validated_PresentingComplaint,
        coalesce(sessions.first_site, homes.service) AS service
    FROM pathways
    LEFT JOIN sessions ON sessions.pathway = pathways.pathway
    LEFT JOIN persons ON persons.pathway = pathways.pathway
    LEFT JOIN employment ON employment.pathway = pathways.pathway
    LEFT JOIN scores ON scores.pathway = pathways.pathway
    LEFT JOIN problems ON problems.pathway = pathways.pathway
    LEFT JOIN internet_therapy ON internet_therapy.pathway = pathways.pathway
    LEFT JOIN homes ON homes.borough = persons.borough AND homes.day = pathways.ReferralRequestReceivedDate
),
chosen AS (
    SELECT *, $adsm AS ADSM FROM gathered
),
measured AS (
    SELECT *, $adsm_first AS ADSM_FirstScore, $adsm_last AS ADSM_LastScore FROM chosen
),
compared AS (
    SELECT *,
        $low_mood_last IS NOT NULL AND ADSM_LastScore IS NOT NULL AS Paired_Flag,
        $low_mood_at_first AS low_mood_at_first, $anxious_at_first AS anxious_at_first,
        $low_mood_at_last AS low_mood_at_last, $anxious_at_last AS anxious_at_last,
        CompletedTreatment_Flag AND coalesce($low_mood_fell, FALSE) AS low_mood_fell,
        CompletedTreatment_Flag AND coalesce($anxiety_fell, FALSE) AS anxiety_fell,
        CompletedTreatment_Flag AND coalesce($low_mood_rose, FALSE) AS low_mood_rose,
        CompletedTreatment_Flag AND coalesce($anxiety_rose, FALSE) AS anxiety_rose
    FROM measured
),
judged AS (
    SELECT *,
        CompletedTreatment_Flag AND (coalesce(low_mood_at_first, FALSE) OR coalesce(anxious_at_first, FALSE)) AS Caseness_Flag,
        CompletedTreatment_Flag AND coalesce(NOT low_mood_at_first AND NOT anxious_at_first, FALSE) AS NotCaseness_Flag,
        Paired_Flag AND (low_mood_fell OR anxiety_fell) AS fell,
        Paired_Flag AND (low_mood_rose OR anxiety_rose) AS rose
    FROM compared
),
flagged AS (
    SELECT *,
        Caseness_Flag AND Paired_Flag AND NOT low_mood_at_last AND NOT anxious_at_last AS Recovery_Flag,
        fell AND NOT rose AS ReliableImprovement_Flag,
        rose AND NOT fell AS ReliableDeterioration_Flag,
        CompletedTreatment_Flag AND Paired_Flag AND fell = rose AS NoChange_Flag
    FROM judged
)
SELECT pathway, $columns, $stage AS stage
FROM flagged
ORDER BY referral_month, pathway_id
