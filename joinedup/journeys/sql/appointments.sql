-- attended_contact: AttendOrDNACode in (5, 6) or PlannedCareContIndicator = N.
-- treatment_contact: attended, AppType 02, 03 or 05, dated from referral to discharge, not employment support only.
-- assessment_contact: attended, AppType 01 or 03.
WITH done AS (
    SELECT contact,
        bool_and(coalesce(procedure = $employment_support, FALSE)) AS support_only,
        bool_or(coalesce(procedure = $employment_support, FALSE)) AS support,
        coalesce(bit_or(therapies.mark), 0) AS therapy_marks
    FROM activities
    LEFT JOIN therapies ON therapies.snomed = activities.procedure
    GROUP BY contact
),
judged AS (
    SELECT *,
        coalesce(AttendOrDNACode IN $attended, FALSE) OR coalesce(PlannedCareContIndicator IN $unplanned, FALSE)
            AS attended
    FROM sent_appointments
)
SELECT judged.contact, judged.pathway, judged.CareContactId, judged.CareContDate, judged.AttendOrDNACode, judged.AppType,
    judged.PlannedCareContIndicator, judged.ConsMechanism, judged.IAPTLTCServiceInd, judged.attended,
    judged.attended AND judged.in_pathway AND coalesce(judged.AppType IN $treatment, FALSE)
        AND NOT coalesce(done.support_only, FALSE) AS treatment,
    judged.attended AND coalesce(judged.AppType IN $assessment, FALSE) AS assessment,
    judged.attended AND coalesce(done.support, FALSE) AS support,
    judged.attended AND coalesce(judged.IAPTLTCServiceInd IN $integrated, FALSE) AS integrated,
    CASE WHEN judged.attended AND judged.InterpreterPresentInd IN $interpreter THEN judged.InterpreterPresentInd END
        AS interpreter,
    coalesce(done.therapy_marks, 0) AS therapy_marks,
    sites.code AS site
FROM judged
LEFT JOIN done ON done.contact = judged.contact
LEFT JOIN sites ON sites.code = judged.SiteIDOfTreat AND sites.day = judged.CareContDate
