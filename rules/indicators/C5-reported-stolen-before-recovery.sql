-- id: C5
-- rev: 2
-- title: Reported stolen before it was recovered
-- title.fr: Déclarée volée avant d'être récupérée
-- text: reported stolen or lost as of {lost}, recovered on {day}
-- text.fr: déclarée volée ou perdue en date du {lost}, récupérée le {day}
-- status: stable
-- severity: low
-- source: ATF and police practice
-- falsepositives: a straw buyer who reports a theft in advance
-- param: prompt_days = 30 days
-- param: prompt_bits = -2 bits
-- param: late_bits = -1 bits
-- bits: -2
-- example: hit cases/C5/stolen-long-before.case
-- example: hit cases/C5/stolen-a-week-before.case
-- example: miss cases/C5/stolen-after.case
-- example: miss cases/C5/stolen-before-the-purchase.case

-- Counter-indicator. The firearm was reported stolen or lost after its purchase and more than
-- prompt_days before its recovery. Subject: the firearm. Bits: how it left the buyer's hands is
-- explained, by a thief; some thieves sell across the border. A report in the last days before the
-- recovery explains less.
WITH lost AS MATERIALIZED (
    SELECT firearm, event_date AS date
    FROM firearms
    WHERE event_type IN ('STOLEN', 'LOST') AND event_date IS NOT NULL
)
SELECT p.firearm AS subject, p.record AS record,
       iif(date_days(p.recovered_date) - date_days(min(l.date)) > :prompt_days,
           :prompt_bits, :late_bits) AS bits,
       'reported stolen or lost as of ' || min(l.date) || ', recovered on ' || p.recovered_date
           AS explanation
FROM lost l JOIN purchases p ON p.firearm = l.firearm
WHERE l.date >= ifnull(p.purchase_date, '') AND l.date < p.recovered_date
GROUP BY p.firearm, p.record
