-- First and last valid IDS004 record of the pathway by EmployStatusRecDate (measures M316 to M331); a record sent again
-- for the same day is taken from the latest return.
WITH patients AS (
    SELECT DISTINCT provider, LocalPatientId, pathway FROM referrals
),
days AS (
    SELECT patients.pathway, sent.EmployStatusRecDate AS day,
        arg_max(struct_pack(EmployStatus, SickAbsenceInd, SSPInd), $age) AS record
    FROM returns__IDS004 AS sent
    JOIN patients ON patients.provider = sent.provider AND patients.LocalPatientId = sent.LocalPatientId
    JOIN pathways ON pathways.pathway = patients.pathway
    WHERE sent.EmployStatus IN $employment_status
        AND sent.EmployStatusRecDate >= pathways.ReferralRequestReceivedDate
        AND sent.EmployStatusRecDate <= coalesce(pathways.ServDischDate, DATE '9999-12-31')
    GROUP BY patients.pathway, sent.EmployStatusRecDate
),
ends AS (
    SELECT pathway, arg_min(record, day) AS first_record, arg_max(record, day) AS last_record
    FROM days
    GROUP BY pathway
)
SELECT pathway,
    first_record.EmployStatus AS EmployStatus_First, last_record.EmployStatus AS EmployStatus_Last,
    first_record.SickAbsenceInd AS SickAbsenceInd_First, last_record.SickAbsenceInd AS SickAbsenceInd_Last,
    first_record.SSPInd AS SickpayIndicator_First, last_record.SSPInd AS SickpayIndicator_Last
FROM ends
