-- id: C6
-- rev: 7
-- title: A large dealer with few fast traces
-- title.fr: Grand commerçant, peu de retraçages rapides
-- text: dealer {dealer}: of at least {all} traced firearms no more than {share} percent were recovered within three years
-- text.fr: commerçant {dealer} : sur au moins {all} armes retracées, pas plus de {share} % ont été récupérées en moins de trois ans
-- status: stable
-- severity: low
-- source: ATF Demand Letter 2; held against volume
-- falsepositives: a large dealer that one ring used
-- param: short_days = 1095 days
-- param: min_traces = 25
-- param: low_rate = 0.25
-- bits: -0.5
-- example: hit cases/C6/many-old-traces.case
-- example: hit cases/C6/a-quarter.case
-- example: miss cases/C6/many-fast-traces.case
-- example: miss cases/C6/too-few-to-say.case

-- Counter-indicator. Of all traces of the dealer few are of short time to crime: its volume explains
-- their number. Subject: the dealer. Bits: where a gun was bought says nothing then; little is taken
-- off, because a straw buyer may go to any shop. Below min_traces nothing is said. Number and share
-- are told in steps: a large dealer has more traces with nearly every file, and what is told of all
-- his firearms would be told anew each time.
WITH traced AS NOT MATERIALIZED (
    SELECT rds_key, firearm, record, ttc_days FROM purchases
    WHERE rds_key IS NOT NULL AND ttc_days IS NOT NULL
), fast AS MATERIALIZED ( -- by records: never more than firearms, each of which has its own
    SELECT rds_key, sum(record = firearm) AS short FROM traced WHERE ttc_days <= :short_days
    GROUP BY rds_key
), counted AS MATERIALIZED ( -- and never fewer
    SELECT rds_key, count(*) AS n FROM traced GROUP BY rds_key HAVING count(*) >= :min_traces
), perhaps AS MATERIALIZED (
    SELECT f.rds_key AS rds_key FROM fast f JOIN counted c ON c.rds_key = f.rds_key
    WHERE f.short <= :low_rate * c.n
), sold AS MATERIALIZED (
    SELECT t.rds_key AS rds_key, t.firearm AS firearm, min(t.record) AS record,
           min(t.ttc_days) <= :short_days AS short
    FROM perhaps d CROSS JOIN traced t ON t.rds_key = d.rds_key
    GROUP BY t.rds_key, t.firearm
), large AS (
    SELECT rds_key, count(*) AS n, sum(short) AS short
    FROM sold GROUP BY rds_key
    HAVING count(*) >= :min_traces AND sum(short) <= :low_rate * count(*)
)
SELECT l.rds_key AS subject, s.record AS record, -0.5 AS bits,
       'dealer ' || l.rds_key || ': of at least ' ||
           CASE WHEN l.n < 10 THEN l.n WHEN l.n < 25 THEN 10 WHEN l.n < 50 THEN 25
                WHEN l.n < 100 THEN 50 WHEN l.n < 250 THEN 100 WHEN l.n < 500 THEN 250
                WHEN l.n < 1000 THEN 500 ELSE 1000 END ||
           ' traced firearms no more than ' || ((l.short * 20 + l.n - 1) / l.n * 5) ||
           ' percent were recovered within three years' AS explanation
FROM large l JOIN sold s ON s.rds_key = l.rds_key
WHERE s.short
