-- id: I12
-- rev: 3
-- title: What a straw purchase looks like
-- title.fr: Ce à quoi ressemble un achat par prête-nom
-- text: with another person {days} days after its purchase, by a buyer of several traced firearms, in a reported multiple sale
-- text.fr: chez une autre personne {days} jours après l'achat, par un acheteur de plusieurs armes retracées, lors d'une vente multiple déclarée
-- text: with another person {days} days after its purchase, by a buyer of several traced firearms
-- text.fr: chez une autre personne {days} jours après l'achat, par un acheteur de plusieurs armes retracées
-- text: with another person {days} days after its purchase, by a buyer in a reported multiple sale
-- text.fr: chez une autre personne {days} jours après l'achat, lors d'une vente multiple déclarée
-- status: stable
-- severity: high
-- source: NFCTA III (straw purchases in 40 % of trafficking cases)
-- falsepositives: a collection stolen soon after it was bought
-- valid: 1968-12-16..
-- param: straw_days = 365 days
-- param: min_firearms = 2
-- param: reported_bits = 0.5 bits
-- param: repeated_bits = 0.5 bits
-- param: both_bits = 1 bits
-- bits: 1
-- example: hit cases/I12/two-guns-handed-on.case
-- example: hit cases/I12/multiple-sale-handed-on.case
-- example: miss cases/I12/one-gun-handed-on.case
-- example: miss cases/I12/found-with-the-buyer.case
-- example: miss cases/I12/after-two-years.case
-- example: miss cases/I12/company.case

-- Recovered within a year from another person (I1 and I6), and the buyer has bought more than one
-- traced firearm (I3) or the dealer reported a multiple sale (I2). Subject: the firearm. Bits: the parts
-- are told by their own indicators and this one is capped with them; together they say a little
-- more than each. Sex, age and origin of the buyer are no part of it, whatever older studies do.
WITH handed AS MATERIALIZED (
    SELECT firearm, record, person, ttc_days, ifnull(multiple_sale, 'N') = 'Y' AS reported
    FROM purchases
    WHERE ttc_days BETWEEN 0 AND :straw_days AND possessor <> person
), repeated AS (
    SELECT h.*, ifnull(b.traced, 1) >= :min_firearms AS many
    FROM handed h LEFT JOIN buyers b ON b.person = h.person
)
SELECT firearm AS subject, record AS record,
       CASE WHEN many AND reported THEN :both_bits
            WHEN many THEN :repeated_bits ELSE :reported_bits END AS bits,
       'with another person ' || ttc_days || ' days after its purchase, by a buyer ' ||
           iif(many, 'of several traced firearms', '') || iif(many AND reported, ', ', '') ||
           iif(reported, 'in a reported multiple sale', '') AS explanation
FROM repeated
WHERE (many OR reported)
  AND NOT EXISTS (SELECT 1 FROM people a
                  WHERE a.record = repeated.record
                    AND ((a.role = 'associate' AND a.person = repeated.person)
                         OR (a.role = 'purchaser' AND a.organisation IS NOT NULL)))
