-- What happened, in order: the referral, each appointment by how it went, the discharge. An appointment that was
-- assessment and treatment is both; on one day they stand in the order of `place`.
WITH happened AS (
    SELECT pathway, ReferralRequestReceivedDate AS date, 'referral' AS event, 1 AS place FROM pathways
    UNION ALL
    SELECT pathway, CareContDate, 'assessment', 2 FROM contacts WHERE assessment
    UNION ALL
    SELECT pathway, CareContDate, 'treatment', 3 FROM contacts WHERE treatment
    UNION ALL
    SELECT pathway, CareContDate, 'contact', 4 FROM contacts WHERE attended AND NOT assessment AND NOT treatment
    UNION ALL
    SELECT pathway, CareContDate, 'did not attend', 5 FROM contacts
    WHERE NOT attended AND AttendOrDNACode IN $did_not_attend
    UNION ALL
    SELECT pathway, CareContDate, 'cancelled', 6 FROM contacts WHERE NOT attended AND AttendOrDNACode IN $cancelled
    UNION ALL
    SELECT pathway, CareContDate, 'not seen', 7 FROM contacts WHERE NOT attended AND AttendOrDNACode IN $not_seen
    UNION ALL
    SELECT pathway, ServDischDate, 'discharge', 8 FROM pathways WHERE ServDischDate IS NOT NULL
)
SELECT pathways.pathway_id, pathways.referral_month, happened.date, happened.event,
    CAST(row_number() OVER (PARTITION BY happened.pathway ORDER BY happened.date, happened.place) AS SMALLINT) AS sequence
FROM happened
JOIN pathways ON pathways.pathway = happened.pathway
ORDER BY referral_month, pathway_id, sequence
