-- id: I20
-- rev: 4
-- title: Guns of different buyers with one person
-- title.fr: Armes de différents acheteurs chez une même personne
-- text: one person was found with or beside {firearms} firearms of {buyers} buyers
-- text.fr: une personne a été trouvée avec {firearms} armes de {buyers} acheteurs, ou à côté
-- status: stable
-- severity: high
-- source: analyst practice
-- falsepositives: a receiver of stolen goods; two people of one name and birth date
-- valid: 1968-12-16..
-- param: min_probability = 0.9
-- param: hub_records = 40
-- param: bits_of_two = 1.5 bits
-- param: bits_of_three = 2.5 bits
-- bits: 2.5
-- example: hit cases/I20/associate-in-two-cases.case
-- example: hit cases/I20/possessor-here-associate-there.case
-- example: miss cases/I20/one-buyer.case
-- example: miss cases/I20/one-case.case
-- example: miss cases/I20/possessor-twice.case
-- example: miss cases/I20/two-possessors.case
-- example: miss cases/I20/one-day.case

-- Somebody was found beside, and beside or with, firearms of two or more different buyers in two or
-- more different cases; without two case numbers, on two days. Subject: that person. Bits: who is
-- met again and again where other people's new guns are found stands between the buyers; a burglar's
-- customer does so too.
WITH beside AS MATERIALIZED (
    SELECT DISTINCT person FROM people
    WHERE role = 'associate' AND person IS NOT NULL AND probability >= :min_probability
), met AS MATERIALIZED (
    SELECT p.person AS person, p.record AS record
    FROM beside b JOIN people p ON p.person = b.person
    WHERE p.role IN ('possessor', 'associate', 'traveller') AND p.probability >= :min_probability
), often AS MATERIALIZED (
    SELECT person FROM met GROUP BY person
    HAVING min(record) <> max(record) AND count(*) <= :hub_records
), handled AS MATERIALIZED (
    SELECT m.person AS person, f.firearm AS firearm, f.record AS record,
           ifnull(f.case_no, f.record) AS case_no, f.case_no AS number,
           coalesce(f.event_date, f.case_no, f.record) AS day, p.person AS buyer
    FROM met m CROSS JOIN often o ON o.person = m.person
    CROSS JOIN firearms f ON f.record = m.record
    CROSS JOIN purchases p ON p.firearm = f.firearm
    WHERE p.person IS NOT NULL AND p.person <> m.person
), network AS MATERIALIZED (
    SELECT person, count(DISTINCT buyer) AS buyers, count(DISTINCT firearm) AS firearms
    FROM handled GROUP BY person
    HAVING count(DISTINCT buyer) >= 2 AND count(DISTINCT case_no) >= 2
       AND count(DISTINCT firearm) >= 2
       AND (count(DISTINCT number) >= 2 OR min(day) <> max(day))
)
SELECT DISTINCT n.person AS subject, h.record AS record,
       iif(n.buyers >= 3, :bits_of_three, :bits_of_two) AS bits,
       'one person was found with or beside ' || n.firearms || ' firearms of ' || n.buyers ||
           ' buyers' AS explanation
FROM network n JOIN handled h ON h.person = n.person
