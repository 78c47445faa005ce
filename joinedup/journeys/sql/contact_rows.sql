-- Every appointment of every pathway, at its own site where we know it, else at the service of the journey.
SELECT pathways.pathway_id, pathways.referral_month, coalesce(contacts.site, journeys.service) AS service,
    contacts.CareContDate, contacts.AttendOrDNACode, contacts.AppType, contacts.PlannedCareContIndicator,
    contacts.ConsMechanism, contacts.IAPTLTCServiceInd, contacts.treatment, contacts.assessment,
    therapy_lists.therapies
FROM contacts
JOIN pathways ON pathways.pathway = contacts.pathway
JOIN journeys ON journeys.pathway_id = pathways.pathway_id
JOIN therapy_lists ON therapy_lists.marks = contacts.therapy_marks
ORDER BY referral_month, pathway_id, CareContDate, contacts.contact
