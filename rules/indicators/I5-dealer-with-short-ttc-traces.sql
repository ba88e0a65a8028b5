-- id: I5
-- rev: 5
-- title: Dealer with many traces of short time to crime
-- title.fr: Commerçant aux nombreux retraçages à court délai
-- text: dealer {dealer}: {short} of {all} firearms traced in {year} were recovered within three years
-- text.fr: commerçant {dealer} : {short} armes sur {all} retracées en {year} ont été récupérées en moins de trois ans
-- status: stable
-- severity: low
-- source: ATF Demand Letter 2 (10 traces a year until 2017, 25 from 2018; ended 2025)
-- falsepositives: a large dealer; a town with much theft
-- valid: 2000-01-01..
-- param: short_days = 1095 days
-- param: min_traces_until_2017 = 10
-- param: min_traces_from_2018 = 25
-- param: usual_rate = 0.46
-- param: high_rate = 0.6
-- param: usual_bits = 0.3 bits
-- param: high_bits = 1.5 bits
-- bits: 1.5
-- example: hit cases/I5/twenty-five-in-a-year.case
-- example: hit cases/I5/ten-in-2016.case
-- example: miss cases/I5/twenty-four-in-a-year.case
-- example: miss cases/I5/low-share-of-all.case

-- A dealer whose firearms were recovered within three years of their sale as often in one calendar
-- year as ATF's own threshold says. Subject: the dealer with the year. Bits: sales are not known, so
-- the count is held against all traces of the dealer: 46 % of all traced guns are that young
-- (NFCTA II), and no more than that is a large shop. Far above it something is sold on.
WITH traced AS NOT MATERIALIZED (
    SELECT rds_key, substr(recovered_date, 1, 4) AS year, firearm, record, ttc_days
    FROM purchases
    WHERE rds_key IS NOT NULL AND recovered_date IS NOT NULL
), perhaps AS MATERIALIZED ( -- by records: no fewer than firearms
    SELECT rds_key, year FROM traced WHERE ttc_days <= :short_days
    GROUP BY rds_key, year
    HAVING count(*) >= iif(year < '2018', :min_traces_until_2017, :min_traces_from_2018)
), sold AS MATERIALIZED (
    SELECT t.rds_key AS rds_key, t.year AS year, t.firearm AS firearm, min(t.record) AS record,
           min(t.ttc_days) <= :short_days AS short
    FROM (SELECT DISTINCT rds_key FROM perhaps) k CROSS JOIN traced t ON t.rds_key = k.rds_key
    CROSS JOIN perhaps d ON d.rds_key = t.rds_key AND d.year = t.year
    GROUP BY t.rds_key, t.year, t.firearm
), years AS (
    SELECT rds_key, year, count(*) AS n, sum(short) AS short
    FROM sold
    GROUP BY rds_key, year
    HAVING sum(short) >= iif(year < '2018', :min_traces_until_2017, :min_traces_from_2018)
       AND sum(short) >= :usual_rate * count(*)
)
SELECT y.rds_key || ' ' || y.year AS subject, s.record AS record,
       iif(y.short >= :high_rate * y.n, :high_bits, :usual_bits) AS bits,
       'dealer ' || y.rds_key || ': ' || y.short || ' of ' || y.n || ' firearms traced in ' ||
           y.year || ' were recovered within three years' AS explanation
FROM years y JOIN sold s ON s.rds_key = y.rds_key AND s.year = y.year
WHERE s.short
