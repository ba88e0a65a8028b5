-- id: repeat-buyers
-- title: people who bought several different firearms that were traced
-- param: firearms = 3

SELECT b.person AS mention, min(p.last) AS last, min(p.first) AS first, b.firearms, b.dealers, b.handguns,
       b.first_date, b.last_date
FROM buyers b JOIN purchases p ON p.person = b.person
WHERE b.traced >= :firearms
GROUP BY b.person
ORDER BY b.firearms DESC, b.person
