-- id: I5c
-- rev: 1
-- title: Stolen from one dealer, recovered in Canada
-- title.fr: Volées chez un même commerçant, récupérées au Canada
-- text: dealer {dealer}: {firearms} firearms reported stolen from {first} to {last} were recovered in Canada
-- text.fr: commerçant {dealer} : {firearms} armes déclarées volées du {first} au {last} ont été récupérées au Canada
-- status: stable
-- severity: high
-- source: ATF P 3312.10; theft from a licensee is a sixth of trafficking investigations (ATF NFCTA)
-- falsepositives: loot sold off piece by piece, a few of which came north by themselves
-- valid: 1968-12-16..
-- param: apart_days = 7 days
-- param: crossing_days = 1095 days
-- param: min_firearms = 3
-- param: many_firearms = 5
-- param: few_bits = 4 bits
-- param: many_bits = 6 bits
-- bits: 6
-- example: hit cases/I5c/burglary-three-guns.case
-- example: hit cases/I5c/five-of-a-shipment.case
-- example: miss cases/I5c/two-guns.case
-- example: miss cases/I5c/thefts-years-apart.case
-- example: miss cases/I5c/recovered-at-home.case

-- Three and more firearms that never were sold: traces end with a theft at one dealer, on one list of
-- stolen firearms within apart_days of each other, and they came up in Canada within crossing_days of
-- that. Subject: the dealer and the first report. Bits: one gun of a burglary may wander; that several
-- crossed the same border means that who holds them sells them there.
WITH taken AS MATERIALIZED (
    SELECT f.rds_key AS rds_key, f.firearm AS firearm, f.record AS record, s.event_date AS reported
    FROM firearms s CROSS JOIN firearms f ON f.firearm = s.firearm
    WHERE s.kind = 'stolen' AND s.event_type IN ('STOLEN', 'LOST') AND s.event_date IS NOT NULL
      AND f.disposition = 'STL' AND f.rds_key IS NOT NULL AND f.country = 'CAN'
      AND f.event_type IN ('SEIZED', 'RECOVERED')
      AND date_days(f.event_date) - date_days(s.event_date) BETWEEN 0 AND :crossing_days
), dated AS (
    SELECT rds_key, firearm, record, min(reported) AS reported
    FROM taken GROUP BY rds_key, firearm, record
), parted AS (
    SELECT *, date_days(reported) - date_days(lag(reported) OVER line) > :apart_days AS anew
    FROM dated
    WINDOW line AS (PARTITION BY rds_key ORDER BY reported, firearm, record)
), counted AS (
    SELECT *, sum(ifnull(anew, 0)) OVER line AS theft
    FROM parted
    WINDOW line AS (PARTITION BY rds_key ORDER BY reported, firearm, record)
), thefts AS MATERIALIZED (
    SELECT rds_key, theft, count(DISTINCT firearm) AS firearms, min(reported) AS first,
           max(reported) AS last
    FROM counted GROUP BY rds_key, theft
    HAVING count(DISTINCT firearm) >= :min_firearms
)
SELECT t.rds_key || ' ' || t.first AS subject, c.record AS record,
       iif(t.firearms >= :many_firearms, :many_bits, :few_bits) AS bits,
       'dealer ' || t.rds_key || ': ' || t.firearms || ' firearms reported stolen from ' || t.first ||
           ' to ' || t.last || ' were recovered in Canada' AS explanation
FROM thefts t JOIN counted c ON c.rds_key = t.rds_key AND c.theft = t.theft
