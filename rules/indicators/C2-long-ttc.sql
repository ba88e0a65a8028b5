-- id: C2
-- rev: 2
-- title: Long time to crime
-- title.fr: Long délai entre l'achat et la découverte
-- text: recovered {days} days after its purchase
-- text.fr: récupérée {days} jours après l'achat
-- status: stable
-- severity: low
-- source: NFCTA volume II (54 % above three years)
-- falsepositives: an old gun that was trafficked after a private resale
-- param: long_days = 1095 days
-- param: very_long_days = 3652 days
-- param: long_bits = -1 bits
-- param: very_long_bits = -2 bits
-- bits: -2
-- example: hit cases/C2/five-years.case
-- example: hit cases/C2/twenty-years.case
-- example: miss cases/C2/two-years.case
-- example: miss cases/C2/no-purchase-date.case

-- Counter-indicator. Subject: the firearm. Bits: about 2 % of guns bought to be trafficked surface
-- after three years, against 54 % of all traced guns (log2 = -4.5); held back, because second-hand
-- guns are trafficked too (40 % of cases) and the trace knows the first sale only.
SELECT firearm AS subject, record AS record,
       CASE WHEN ttc_days > :very_long_days THEN :very_long_bits ELSE :long_bits END AS bits,
       'recovered ' || ttc_days || ' days after its purchase' AS explanation
FROM purchases
WHERE ttc_days > :long_days
