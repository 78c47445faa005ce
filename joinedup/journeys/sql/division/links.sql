-- Who stands for whom, wherever somebody it is said of lies.
SELECT DISTINCT links.person_id, links.joined_id, links.rule, parts.part
FROM links JOIN referral_parts AS parts ON parts.person_id = links.person_id
