-- Contacts with what was done in them, before they are judged: employment_support is 2 where every activity was,
-- 1 where some were, 0 where none was.
WITH done AS (
    SELECT contact,
        CASE WHEN bool_and(coalesce(procedure = $employment_support, FALSE)) THEN 2
            WHEN bool_or(coalesce(procedure = $employment_support, FALSE)) THEN 1 ELSE 0 END AS employment_support,
        coalesce(bit_or(therapies.mark), 0) AS therapy_marks
    FROM activities
    LEFT JOIN therapies ON therapies.snomed = activities.procedure
    GROUP BY contact
)
SELECT sent.contact, sent.pathway, sent.CareContactId, sent.CareContDate, sent.AttendOrDNACode, sent.AppType,
    sent.PlannedCareContIndicator, sent.ConsMechanism, sent.IAPTLTCServiceInd, sent.InterpreterPresentInd,
    CAST(coalesce(done.employment_support, 0) AS TINYINT) AS employment_support,
    coalesce(done.therapy_marks, 0) AS therapy_marks,
    sites.code AS site
FROM sent_appointments AS sent
LEFT JOIN done ON done.contact = sent.contact
LEFT JOIN sites ON sites.code = sent.SiteIDOfTreat AND sites.day = sent.CareContDate
