-- id: port-month
-- title: seized firearms by office and month
-- param: since = 1900-01-01

SELECT office_code, min(office_name) AS office_name, substr(date, 1, 7) AS month, count(*) AS seized,
       count(DISTINCT seizure_no) AS seizures, sum(serial_kind = 'NONE') AS without_serial
FROM seizures
WHERE date >= :since
GROUP BY office_code, substr(date, 1, 7)
ORDER BY office_code, month
