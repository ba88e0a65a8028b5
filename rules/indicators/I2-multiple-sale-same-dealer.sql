-- id: I2
-- rev: 6
-- title: Multiple sale, same dealer
-- title.fr: Vente multiple, même commerçant
-- text: bought on {day} from dealer {dealer} within five business days of another handgun
-- text.fr: achetée le {day} chez le commerçant {dealer}, à cinq jours ouvrables au plus d'une autre arme de poing
-- text: reported by the dealer as part of a multiple sale on {day}
-- text.fr: déclarée par le commerçant dans une vente multiple le {day}
-- text: reported by the dealer as part of a multiple sale
-- text.fr: déclarée par le commerçant dans une vente multiple
-- status: stable
-- severity: high
-- source: 27 CFR 478.126a; ATF F 3310.4
-- falsepositives: collectors; estate sales
-- valid: 1968-12-16..
-- param: window_days = 5 business days
-- param: derived_bits = 3.5 bits
-- param: reported_bits = 2 bits
-- bits: 3.5
-- example: hit cases/I2/two-handguns-friday-thursday.case
-- example: hit cases/I2/reported-by-dealer.case
-- example: hit cases/I2/on-the-form.case
-- example: miss cases/I2/six-business-days.case
-- example: miss cases/I2/two-rifles.case
-- example: miss cases/I2/one-handgun-traced-twice.case
-- example: miss cases/I2/company.case

-- Two or more handguns, one buyer, one dealer, within five consecutive business days: seen in the
-- traces themselves, or reported by the dealer. Subject: the buyer (the firearm when the buyer is not
-- known). Bits: a report stands on 35 % of trafficked pistols and 8 % of others (2.1 bits); that
-- two guns of one such sale were both recovered is rarer by far among lawful buyers.
WITH bought AS MATERIALIZED (
    SELECT p.person AS person, p.rds_key AS rds_key, p.ffl_name AS ffl_name, p.firearm AS firearm,
           p.record AS record, p.purchase_date AS purchase_date,
           business_day(p.purchase_date) AS day
    FROM buyers b CROSS JOIN purchases p ON p.person = b.person
    WHERE b.handguns >= 2 AND p.handgun = 1 AND +p.rds_key IS NOT NULL
      AND p.purchase_date IS NOT NULL AND p.kind <> 'multiple-sale'
), next AS ( -- where any two were bought so soon, two that follow each other were
    SELECT person, day, day - lag(day) OVER line AS days
    FROM bought
    WINDOW line AS (PARTITION BY person ORDER BY day)
), close AS MATERIALIZED (
    SELECT DISTINCT person FROM next WHERE day IS NULL OR days < :window_days
), near AS (
    SELECT *, min(firearm) OVER sale AS least, max(firearm) OVER sale AS most
    FROM bought WHERE person IN close
    WINDOW sale AS (PARTITION BY person, rds_key ORDER BY day
                    RANGE BETWEEN :window_days - 1 PRECEDING AND :window_days - 1 FOLLOWING)
)
SELECT person AS subject, record AS record, :derived_bits AS bits,
       'bought on ' || purchase_date || ' from dealer ' || rds_key || ifnull(' ' || ffl_name, '') ||
           ' within five business days of another handgun' AS explanation
FROM near
WHERE least <> most
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.record = near.record
                  AND q.role = 'purchaser' AND q.organisation IS NOT NULL)
UNION ALL
SELECT coalesce(person, firearm), record, :reported_bits,
       'reported by the dealer as part of a multiple sale' ||
           ifnull(' on ' || purchase_date, '')
FROM purchases
WHERE multiple_sale = 'Y'
