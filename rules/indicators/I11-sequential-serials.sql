-- id: I11
-- rev: 1
-- title: Consecutive serial numbers, split up
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
WITH guns AS MATERIALIZED (
    SELECT p.firearm AS firearm, min(p.record) AS record, min(p.person) AS person,
           min(p.rds_key) AS rds_key, min(f.case_no) AS case_no, p.make AS make, p.model AS model,
           p.serial AS serial, min(p.recovered_date) AS recovered,
           serial_series(p.serial) AS series, serial_number(p.serial) AS number
    FROM purchases p LEFT JOIN firearms f ON f.record = p.recovered_record
    WHERE p.serial IS NOT NULL AND p.make IS NOT NULL AND p.model IS NOT NULL
    GROUP BY p.firearm, p.serial, p.make, p.model
), keyed AS (
    SELECT 'dealer ' || rds_key AS shared, * FROM guns WHERE rds_key IS NOT NULL
    UNION ALL
    SELECT 'case ' || case_no, * FROM guns WHERE case_no IS NOT NULL
), beside AS (
    SELECT *, lag(firearm) OVER line AS firearm1, lag(number) OVER line AS number1,
           lag(person) OVER line AS person1, lag(recovered) OVER line AS recovered1,
           lag(serial) OVER line AS serial1, lag(record) OVER line AS record1
    FROM keyed
    WINDOW line AS (PARTITION BY shared, make, model, series ORDER BY number, firearm)
), pairs AS MATERIALIZED (
    SELECT * FROM beside
    WHERE number - number1 BETWEEN 1 AND :max_gap AND firearm <> firearm1
      AND (ifnull(person <> person1, 0) OR ifnull(recovered <> recovered1, 0))
)
SELECT shared || ' ' || make || ' ' || series AS subject, record AS record, 3.0 AS bits,
       serial || ' stands ' || (number - number1) || ' after ' || serial1 || ', ' || shared
           AS explanation
FROM pairs
UNION ALL
SELECT shared || ' ' || make || ' ' || series, record1, 3.0,
       serial1 || ' stands ' || (number - number1) || ' before ' || serial || ', ' || shared
FROM pairs
