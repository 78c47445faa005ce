-- Who is derived again: whoever has news, and whoever has several referrals of which one was sent again. Among
-- several the later row decides, so that sending one of them again can change what counts.
SELECT provider, person_id FROM persons WHERE news
UNION
SELECT provider, person_id
FROM (SELECT provider, person_id FROM spine GROUP BY provider, person_id HAVING count(*) > 1)
SEMI JOIN persons USING (provider, person_id)
