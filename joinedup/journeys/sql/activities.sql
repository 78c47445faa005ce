-- Care activities of those contacts: sent in the same return, so that a contact sent again brings its own.
SELECT appointments.contact, appointments.pathway, appointments.CareContDate,
    sent.provider, sent.period, sent.CareActId, hash(sent.provider, sent.period, sent.CareActId) AS mark,
    split_part(sent.CodeProcAndProcStatus, ':', 1) AS procedure
FROM returns__IDS202 AS sent
JOIN sent_appointments AS appointments
    ON appointments.provider = sent.provider AND appointments.period = sent.period AND appointments.CareContactId = sent.CareContactId
