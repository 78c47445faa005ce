-- TherapySession_FirstDate: earliest treatment contact; SecondDate: the second (it may be the same day); LastDate: the last.
-- CareContact_Count: attended contacts; TreatmentCareContact_Count: treatment appointments.
SELECT pathway,
    min(CareContDate) FILTER (assessment) AS Assessment_FirstDate,
    max(CareContDate) FILTER (assessment) AS Assessment_LastDate,
    list_extract(min(CareContDate, 2) FILTER (treatment), 1) AS TherapySession_FirstDate,
    list_extract(min(CareContDate, 2) FILTER (treatment), 2) AS TherapySession_SecondDate,
    max(CareContDate) FILTER (treatment) AS TherapySession_LastDate,
    min(CareContDate) FILTER (integrated) AS IntegratedContact_FirstDate,
    min(CareContDate) FILTER (integrated AND treatment) AS IntegratedTreatment_FirstDate,
    min(CareContDate) FILTER (support) AS EmpSupport_FirstDate,
    CAST(count(*) FILTER (attended) AS SMALLINT) AS CareContact_Count,
    CAST(count(*) FILTER (treatment) AS SMALLINT) AS TreatmentCareContact_Count,
    CAST(count(*) AS SMALLINT) AS Appointment_Count,
    CAST(count(*) FILTER (AttendOrDNACode IN $did_not_attend) AS SMALLINT) AS DNA_Count,
    min(interpreter) AS InterpreterPresentInd,
    arg_min(site, struct_pack(CareContDate, site)) FILTER (site IS NOT NULL) AS first_site
FROM appointments
GROUP BY pathway
