-- id: I10
-- rev: 6
-- title: Recovered together, different buyers, one dealer
-- title.fr: Récupérées ensemble, acheteurs différents, même commerçant
-- text: case {case}: {firearms} firearms that {people} people bought from dealer {dealer}
-- text.fr: dossier {case} : {firearms} armes que {people} personnes ont achetées chez le commerçant {dealer}
-- status: stable
-- severity: medium
-- source: analyst practice
-- falsepositives: a burglary of several homes near one dealer; a large dealer of the town
-- valid: 1968-12-16..
-- param: many_firearms = 4
-- param: few_bits = 3 bits
-- param: many_bits = 5 bits
-- bits: 5
-- example: hit cases/I10/two-buyers-one-case.case
-- example: hit cases/I10/one-seizure-two-buyers.case
-- example: hit cases/I10/a-load-of-two-buyers.case
-- example: miss cases/I10/one-buyer.case
-- example: miss cases/I10/two-dealers.case

-- Two or more firearms of one police case or seizure that different people bought from one dealer.
-- Subject: case and dealer. Bits: buyers of one gun each is what a straw ring looks like from the
-- outside; among unrelated recoveries the same dealer is a coincidence of one in hundreds, but
-- guns stolen together come from one town. Four and more are a load, not loot.
WITH found AS NOT MATERIALIZED (
    SELECT case_no, country, firearm FROM firearms
    WHERE case_no IS NOT NULL AND event_type IN ('SEIZED', 'RECOVERED')
), several AS MATERIALIZED (
    SELECT case_no FROM found
    GROUP BY case_no HAVING min(firearm) <> max(firearm)
), seen AS MATERIALIZED (
    SELECT f.case_no AS case_no, f.country AS country, p.rds_key AS rds_key,
           p.firearm AS firearm, p.person AS person, p.record AS record
    FROM several c CROSS JOIN found f ON f.case_no = c.case_no
    CROSS JOIN purchases p ON p.firearm = f.firearm
    WHERE +p.rds_key IS NOT NULL AND +p.person IS NOT NULL
), together AS MATERIALIZED (
    SELECT case_no, country, rds_key, count(DISTINCT firearm) AS firearms,
           count(DISTINCT person) AS persons
    FROM seen GROUP BY case_no, country, rds_key
    HAVING firearms >= 2 AND persons >= 2
)
SELECT DISTINCT t.case_no || ' ' || t.rds_key AS subject, s.record AS record,
       iif(t.firearms >= :many_firearms, :many_bits, :few_bits) AS bits,
       'case ' || t.case_no || ': ' || t.firearms || ' firearms that ' || t.persons ||
           ' people bought from dealer ' || t.rds_key AS explanation
FROM together t JOIN seen s
    ON s.case_no = t.case_no AND s.rds_key = t.rds_key AND s.country IS t.country
