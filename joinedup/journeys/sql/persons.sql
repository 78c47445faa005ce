-- What is known of the person, through the local patient identifiers of the pathway's referrals: the IDS001 row of the
-- latest period, whatever the date of the pathway.
WITH patients AS (
    SELECT DISTINCT provider, LocalPatientId, pathway FROM referrals
),
index AS (
    SELECT patients.pathway,
        arg_max(
            struct_pack(
                LocalAuthority, EthnicCategory, IndicesOfDeprivationDecile, Gender, GenderIdentity, LanguageCodePreferred
            ),
            $age
        ) AS latest
    FROM returns__IDS001 AS sent
    JOIN patients ON patients.provider = sent.provider AND patients.LocalPatientId = sent.LocalPatientId
    GROUP BY patients.pathway
),
-- One disability outweighs "no disability" within the latest return that states either.
disabilities AS (
    SELECT patients.pathway,
        max($month * 2 + CASE WHEN DisabCode IN $no_disability THEN 0 ELSE 1 END) % 2 = 1 AS disabled
    FROM returns__IDS007 AS sent
    JOIN patients ON patients.provider = sent.provider AND patients.LocalPatientId = sent.LocalPatientId
    WHERE DisabCode NOT IN $disability_not_stated
    GROUP BY patients.pathway
),
-- The latest record of a category counts: by date, then by period, then by code. `place` numbers the codes in order.
circumstances AS (
    SELECT patients.pathway, category,
        max(
            (coalesce(SocPerCircumstanceRecDate - DATE '0001-01-01', 0) * 1048576 + $month) * 1024 + place
        ) % 1024 AS place
    FROM returns__IDS011 AS sent
    JOIN circumstance_codes AS codes ON codes.snomed = sent.SocPerCircumstance
    JOIN patients ON patients.provider = sent.provider AND patients.LocalPatientId = sent.LocalPatientId
    GROUP BY patients.pathway, category
),
said AS (
    SELECT pathway,
        max(meaning) FILTER (category = 'religion') AS Religion,
        max(meaning) FILTER (category = 'sexual_orientation') AS SexualOrientation
    FROM circumstances
    JOIN circumstance_codes USING (category, place)
    GROUP BY pathway
),
conditions AS (
    SELECT referrals.pathway,
        bool_or(LongTermCondition IN $condition_present) AS present,
        bool_or(LongTermCondition IN $condition_absent) AS absent
    FROM returns__IDS602 AS sent
    JOIN referrals ON referrals.provider = sent.provider AND referrals.ServiceRequestId = sent.ServiceRequestId
    GROUP BY referrals.pathway
)
SELECT pathways.pathway,
    index.latest.LocalAuthority AS borough,
    index.latest.EthnicCategory AS EthnicCategory,
    index.latest.IndicesOfDeprivationDecile AS IndicesOfDeprivationDecile,
    index.latest.Gender AS Gender,
    index.latest.GenderIdentity AS GenderIdentity,
    index.latest.LanguageCodePreferred AS LanguageCodePreferred,
    CASE WHEN disabilities.disabled THEN 'Y' WHEN NOT disabilities.disabled THEN 'N' END AS Disability,
    said.Religion, said.SexualOrientation,
    CASE WHEN conditions.present THEN 'Y' WHEN conditions.absent THEN 'N' END AS LongTermCondition
FROM pathways
LEFT JOIN index ON index.pathway = pathways.pathway
LEFT JOIN disabilities ON disabilities.pathway = pathways.pathway
LEFT JOIN said ON said.pathway = pathways.pathway
LEFT JOIN conditions ON conditions.pathway = pathways.pathway
