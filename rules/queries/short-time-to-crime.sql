-- id: short-time-to-crime
-- title: firearms that were found in Canada within so many days of their purchase
-- param: days = 365

SELECT record, firearm, make, model, calibre, last, first, purchase_date, recovered_date, ttc_days,
       ffl_name, ffl_state, recovered_region, recovered_record
FROM purchases
WHERE recovered_country = 'CAN' AND ttc_days BETWEEN 0 AND :days
ORDER BY ttc_days, record
