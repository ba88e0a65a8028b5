-- id: I17
-- rev: 2
-- title: One buyer's guns seized at the border and recovered inland
-- title.fr: Armes d'un même acheteur saisies à la frontière et récupérées à l'intérieur
-- text: seized at the border; another firearm of the same buyer was recovered inland
-- text.fr: saisie à la frontière; une autre arme du même acheteur a été récupérée à l'intérieur
-- text: recovered inland; another firearm of the same buyer was seized at the border
-- text.fr: récupérée à l'intérieur; une autre arme du même acheteur a été saisie à la frontière
-- status: stable
-- severity: high
-- source: seizures and traces side by side
-- falsepositives: a stolen collection
-- valid: 1968-12-16..
-- bits: 4
-- example: hit cases/I17/one-seized-one-recovered.case
-- example: hit cases/I17/recovered-before-the-seizure.case
-- example: miss cases/I17/buyer-is-the-traveller.case
-- example: miss cases/I17/other-gun-not-recovered.case

-- A firearm seized at the border was bought by somebody of whom another firearm was recovered inland,
-- from another person. Subject: the buyer. Bits: two guns of one buyer on both sides of the border
-- are I3 with the border crossing proved; less than its sum with I3, since they say much the same.
WITH carried AS MATERIALIZED (
    SELECT DISTINCT p.person AS person, p.firearm AS firearm, p.record AS record
    FROM seizures s JOIN purchases p ON p.firearm = s.firearm
    WHERE p.person IS NOT NULL AND s.traveller IS NOT p.person
), inland AS MATERIALIZED (
    SELECT DISTINCT p.person AS person, p.firearm AS firearm, p.record AS record
    FROM purchases p JOIN recoveries r ON r.firearm = p.firearm
    WHERE p.person IN (SELECT person FROM carried) AND r.date IS NOT NULL
      AND (p.possessor IS NULL OR p.possessor <> p.person)
      AND p.firearm NOT IN (SELECT firearm FROM seizures)
      AND (r.case_no IS NULL
           OR r.case_no NOT IN (SELECT seizure_no FROM seizures WHERE seizure_no IS NOT NULL))
)
SELECT person AS subject, record AS record, 4.0 AS bits,
       'seized at the border; another firearm of the same buyer was recovered inland' AS explanation
FROM carried
WHERE person IN (SELECT person FROM inland)
UNION ALL
SELECT person, record, 4.0,
       'recovered inland; another firearm of the same buyer was seized at the border'
FROM inland
