-- One row per pathway, in the order of `pathways`: what is known of it besides its contacts and scores.
SELECT pathways.*, persons.* EXCLUDE (pathway), employment.* EXCLUDE (pathway),
    CAST(coalesce(InternetEnabledTherapy_Count, 0) AS SMALLINT) AS InternetEnabledTherapy_Count,
    problems.Validated_PresentingComplaint,
    coalesce(first_sites.first_site, homes.service) AS service
FROM pathways
LEFT JOIN first_sites ON first_sites.pathway = pathways.pathway
LEFT JOIN persons ON persons.pathway = pathways.pathway
LEFT JOIN employment ON employment.pathway = pathways.pathway
LEFT JOIN problems ON problems.pathway = pathways.pathway
LEFT JOIN internet_therapy ON internet_therapy.pathway = pathways.pathway
LEFT JOIN homes ON homes.borough = persons.borough AND homes.day = pathways.ReferralRequestReceivedDate
ORDER BY referral_month, pathway_id
