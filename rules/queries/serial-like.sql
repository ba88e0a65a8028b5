-- id: serial-like
-- title: firearms whose serial number fits a pattern, as AB?[8B]12*
-- param: pattern

SELECT record, firearm, serial_pattern, serial_kind, make, model, calibre, event_type, event_date, region
FROM firearms
WHERE serial_match(:pattern, serial_pattern)
ORDER BY record
