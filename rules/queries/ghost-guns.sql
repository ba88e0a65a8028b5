-- id: ghost-guns
-- title: seizures and recoveries of privately made firearms, kits and printed parts
-- param: probability = 0.5

SELECT m.record, m.category, m.probability, f.event_type, f.event_date, f.region, f.office_code, f.make, f.model,
       m.excerpt
FROM markers m JOIN firearms f ON f.record = m.record
WHERE m.category IN ('PMF', 'PMF_KIT', 'PRINTED', 'CONVERSION') AND m.probability >= :probability
ORDER BY f.event_date, m.record, m.category
