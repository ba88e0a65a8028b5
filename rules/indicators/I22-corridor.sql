-- id: I22
-- rev: 4
-- title: One county to one province
-- title.fr: D'un comté à une province
-- text: one of at least {n} firearms sold in county {county} and recovered in {region} within a year
-- text.fr: l'une d'au moins {n} armes vendues dans le comté {county} et récupérées en {region} dans l'année
-- status: stable
-- severity: low
-- source: thresholds by analysts
-- falsepositives: a populous county beside the border
-- valid: 1968-12-16..
-- param: short_days = 1095 days
-- param: window_days = 365 days
-- param: min_firearms = 4
-- param: deviations = 5
-- param: prior_traces = 100
-- bits: 1
-- example: hit cases/I22/four-from-one-county.case
-- example: hit cases/I22/five-within-a-year.case
-- example: miss cases/I22/three-from-one-county.case
-- example: miss cases/I22/two-provinces.case
-- example: miss cases/I22/fourth-two-years-later.case

-- Four or more firearms sold in one county and recovered in one province within twelve months, each
-- within three years of its sale; and clearly more (by deviations of a Poisson count) than the share
-- of all traces that other counties send there would make of the traces of this one. The other
-- counties count with prior_traces more, since a few of them say nothing. Subject: the county with
-- the province. Bits: a corridor is where traffickers go and where many people live, so that it adds
-- little to what is said of the firearms themselves.
WITH moved AS MATERIALIZED (
    SELECT ffl_county, recovered_region, firearm, min(record) AS record,
           date_days(min(recovered_date)) AS day
    FROM purchases
    WHERE recovered_country = 'CAN' AND ttc_days BETWEEN 0 AND :short_days
      AND ffl_county IS NOT NULL AND recovered_region IS NOT NULL
    GROUP BY ffl_county, recovered_region, firearm
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY ffl_county, recovered_region ORDER BY day
        RANGE BETWEEN :window_days PRECEDING AND CURRENT ROW) AS n
    FROM moved
), corridor AS MATERIALIZED (
    SELECT *, max(n) OVER (PARTITION BY ffl_county, recovered_region ORDER BY day
        RANGE BETWEEN CURRENT ROW AND :window_days FOLLOWING) AS most
    FROM counted
), pairs AS (
    SELECT ffl_county, recovered_region, count(*) AS n, max(most) AS most
    FROM corridor GROUP BY ffl_county, recovered_region
), arrived AS (
    SELECT recovered_region, count(*) AS n,
           :window_days / max(:window_days, max(day) - min(day) + 1) AS share
    FROM moved GROUP BY recovered_region
), traced AS MATERIALIZED (
    SELECT ffl_county, count(*) AS n FROM purchases WHERE ffl_county IS NOT NULL GROUP BY ffl_county
), expected AS MATERIALIZED (
    SELECT p.ffl_county AS ffl_county, p.recovered_region AS recovered_region, p.most AS most,
           t.n * (a.n - p.n) * a.share
               / ((SELECT sum(n) FROM traced) - t.n + :prior_traces) AS n
    FROM pairs p JOIN arrived a ON a.recovered_region = p.recovered_region
    JOIN traced t ON t.ffl_county = p.ffl_county
    WHERE p.most >= :min_firearms
), unusual AS MATERIALIZED (
    SELECT ffl_county, recovered_region FROM expected
    WHERE most > n AND (most - n) * (most - n) >= :deviations * :deviations * n
)
SELECT c.ffl_county || ' to ' || c.recovered_region AS subject, c.record AS record, 1.0 AS bits,
       'one of at least ' ||
           CASE WHEN c.most < 10 THEN c.most WHEN c.most < 25 THEN 10 WHEN c.most < 50 THEN 25
                WHEN c.most < 100 THEN 50 WHEN c.most < 250 THEN 100 WHEN c.most < 500 THEN 250
                WHEN c.most < 1000 THEN 500 ELSE 1000 END ||
           ' firearms sold in county ' || c.ffl_county || ' and recovered in ' ||
           c.recovered_region || ' within a year' AS explanation
FROM unusual u JOIN corridor c
    ON c.ffl_county = u.ffl_county AND c.recovered_region = u.recovered_region
WHERE c.most >= :min_firearms
