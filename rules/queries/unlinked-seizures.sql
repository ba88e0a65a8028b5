-- id: unlinked-seizures
-- title: seized firearms with a serial number that no trace was found for
-- param: since = 1900-01-01

SELECT s.record, s.date, s.office_code, s.office_name, s.make, s.model, s.calibre, s.serial, s.serial_kind
FROM seizures s
WHERE s.serial_kind IN ('FULL', 'PARTIAL') AND s.date >= :since
  AND NOT EXISTS (SELECT 1 FROM firearms f WHERE f.firearm = s.firearm AND f.record <> s.record)
ORDER BY s.date, s.record
