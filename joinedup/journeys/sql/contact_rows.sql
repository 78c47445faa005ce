-- Every appointment of every pathway, at its own site where we know it, else at the service of the journey.
SELECT placed.pathway_id, placed.referral_month, coalesce(appointments.site, placed.service) AS service,
    appointments.CareContDate, appointments.AttendOrDNACode, appointments.AppType, appointments.PlannedCareContIndicator,
    appointments.ConsMechanism, appointments.IAPTLTCServiceInd, appointments.treatment, appointments.assessment,
    appointments.therapy_marks
FROM appointments
JOIN placed ON placed.pathway = appointments.pathway
ORDER BY placed.place, appointments.CareContDate, appointments.CareContactId
