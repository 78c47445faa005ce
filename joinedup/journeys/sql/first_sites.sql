-- The site of the first contact at a site we know.
SELECT pathway, arg_min(site, struct_pack(CareContDate, site)) AS first_site
FROM appointments
WHERE site IS NOT NULL
GROUP BY pathway
