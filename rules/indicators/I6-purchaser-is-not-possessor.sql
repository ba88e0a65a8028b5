-- id: I6
-- rev: 3
-- title: Short time to crime, in other hands
-- title.fr: Court délai, en d'autres mains
-- text: recovered {days} days after its purchase, from another person
-- text.fr: récupérée {days} jours après l'achat, chez une autre personne
-- status: stable
-- severity: low
-- source: YCGII; Following the Gun (2000)
-- falsepositives: a firearm stolen from its buyer; a lawful private resale
-- valid: 1968-12-16..
-- param: short_days = 1095 days
-- bits: 0.7
-- example: hit cases/I6/other-possessor.case
-- example: hit cases/I6/handed-over-in-a-week.case
-- example: miss cases/I6/purchaser-is-possessor.case
-- example: miss cases/I6/possessor-not-known.case
-- example: miss cases/I6/company.case

-- Recovered within three years from somebody who is neither the buyer nor with the buyer. Subject:
-- the firearm. A possessor who is not known is not a different one. Bits: in 7 of 8 traced
-- guns of all ages the possessor is another person, so this alone says little; of a company or an
-- agency, nothing.
WITH short AS MATERIALIZED (
    SELECT firearm, record, person, possessor, ttc_days
    FROM purchases
    WHERE ttc_days BETWEEN 0 AND :short_days
)
SELECT firearm AS subject, record AS record, 0.7 AS bits,
       'recovered ' || ttc_days || ' days after its purchase, from another person' AS explanation
FROM short
WHERE person <> possessor
  AND NOT EXISTS (SELECT 1 FROM people a
                  WHERE a.record = short.record
                    AND ((a.role = 'associate' AND a.person = short.person)
                         OR (a.role = 'purchaser' AND a.organisation IS NOT NULL)))
