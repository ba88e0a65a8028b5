-- id: I1
-- rev: 4
-- title: Short time to crime
-- title.fr: Court délai entre l'achat et la découverte
-- text: recovered on {day}, {days} days after its purchase on {bought}
-- text.fr: récupérée le {day}, {days} jours après son achat le {bought}
-- status: stable
-- severity: medium
-- source: ATF time-to-crime bins; NFCTA volume II (2017-2021)
-- falsepositives: a new firearm stolen from its buyer; an owner who crosses the border with it
-- valid: 1968-12-16..
-- param: acute_days = 90 days
-- param: very_short_days = 365 days
-- param: short_days = 1095 days
-- param: acute_bits = 1.8 bits
-- param: very_short_bits = 1.7 bits
-- param: short_bits = 0.2 bits
-- bits: 1.8
-- example: hit cases/I1/six-weeks.case
-- example: hit cases/I1/seized-within-a-year.case
-- example: hit cases/I1/from-a-pawnbroker.case
-- example: miss cases/I1/four-years.case
-- example: miss cases/I1/dealer-only.case

-- Subject: the firearm. Bits: of trafficked guns about 31 % come back within 90 days and 81 % within
-- a year (log-normal, median 150 days); of all guns traced in the US 9 % and 24 % do: log2 of 0.31
-- over 0.09 and of 0.50 over 0.15. From one to three years both are about as frequent. A
-- pawnbroker (licence type 02) sells what was sold before: that time says little (I16).
SELECT firearm AS subject, record AS record,
       CASE WHEN ffl_type = '02' THEN :short_bits
            WHEN ttc_days <= :acute_days THEN :acute_bits
            WHEN ttc_days <= :very_short_days THEN :very_short_bits
            ELSE :short_bits END AS bits,
       'recovered on ' || recovered_date || ', ' || ttc_days || ' days after its purchase on ' ||
           purchase_date AS explanation
FROM purchases
WHERE ttc_days BETWEEN 0 AND :short_days
  AND ifnull(disposition, 'TP') = 'TP'
