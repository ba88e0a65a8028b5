-- id: I2c
-- rev: 4
-- title: Multiple sale of rifles
-- title.fr: Vente multiple d'armes d'épaule
-- text: bought on {day} from dealer {dealer} within five business days of another rifle
-- text.fr: achetée le {day} chez le commerçant {dealer}, à cinq jours ouvrables au plus d'une autre carabine
-- status: stable
-- severity: high
-- source: ATF F 3310.12 (Arizona, California, New Mexico, Texas)
-- falsepositives: collectors; a ranch or a shooting club that buys for several people
-- valid: 2011-08-14..
-- param: window_days = 5 business days
-- bits: 2.5
-- example: hit cases/I2c/two-rifles-in-texas.case
-- example: hit cases/I2c/monday-and-friday.case
-- example: miss cases/I2c/two-rifles-in-ohio.case
-- example: miss cases/I2c/two-rimfire-rifles.case
-- example: miss cases/I2c/six-business-days.case
-- example: miss cases/I2c/company.case

-- Two or more rifles above calibre .22, one buyer, one dealer in a state of the south-west border,
-- within five consecutive business days. Whether they were semi-automatic and took a magazine, as the
-- form asks, no trace says. Subject: the buyer. Bits: a bit less than two handguns (I2), since
-- rifles are bought in pairs for hunting, and both were recovered all the same.
WITH bought AS (
    SELECT p.person AS person, p.rds_key AS rds_key, p.ffl_name AS ffl_name, p.firearm AS firearm,
           p.record AS record, p.purchase_date AS purchase_date,
           business_day(p.purchase_date) AS day
    FROM buyers b CROSS JOIN purchases p ON p.person = b.person
    WHERE b.firearms >= 2 AND p.type = 'RIFLE' AND p.ffl_state IN ('AZ', 'CA', 'NM', 'TX')
      AND p.calibre IS NOT NULL AND p.calibre NOT IN ('22LR', '22WMR', '17HMR')
      AND p.rds_key IS NOT NULL AND p.purchase_date IS NOT NULL
      AND p.kind <> 'multiple-sale'
), near AS (
    SELECT *, min(firearm) OVER sale AS least, max(firearm) OVER sale AS most
    FROM bought
    WINDOW sale AS (PARTITION BY person, rds_key ORDER BY day
                    RANGE BETWEEN :window_days - 1 PRECEDING AND :window_days - 1 FOLLOWING)
)
SELECT person AS subject, record AS record, 2.5 AS bits,
       'bought on ' || purchase_date || ' from dealer ' || rds_key || ifnull(' ' || ffl_name, '') ||
           ' within five business days of another rifle' AS explanation
FROM near
WHERE least <> most
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.record = near.record
                  AND q.role = 'purchaser' AND q.organisation IS NOT NULL)
