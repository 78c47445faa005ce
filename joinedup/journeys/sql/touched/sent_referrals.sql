-- Every row of the referrals that may be theirs.
SELECT sent.*
FROM returns__IDS101 AS sent
SEMI JOIN (
    SELECT spine.provider, spine.ServiceRequestId FROM spine SEMI JOIN touched USING (provider, person_id)
) AS theirs ON theirs.provider = sent.provider AND theirs.ServiceRequestId = sent.ServiceRequestId
