-- id: I5b
-- rev: 7
-- title: Dealer without records, or with thefts
-- title.fr: Commerçant sans registres, ou victime de vols
-- text: dealer {dealer}: {lost} of {all} traces end without a buyer
-- text.fr: commerçant {dealer} : {lost} retraçages sur {all} s'arrêtent sans acheteur
-- status: stable
-- severity: low
-- source: ATF P 3312.10 (theft and loss within 48 hours); thresholds by analysts
-- falsepositives: a dealer that closed; a burglary
-- valid: 1968-12-16..
-- param: min_traces = 2
-- param: min_share = 0.3
-- bits: 0.5
-- example: hit cases/I5b/no-record-twice.case
-- example: hit cases/I5b/theft-and-no-record.case
-- example: hit cases/I5b/no-record-twice-and-a-sale.case
-- example: miss cases/I5b/no-record-once.case
-- example: miss cases/I5b/few-of-many.case

-- Two or more traces that end at one dealer without a buyer: no record of the sale, records not to
-- be had, or stolen from the shop; and not few of all its traces. Subject: the dealer. Bits: about
-- one trace in seven ends so, at any dealer; where it is every third, records or guns go missing.
-- Who bought from a dealer whose records are missing may have bought off the books; a burglary says
-- nothing of his customers, so thefts count for the stolen firearms and those without a record alone.
WITH all_traced AS NOT MATERIALIZED (
    SELECT rds_key, firearm, record, disposition IN ('TD', 'TDX', 'STL') AS lost,
           disposition IN ('TD', 'TDX') AS unrecorded
    FROM firearms
    WHERE rds_key IS NOT NULL AND kind = 'atf-trace'
), losing AS MATERIALIZED ( -- by records: never fewer than firearms
    SELECT rds_key, count(*) AS lost FROM firearms
    WHERE rds_key IS NOT NULL AND kind = 'atf-trace' AND disposition IN ('TD', 'TDX', 'STL')
    GROUP BY rds_key HAVING count(*) >= :min_traces
), selling AS MATERIALIZED ( -- never more: each firearm has a record of its own
    SELECT rds_key, count(*) AS n FROM firearms
    WHERE rds_key IS NOT NULL AND kind = 'atf-trace' AND record = firearm
    GROUP BY rds_key
), perhaps AS MATERIALIZED (
    SELECT l.rds_key AS rds_key FROM losing l LEFT JOIN selling s ON s.rds_key = l.rds_key
    WHERE l.lost >= :min_share * ifnull(s.n, 0)
), traced AS MATERIALIZED (
    SELECT t.rds_key AS rds_key, t.firearm AS firearm, t.record AS record, t.lost AS lost,
           t.unrecorded AS unrecorded
    FROM perhaps d CROSS JOIN all_traced t ON t.rds_key = d.rds_key
), dealers_lost AS (
    SELECT rds_key, count(DISTINCT firearm) AS n, count(DISTINCT iif(lost, firearm, NULL)) AS lost,
           count(DISTINCT iif(unrecorded, firearm, NULL)) AS unrecorded
    FROM traced GROUP BY rds_key
    HAVING count(DISTINCT iif(lost, firearm, NULL)) >= :min_traces
       AND count(DISTINCT iif(lost, firearm, NULL)) >= :min_share * count(DISTINCT firearm)
)
SELECT d.rds_key AS subject, t.record AS record, 0.5 AS bits,
       'dealer ' || d.rds_key || ': ' || d.lost || ' of ' || d.n ||
           ' traces end without a buyer' AS explanation
FROM dealers_lost d JOIN traced t ON t.rds_key = d.rds_key
WHERE t.lost OR (d.unrecorded >= :min_traces AND d.unrecorded >= :min_share * d.n)
