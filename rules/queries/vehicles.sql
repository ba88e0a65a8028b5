-- id: vehicles
-- title: vehicles at more than one seizure
-- param: seizures = 2

SELECT vehicle_plate, vehicle_region, count(DISTINCT seizure_no) AS seizures, count(*) AS items,
       min(date) AS first_date, max(date) AS last_date, count(DISTINCT traveller) AS travellers
FROM seizures
WHERE vehicle_plate IS NOT NULL
GROUP BY vehicle_plate, vehicle_region HAVING count(DISTINCT seizure_no) >= :seizures
ORDER BY seizures DESC, vehicle_plate
