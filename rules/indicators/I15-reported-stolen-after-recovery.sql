-- id: I15
-- rev: 2
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
-- example: miss cases/I15/stolen-before-recovery.case
-- example: miss cases/I15/never-reported.case

-- A firearm is on a list of stolen or lost ones, with a day on which it had been recovered already.
-- Subject: the firearm. Bits: a buyer who learns that his gun was traced reports it stolen; an owner
-- who did not miss it for months exists too. A report before the recovery is C5.
WITH lost AS MATERIALIZED (
    SELECT firearm, record, event_date AS date
    FROM firearms
    WHERE event_type IN ('STOLEN', 'LOST') AND event_date IS NOT NULL
)
SELECT p.firearm AS subject, p.record AS record, 2.5 AS bits,
       'recovered on ' || p.recovered_date || ', reported stolen or lost as of ' || max(l.date)
           AS explanation
FROM lost l JOIN purchases p ON p.firearm = l.firearm
WHERE p.recovered_date < l.date
GROUP BY p.firearm, p.record
