-- Referrals as last sent, each with the number of its pathway (DECISIONS 10).
-- Referrals of one person at one provider are one pathway when their dates overlap, directly or through others:
-- in order of receipt, a referral begins a new pathway when every earlier one had ended before it was received.
WITH sent AS (
    SELECT provider, ServiceRequestId,
        arg_max(
            struct_pack(
                LocalPatientId, person_id, ReferralRequestReceivedDate, ServDischDate, EndCode, SourceOfReferralIAPT,
                Age_ReferralRequest_ReceivedDate
            ),
            $age
        ) AS latest
    FROM returns__IDS101
    GROUP BY provider, ServiceRequestId
),
own AS (
    SELECT provider, ServiceRequestId, unnest(latest)
    FROM sent
    WHERE latest.ReferralRequestReceivedDate IS NOT NULL AND latest.person_id IS NOT NULL
),
-- Whoever was found to be known by a valid NHS number stands under that (table links).
referrals AS (
    SELECT own.* REPLACE (coalesce(links.joined_id, own.person_id) AS person_id)
    FROM own LEFT JOIN links ON links.person_id = own.person_id
),
compared AS (
    SELECT *,
        max(greatest(coalesce(ServDischDate, DATE '9999-12-31'), ReferralRequestReceivedDate)) OVER (
            PARTITION BY provider, person_id
            ORDER BY ReferralRequestReceivedDate, ServiceRequestId
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS others_end
    FROM referrals
)
SELECT provider, ServiceRequestId, LocalPatientId, person_id, ReferralRequestReceivedDate, ServDischDate, EndCode,
    SourceOfReferralIAPT, Age_ReferralRequest_ReceivedDate,
    CAST(sum(CASE WHEN others_end >= ReferralRequestReceivedDate THEN 0 ELSE 1 END) OVER (
        ORDER BY provider, person_id, ReferralRequestReceivedDate, ServiceRequestId
        ROWS UNBOUNDED PRECEDING
    ) AS INTEGER) AS pathway
FROM compared
