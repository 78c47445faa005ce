-- Care activities of those contacts: sent in the same return, so that a contact sent again brings its own.
SELECT contacts.contact, contacts.pathway, contacts.CareContDate, contacts.in_pathway,
    sent.provider, sent.period, sent.CareActId, split_part(sent.CodeProcAndProcStatus, ':', 1) AS procedure
FROM returns__IDS202 AS sent
JOIN sent_contacts AS contacts
    ON contacts.provider = sent.provider AND contacts.period = sent.period AND contacts.CareContactId = sent.CareContactId
