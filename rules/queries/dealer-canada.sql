-- id: dealer-canada
-- title: dealers by how many of their firearms were found in Canada
-- param: firearms = 2

SELECT rds_key, min(ffl_name) AS name, min(ffl_city) AS city, min(ffl_state) AS state,
       count(DISTINCT firearm) AS firearms, count(DISTINCT person) AS buyers,
       min(ttc_days) AS shortest_days, min(recovered_date) AS first_found, max(recovered_date) AS last_found
FROM purchases
WHERE recovered_country = 'CAN' AND rds_key IS NOT NULL
GROUP BY rds_key HAVING count(DISTINCT firearm) >= :firearms
ORDER BY firearms DESC, rds_key
