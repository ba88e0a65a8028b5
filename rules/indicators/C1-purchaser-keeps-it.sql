-- id: C1
-- rev: 2
-- title: Found with the buyer who has owned it for long
-- title.fr: Trouvée avec son acheteur, qui la possède depuis longtemps
-- text: found with its buyer, {days} days after the purchase
-- text.fr: trouvée avec son acheteur, {days} jours après l'achat
-- status: stable
-- severity: low
-- source: YCGII (purchaser is possessor); CBSA on US travellers with personal firearms
-- falsepositives: a buyer who smuggles guns of his own, one by one
-- param: some_days = 365 days
-- param: long_days = 1095 days
-- param: some_bits = -2 bits
-- param: long_bits = -4 bits
-- bits: -4
-- example: hit cases/C1/traveller-with-his-own-gun.case
-- example: hit cases/C1/possessor-is-the-buyer.case
-- example: miss cases/C1/bought-last-month.case
-- example: miss cases/C1/other-traveller.case

-- Counter-indicator. The possessor, or the traveller at the border, is the person who bought the gun
-- more than a year before. Subject: the firearm. Bits: of undeclared guns at the border about 80 % are
-- a traveller's own; of trafficked ones the buyer himself holds perhaps one in twenty: log2(0.05 / 0.8).
SELECT firearm AS subject, record AS record,
       CASE WHEN ttc_days >= :long_days THEN :long_bits ELSE :some_bits END AS bits,
       'found with its buyer, ' || ttc_days || ' days after the purchase' AS explanation
FROM purchases
WHERE ttc_days >= :some_days
  AND (person = possessor
       OR (firearm, person) IN
          (SELECT firearm, traveller FROM seizures WHERE traveller IS NOT NULL))
