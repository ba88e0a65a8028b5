-- id: I5c
-- rev: 4
-- title: Stolen from one dealer, recovered in Canada
-- title.fr: Volées chez un même commerçant, récupérées au Canada
-- text: dealer {dealer}: of {all} firearms stolen from {first} to {last} and recovered, {north} came up in Canada
-- text.fr: commerçant {dealer} : de {all} armes volées du {first} au {last} et récupérées, {north} l'ont été au Canada
-- text: dealer {dealer}: of {all} firearms that traces call stolen, recovered from {first} to {last}, {north} came up in Canada
-- text.fr: commerçant {dealer} : de {all} armes que des retraçages disent volées, récupérées du {first} au {last}, {north} l'ont été au Canada
-- status: stable
-- severity: high
-- source: ATF P 3312.10; theft from a licensee is a sixth of trafficking investigations (ATF NFCTA)
-- falsepositives: loot sold off piece by piece, some of which came north by itself
-- valid: 1968-12-16..
-- param: apart_days = 7 days
-- param: span_days = 31 days
-- param: crossing_days = 1095 days
-- param: min_firearms = 3
-- param: min_share = 0.5
-- param: each_bits = 1.5 bits
-- param: most_bits = 6 bits
-- param: undated_apart_days = 365 days
-- param: undated_firearms = 5
-- param: undated_share = 0.75
-- param: undated_bits = 1 bits
-- bits: 6
-- example: hit cases/I5c/burglary-three-guns.case
-- example: hit cases/I5c/five-of-a-shipment.case
-- example: hit cases/I5c/theft-that-no-list-has.case
-- example: miss cases/I5c/two-guns.case
-- example: miss cases/I5c/thefts-that-no-list-has.case
-- example: miss cases/I5c/thefts-years-apart.case
-- example: miss cases/I5c/recovered-at-home.case
-- example: miss cases/I5c/listed-again.case
-- example: miss cases/I5c/stolen-in-canada.case
-- example: miss cases/I5c/sold-after-all.case

-- Three and more firearms that never were sold, as their traces end with a theft at one dealer, on
-- a list as stolen within apart_days of each other; most of those recovered came up in Canada, within
-- crossing_days (as [crossing] of leads.ini). Subject: the dealer and the month. Bits: one gun of a
-- burglary may wander; that most of them crossed the same border means that who holds them sells
-- them there. A theft in Canada is another theft; the first entry of a gun counts. Stands outside
-- related.csv: a list's row knows no dealer.
-- Where no list has them, the traces alone tell of a theft and not of its day: more are asked for,
-- found one soon after the other, and a larger share of them in Canada; the month is that of the
-- first find, and each tells less.
WITH taken AS MATERIALIZED (
    SELECT firearm, min(event_date) AS day FROM firearms
    WHERE kind = 'stolen' AND event_type = 'STOLEN' AND event_date IS NOT NULL
      AND country IS NOT 'CAN'
    GROUP BY firearm
), unsold AS MATERIALIZED (
    SELECT DISTINCT f.rds_key AS rds_key, f.firearm AS firearm, t.day AS day
    FROM taken t CROSS JOIN firearms f ON f.firearm = t.firearm
    WHERE f.disposition = 'STL' AND f.rds_key IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM purchases p WHERE p.firearm = f.firearm)
), found AS MATERIALIZED (
    SELECT u.rds_key AS rds_key, u.firearm AS firearm, u.day AS day,
           max(f.country IS 'CAN' AND
               date_days(f.event_date) - date_days(u.day) BETWEEN 0 AND :crossing_days) AS north
    FROM unsold u CROSS JOIN firearms f ON f.firearm = u.firearm
    WHERE f.event_type IN ('SEIZED', 'RECOVERED') AND f.event_date IS NOT NULL
    GROUP BY u.rds_key, u.firearm, u.day
), parted AS (
    SELECT *, ifnull(date_days(day) - date_days(lag(day) OVER line) > :apart_days, 0) AS anew
    FROM found
    WINDOW line AS (PARTITION BY rds_key ORDER BY day, firearm)
), counted AS MATERIALIZED (
    SELECT *, sum(anew) OVER line AS theft FROM parted
    WINDOW line AS (PARTITION BY rds_key ORDER BY day, firearm)
), thefts AS MATERIALIZED (
    SELECT rds_key, theft, count(*) AS firearms, sum(north) AS north, min(day) AS first,
           max(day) AS last
    FROM counted GROUP BY rds_key, theft
    HAVING sum(north) >= :min_firearms AND sum(north) >= :min_share * count(*)
       AND date_days(max(day)) - date_days(min(day)) <= :span_days
)
, untold AS MATERIALIZED (
    SELECT f.rds_key AS rds_key, f.firearm AS firearm FROM firearms f
    WHERE f.disposition = 'STL' AND f.rds_key IS NOT NULL
      AND f.firearm NOT IN (SELECT firearm FROM taken)
      AND NOT EXISTS (SELECT 1 FROM purchases p WHERE p.firearm = f.firearm)
    GROUP BY f.rds_key, f.firearm
), seen AS MATERIALIZED (
    SELECT u.rds_key AS rds_key, u.firearm AS firearm, min(f.event_date) AS day,
           max(f.country IS 'CAN') AS north
    FROM untold u CROSS JOIN firearms f ON f.firearm = u.firearm
    WHERE f.event_type IN ('SEIZED', 'RECOVERED') AND f.event_date IS NOT NULL
    GROUP BY u.rds_key, u.firearm
), apart AS (
    SELECT *,
           ifnull(date_days(day) - date_days(lag(day) OVER line) > :undated_apart_days, 0) AS anew
    FROM seen
    WINDOW line AS (PARTITION BY rds_key ORDER BY day, firearm)
), runs AS MATERIALIZED (
    SELECT *, sum(anew) OVER line AS run FROM apart
    WINDOW line AS (PARTITION BY rds_key ORDER BY day, firearm)
), undated AS MATERIALIZED (
    SELECT rds_key, run, count(*) AS firearms, sum(north) AS north, min(day) AS first,
           max(day) AS last
    FROM runs GROUP BY rds_key, run
    HAVING sum(north) >= :undated_firearms AND sum(north) >= :undated_share * count(*)
       AND date_days(max(day)) - date_days(min(day)) <= :crossing_days
)
SELECT DISTINCT t.rds_key || ' ' || substr(t.first, 1, 7) AS subject, f.record AS record,
       min(:most_bits, :each_bits * (t.north - 1)) AS bits,
       'dealer ' || t.rds_key || ': of ' || t.firearms || ' firearms stolen from ' || t.first ||
           ' to ' || t.last || ' and recovered, ' || t.north || ' came up in Canada' AS explanation
FROM thefts t JOIN counted c ON c.rds_key = t.rds_key AND c.theft = t.theft
JOIN firearms f ON f.firearm = c.firearm
WHERE c.north AND ((f.event_type IN ('SEIZED', 'RECOVERED') AND f.country = 'CAN') OR
                   (f.disposition = 'STL' AND f.rds_key = t.rds_key))
UNION ALL
SELECT DISTINCT t.rds_key || ' ' || substr(t.first, 1, 7), f.record,
       min(:most_bits, :undated_bits * (t.north - 1)),
       'dealer ' || t.rds_key || ': of ' || t.firearms ||
           ' firearms that traces call stolen, recovered from ' || t.first || ' to ' || t.last ||
           ', ' || t.north || ' came up in Canada'
FROM undated t JOIN runs c ON c.rds_key = t.rds_key AND c.run = t.run
JOIN firearms f ON f.firearm = c.firearm
WHERE c.north AND ((f.event_type IN ('SEIZED', 'RECOVERED') AND f.country = 'CAN') OR
                   (f.disposition = 'STL' AND f.rds_key = t.rds_key))
