-- What happened, in order: the referral, each appointment by how it went, sessions through a screen, the discharge. An appointment that was
-- assessment and treatment is both; on one day they stand in the order of `step`.
WITH happened AS (
    SELECT pathway, ReferralRequestReceivedDate AS date, 'referral' AS event, 1 AS step FROM placed
    UNION ALL
    SELECT pathway, CareContDate, 'assessment', 2 FROM appointments WHERE assessment
    UNION ALL
    SELECT pathway, CareContDate, 'treatment', 3 FROM appointments WHERE treatment
    UNION ALL
    SELECT pathway, CareContDate, 'contact', 4 FROM appointments WHERE attended AND NOT assessment AND NOT treatment
    UNION ALL
    SELECT pathway, CareContDate, 'did not attend', 5 FROM appointments
    WHERE NOT attended AND AttendOrDNACode IN $did_not_attend
    UNION ALL
    SELECT pathway, CareContDate, 'cancelled', 6 FROM appointments WHERE NOT attended AND AttendOrDNACode IN $cancelled
    UNION ALL
    SELECT pathway, CareContDate, 'not seen', 7 FROM appointments WHERE NOT attended AND AttendOrDNACode IN $not_seen
    UNION ALL
    SELECT pathway, EndDateIntEnabledTherLog, 'internet therapy', 8 FROM internet_sessions
    WHERE EndDateIntEnabledTherLog IS NOT NULL
    UNION ALL
    SELECT pathway, ServDischDate, 'discharge', 9 FROM placed WHERE ServDischDate IS NOT NULL
)
SELECT placed.pathway_id, placed.referral_month, happened.date, happened.event, placed.place
FROM happened
JOIN placed ON placed.pathway = happened.pathway
ORDER BY placed.place, happened.date, happened.step
