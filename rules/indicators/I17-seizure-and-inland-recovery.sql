-- id: I17
-- rev: 1
-- title: One buyer's guns seized at the border and recovered inland
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
WITH bought AS MATERIALIZED (
    SELECT p.person AS person, p.firearm AS firearm, p.record AS record, p.possessor AS possessor,
           p.firearm IN (SELECT firearm FROM seizures) AS seized,
           iif((p.firearm, p.person) IN (SELECT firearm, traveller FROM seizures), 1, 0) AS own
    FROM purchases p
    WHERE p.person IS NOT NULL
), inland AS (
    SELECT b.person, b.firearm, b.record
    FROM bought b JOIN recoveries r ON r.firearm = b.firearm
    WHERE r.date IS NOT NULL AND NOT b.seized
      AND (b.possessor IS NULL OR b.possessor <> b.person)
      AND (r.case_no IS NULL
           OR r.case_no NOT IN (SELECT seizure_no FROM seizures WHERE seizure_no IS NOT NULL))
), buyers AS MATERIALIZED (
    SELECT person FROM bought WHERE seized AND NOT own
    INTERSECT
    SELECT person FROM inland
)
SELECT DISTINCT b.person AS subject, b.record AS record, 4.0 AS bits,
       'seized at the border; another firearm of the same buyer was recovered inland' AS explanation
FROM buyers JOIN bought b ON b.person = buyers.person
WHERE b.seized AND NOT b.own
UNION
SELECT i.person, i.record, 4.0,
       'recovered inland; another firearm of the same buyer was seized at the border'
FROM buyers JOIN inland i ON i.person = buyers.person
