-- One row per pathway: received with its first referral, ended with its last, open while any referral is open.
-- The name is a hash of provider and first ServiceRequestId, which identifies no one outside the trust.
WITH spans AS (
    SELECT pathway,
        any_value(provider) AS provider,
        any_value(person_id) AS person_id,
        arg_min(
            struct_pack(
                ServiceRequestId, ReferralRequestReceivedDate, SourceOfReferralIAPT, Age_ReferralRequest_ReceivedDate
            ),
            struct_pack(ReferralRequestReceivedDate, ServiceRequestId)
        ) AS opening,
        arg_max(
            struct_pack(ServDischDate, EndCode),
            struct_pack(ServDischDate, ReferralRequestReceivedDate, ServiceRequestId)
        ) AS ending,
        bool_or(ServDischDate IS NULL) AS still_open
    FROM referrals
    GROUP BY pathway
)
SELECT pathway,
    substr(sha256(provider || ':' || opening.ServiceRequestId), 1, 32) AS pathway_id,
    person_id,
    provider,
    strftime(opening.ReferralRequestReceivedDate, '%Y-%m') AS referral_month,
    opening.ReferralRequestReceivedDate AS ReferralRequestReceivedDate,
    CASE WHEN NOT still_open THEN ending.ServDischDate END AS ServDischDate,
    CASE WHEN NOT still_open THEN ending.EndCode END AS EndCode,
    opening.SourceOfReferralIAPT AS SourceOfReferralIAPT,
    opening.Age_ReferralRequest_ReceivedDate AS Age_ReferralRequest_ReceivedDate
FROM spans
ORDER BY referral_month, pathway_id
