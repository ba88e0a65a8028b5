-- id: I4
-- rev: 4
-- title: The same make and model again and again
-- title.fr: Mêmes marque et modèle à répétition
-- text: one of {n} {what} that one person bought within {days} days
-- text.fr: l'une de {n} {what} qu'une personne a achetées en {days} jours
-- status: stable
-- severity: medium
-- source: agents' observation of repeated make and model; thresholds by analysts
-- falsepositives: a security company that buys for its guards; a stolen collection of one model
-- valid: 1968-12-16..
-- param: min_firearms = 3
-- param: window_days = 180 days
-- bits: 3
-- example: hit cases/I4/three-of-one-model.case
-- example: hit cases/I4/three-within-180-days.case
-- example: miss cases/I4/two-of-one-model.case
-- example: miss cases/I4/three-models.case
-- example: miss cases/I4/third-a-year-later.case
-- example: miss cases/I4/company.case

-- Three or more firearms of one make and model that one person bought within 180 days. Subject: the
-- buyer. Bits: what sells on the street is ordered by model, while a collector seeks variety; much
-- of it is said by I3 already, and the family caps the two together.
WITH guns AS (
    SELECT p.person AS person, p.make AS make, p.model AS model, p.firearm AS firearm,
           min(p.record) AS record, date_days(min(p.purchase_date)) AS day
    FROM buyers b CROSS JOIN purchases p ON p.person = b.person
    WHERE b.firearms >= :min_firearms AND p.make IS NOT NULL AND p.model IS NOT NULL
      AND p.purchase_date IS NOT NULL
    GROUP BY p.person, p.make, p.model, p.firearm
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY person, make, model ORDER BY day
        RANGE BETWEEN :window_days PRECEDING AND CURRENT ROW) AS n
    FROM guns
), series AS (
    SELECT *, max(n) OVER (PARTITION BY person, make, model ORDER BY day
        RANGE BETWEEN CURRENT ROW AND :window_days FOLLOWING) AS most
    FROM counted
)
SELECT person AS subject, record AS record, 3.0 AS bits,
       'one of ' || most || ' ' || make || ' ' || model || ' that one person bought within ' ||
           :window_days || ' days' AS explanation
FROM series
WHERE most >= :min_firearms
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.record = series.record
                  AND q.role = 'purchaser' AND q.organisation IS NOT NULL)
