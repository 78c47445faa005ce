-- Validated_PresentingComplaint: the latest, primary level presenting complaint of the pathway; a populated code first,
-- then primary significance, then the latest recorded, then the latest sent. ICD-10 codes lose their punctuation.
-- Most rows are sent again every month, so they are told apart before their codes are read.
WITH sent AS (
    SELECT referrals.pathway, FindSchemeInUse, PresComp, PresCompCodSig, PresCompDate, max(period) AS period
    FROM returns__IDS603 AS sent
    JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
    GROUP BY ALL
),
coded AS (
    SELECT pathway,
        CASE WHEN FindSchemeInUse IN $icd10_scheme THEN regexp_replace(upper(PresComp), '[^A-Z0-9]', '', 'g')
            ELSE PresComp END AS code,
        coalesce(PresCompCodSig IN $primary_complaint, FALSE) AS is_primary,
        coalesce(PresCompDate, DATE '0001-01-01') AS recorded,
        period
    FROM sent
)
SELECT pathway, arg_max(code, struct_pack(is_primary, recorded, period, code)) AS Validated_PresentingComplaint
FROM coded
WHERE code <> ''
GROUP BY pathway
