-- id: I3
-- rev: 6
-- title: Repeat purchaser of traced crime guns
-- title.fr: Acheteur récurrent d'armes de crime retracées
-- text: one of {n} traced firearms of one buyer, recovered from others
-- text.fr: l'une de {n} armes retracées d'un même acheteur, récupérées chez d'autres
-- status: stable
-- severity: high
-- source: ATF practice; thresholds by analysts
-- falsepositives: a collection that was stolen; two buyers of one name and birth date
-- valid: 1968-12-16..
-- param: strong_firearms = 3
-- param: strong_days = 1826 days
-- param: very_strong_firearms = 5
-- param: repeat_bits = 2 bits
-- param: apart_bits = 1 bits
-- param: strong_bits = 3.5 bits
-- param: very_strong_bits = 4.5 bits
-- bits: 4.5
-- example: hit cases/I3/two-crime-guns.case
-- example: hit cases/I3/three-in-two-years.case
-- example: hit cases/I3/years-apart.case
-- example: miss cases/I3/one-gun-traced-twice.case
-- example: miss cases/I3/purchaser-still-has-one.case
-- example: miss cases/I3/other-birth-date.case
-- example: miss cases/I3/company.case

-- Two or more different firearms, bought by one person and recovered from somebody else. Subject: the
-- buyer. A gun that was found with its buyer (possessor, or traveller at the border) does not count.
-- Bits: trafficking cases hold 11 firearms and more on average, half of them 5 or fewer; that two
-- guns of one lawful buyer turn up as crime guns is mostly theft of a collection, the more so
-- where no two of them were bought within strong_days. A company or an agency buys for others: none
-- of this is said of it.
WITH traced AS MATERIALIZED (
    SELECT p.person AS person, p.firearm AS firearm, p.record AS record,
           p.purchase_date AS purchase_date
    FROM buyers b CROSS JOIN purchases p ON p.person = b.person
    WHERE b.firearms >= 2 AND p.recovered_record IS NOT NULL
      AND (p.possessor IS NULL OR p.possessor <> p.person)
      AND NOT EXISTS (SELECT 1 FROM seizures s
                      WHERE s.firearm = p.firearm AND s.traveller = p.person)
), guns AS (
    SELECT person, firearm, date_days(min(purchase_date)) AS day
    FROM traced GROUP BY person, firearm
), series AS (
    SELECT person, count(*) OVER (PARTITION BY person ORDER BY day
        RANGE BETWEEN :strong_days PRECEDING AND CURRENT ROW) AS lately
    FROM guns
), repeaters AS MATERIALIZED (
    SELECT person, count(*) AS n, max(lately) AS lately
    FROM series GROUP BY person HAVING n >= 2
)
SELECT b.person AS subject, t.record AS record,
       CASE WHEN b.n >= :very_strong_firearms THEN :very_strong_bits
            WHEN b.lately >= :strong_firearms THEN :strong_bits
            WHEN b.lately >= 2 THEN :repeat_bits
            ELSE :apart_bits END AS bits,
       'one of ' || b.n || ' traced firearms of one buyer, recovered from others' AS explanation
FROM repeaters b JOIN traced t ON t.person = b.person
WHERE NOT EXISTS (SELECT 1 FROM people q WHERE q.record = t.record
                   AND q.role = 'purchaser' AND q.organisation IS NOT NULL)
