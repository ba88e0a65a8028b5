-- id: serial-runs
-- title: firearms of one make with running numbers close together, found at different times
-- param: apart = 10

WITH numbered AS (
    SELECT record, firearm, make, serial, event_date, event_type, serial_series(serial) AS series,
           serial_number(serial) AS number
    FROM firearms WHERE serial IS NOT NULL AND make IS NOT NULL
), near AS (
    SELECT *, lag(firearm) OVER next AS last_firearm, lag(record) OVER next AS "left",
           lag(serial) OVER next AS last_serial, number - lag(number) OVER next AS apart
    FROM numbered WINDOW next AS (PARTITION BY make, series ORDER BY number, record)
)
SELECT make, "left", last_serial, record, serial, apart, event_type, event_date
FROM near WHERE apart BETWEEN 1 AND :apart AND last_firearm <> firearm
ORDER BY make, series, number, record
