-- id: I11
-- rev: 6
-- title: Consecutive serial numbers, split up
-- title.fr: Numéros de série consécutifs, dispersés
-- text: {serial} stands {n} after {other}, dealer {x}
-- text.fr: {serial} suit {other} à {n} près, commerçant {x}
-- text: {serial} stands {n} before {other}, dealer {x}
-- text.fr: {serial} précède {other} à {n} près, commerçant {x}
-- text: {serial} stands {n} after {other}, case {x}
-- text.fr: {serial} suit {other} à {n} près, dossier {x}
-- text: {serial} stands {n} before {other}, case {x}
-- text.fr: {serial} précède {other} à {n} près, dossier {x}
-- status: stable
-- severity: high
-- source: analyst practice; gap by analysts
-- falsepositives: two customers of one delivery to a dealer
-- valid: 1968-12-16..
-- param: max_gap = 10
-- bits: 3
-- example: hit cases/I11/next-number-other-buyer.case
-- example: hit cases/I11/same-buyer-recovered-apart.case
-- example: miss cases/I11/gap-of-eleven.case
-- example: miss cases/I11/other-dealer.case
-- example: miss cases/I11/one-buyer-one-recovery.case

-- Two firearms of one make, model and series whose running numbers are at most ten apart, sold by one
-- dealer or found in one case, and bought by different people or recovered on different days. Subject:
-- the dealer or case with the series. Bits: guns of one delivery are sold one by one to lawful
-- customers too; but that two of ten neighbours are both traced is rare (a few per thousand are).
WITH sold AS (
    SELECT record, make, model, serial_series(serial) AS series, serial_number(serial) AS number
    FROM purchases
    WHERE serial IS NOT NULL AND make IS NOT NULL AND model IS NOT NULL
), neighbours AS (
    SELECT record, lag(record) OVER line AS record1, number - lag(number) OVER line AS gap
    FROM sold
    WINDOW line AS (PARTITION BY series, make, model ORDER BY number)
), few AS MATERIALIZED (
    SELECT record, record1 FROM neighbours WHERE gap <= :max_gap
), beside_another AS MATERIALIZED (
    SELECT record FROM few UNION SELECT record1 FROM few
), candidates AS MATERIALIZED (
    SELECT p.firearm AS firearm, p.make AS make, p.model AS model, p.serial AS serial,
           serial_series(p.serial) AS series, serial_number(p.serial) AS number,
           min(p.record) AS record, min(p.person) AS person, min(p.rds_key) AS rds_key
    FROM beside_another n CROSS JOIN purchases p ON p.record = n.record
    GROUP BY p.firearm, p.serial, p.make, p.model
), keyed AS (
    SELECT 'dealer ' || rds_key AS shared, * FROM candidates WHERE rds_key IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'case ' || f.case_no, c.*
    FROM candidates c JOIN firearms f ON f.firearm = c.firearm
    WHERE f.case_no IS NOT NULL AND f.event_type IN ('SEIZED', 'RECOVERED')
), beside AS (
    SELECT *, lag(firearm) OVER line AS firearm1, lag(number) OVER line AS number1,
           lag(person) OVER line AS person1, lag(serial) OVER line AS serial1,
           lag(record) OVER line AS record1
    FROM keyed
    WINDOW line AS (PARTITION BY shared, make, model, series ORDER BY number, firearm, serial)
), near AS MATERIALIZED (
    SELECT * FROM beside
    WHERE number - number1 BETWEEN 1 AND :max_gap AND firearm <> firearm1
), pairs AS MATERIALIZED (
    SELECT * FROM near
    WHERE person <> person1
       OR (SELECT recovered_date FROM purchases p WHERE p.record = near.record) <>
          (SELECT recovered_date FROM purchases p WHERE p.record = near.record1)
)
SELECT shared || ' ' || make || ' ' || series AS subject, record AS record, 3.0 AS bits,
       serial || ' stands ' || (number - number1) || ' after ' || serial1 || ', ' || shared
           AS explanation
FROM pairs
UNION ALL
SELECT shared || ' ' || make || ' ' || series, record1, 3.0,
       serial1 || ' stands ' || (number - number1) || ' before ' || serial || ', ' || shared
FROM pairs
