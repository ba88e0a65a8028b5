-- id: I15
-- rev: 3
-- title: Reported stolen after it was recovered
-- title.fr: Déclarée volée après avoir été récupérée
-- text: recovered on {day}, reported stolen or lost as of {lost}
-- text.fr: récupérée le {day}, déclarée volée ou perdue en date du {lost}
-- status: stable
-- severity: high
-- source: ATF and police practice; lost and stolen firearms report 2012
-- falsepositives: an owner who noticed late; a date of entry taken for the date of the theft
-- valid: 1968-12-16..
-- bits: 2.5
-- example: hit cases/I15/stolen-a-month-after.case
-- example: hit cases/I15/lost-after-the-seizure.case
-- example: hit cases/I15/stolen-from-the-dealer-after.case
-- example: miss cases/I15/stolen-before-recovery.case
-- example: miss cases/I15/never-reported.case

-- A firearm is on a list of stolen or lost ones, with a day on which it had been recovered already.
-- Subject: the firearm. Bits: a buyer who learns that his gun was traced reports it stolen; an owner
-- who did not miss it for months exists too. So does a dealer whose gun, by its trace, was stolen
-- from the shop: sold off the books and missed when it was asked for. Before the recovery: C5, I5c.
WITH lost AS MATERIALIZED (
    SELECT firearm, record, event_date AS date
    FROM firearms
    WHERE event_type IN ('STOLEN', 'LOST') AND event_date IS NOT NULL
), left_market AS (
    SELECT p.firearm AS firearm, p.record AS record, p.recovered_date AS recovered_date
    FROM lost l JOIN purchases p ON p.firearm = l.firearm
    UNION
    SELECT s.firearm, s.record, (SELECT min(e.event_date) FROM firearms e
                                 WHERE e.firearm = s.firearm
                                   AND e.event_type IN ('SEIZED', 'RECOVERED'))
    FROM lost l JOIN firearms s ON s.firearm = l.firearm
    WHERE s.disposition = 'STL'
)
SELECT p.firearm AS subject, p.record AS record, 2.5 AS bits,
       'recovered on ' || p.recovered_date || ', reported stolen or lost as of ' || max(l.date)
           AS explanation
FROM lost l JOIN left_market p ON p.firearm = l.firearm
WHERE p.recovered_date < l.date
GROUP BY p.firearm, p.record
