-- id: I2b
-- rev: 6
-- title: Multiple sale spread over dealers
-- title.fr: Vente multiple répartie entre commerçants
-- text: bought on {day} from dealer {dealer} within five business days of a handgun from another dealer
-- text.fr: achetée le {day} chez le commerçant {dealer}, à cinq jours ouvrables au plus d'une arme de poing d'un autre commerçant
-- status: stable
-- severity: high
-- source: analyst practice; window as in 27 CFR 478.126a
-- falsepositives: collectors; gun shows with several dealers
-- valid: 1968-12-16..
-- param: window_days = 5 business days
-- bits: 4
-- example: hit cases/I2b/two-dealers-two-days.case
-- example: hit cases/I2b/three-dealers-one-day.case
-- example: miss cases/I2b/same-dealer.case
-- example: miss cases/I2b/two-weeks-apart.case
-- example: miss cases/I2b/company.case

-- One buyer, two or more handguns from different dealers within five business days: no dealer has
-- to report it, which is the point of spreading. Subject: the buyer. Bits: half a bit above the
-- reportable sale (I2), because a lawful buyer has less reason to go to a second dealer.
WITH bought AS MATERIALIZED (
    SELECT p.person AS person, p.rds_key AS rds_key, p.ffl_name AS ffl_name, p.firearm AS firearm,
           p.record AS record, p.purchase_date AS purchase_date,
           business_day(p.purchase_date) AS day
    FROM buyers b CROSS JOIN purchases p ON p.person = b.person
    WHERE b.handguns >= 2 AND b.dealers >= 2 AND p.handgun = 1 AND +p.rds_key IS NOT NULL
      AND p.purchase_date IS NOT NULL AND p.kind <> 'multiple-sale'
), next AS ( -- where any two were bought so soon, two that follow each other were
    SELECT person, day, day - lag(day) OVER line AS days
    FROM bought
    WINDOW line AS (PARTITION BY person ORDER BY day)
), close AS MATERIALIZED (
    SELECT DISTINCT person FROM next WHERE day IS NULL OR days < :window_days
), near AS (
    SELECT *, min(firearm) OVER sale AS least, max(firearm) OVER sale AS most,
           min(rds_key) OVER sale AS one_dealer, max(rds_key) OVER sale AS other_dealer
    FROM bought WHERE person IN close
    WINDOW sale AS (PARTITION BY person ORDER BY day
                    RANGE BETWEEN :window_days - 1 PRECEDING AND :window_days - 1 FOLLOWING)
)
SELECT person AS subject, record AS record, 4.0 AS bits,
       'bought on ' || purchase_date || ' from dealer ' || rds_key || ifnull(' ' || ffl_name, '') ||
           ' within five business days of a handgun from another dealer' AS explanation
FROM near
WHERE least <> most AND one_dealer <> other_dealer
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.record = near.record
                  AND q.role = 'purchaser' AND q.organisation IS NOT NULL)
