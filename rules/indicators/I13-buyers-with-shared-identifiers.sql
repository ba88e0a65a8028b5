-- id: I13
-- rev: 6
-- title: Different buyers who share an address, phone or document
-- title.fr: Acheteurs différents qui partagent une adresse, un téléphone ou un document
-- text: its buyer shares the {what} with the buyer of another traced firearm
-- text.fr: son acheteur partage {what} avec l'acheteur d'une autre arme retracée
-- word.fr: address = l'adresse
-- word.fr: phone = le téléphone
-- word.fr: document = le document
-- status: stable
-- severity: medium
-- source: analyst practice
-- falsepositives: a household of sportsmen; a house with several flats; one person resolved as two
-- valid: 1968-12-16..
-- param: window_days = 365 days
-- param: hub_records = 60
-- param: hub_people = 6
-- param: address_bits = 1 bits
-- param: phone_bits = 1.5 bits
-- param: document_bits = 2 bits
-- bits: 2
-- example: hit cases/I13/two-buyers-one-address.case
-- example: hit cases/I13/two-buyers-one-phone.case
-- example: hit cases/I13/two-buyers-of-many-one-phone.case
-- example: miss cases/I13/one-buyer-twice.case
-- example: miss cases/I13/phone-of-seven-people.case
-- example: miss cases/I13/five-years-apart.case
-- example: miss cases/I13/different-addresses.case

-- Two or more people who bought different traced firearms within a year and share an address, a
-- telephone or a document number. Subject: what they share. More than hub_people of one value are a
-- house or a form's default, however many each of them bought; so are more than hub_records. Bits: households share doors, and few households buy two guns that
-- are both traced; a document of two people is somebody's false paper.
WITH buyer AS NOT MATERIALIZED (
    SELECT person, record, address_key AS address, phone, doc_no AS document
    FROM people
    WHERE role = 'purchaser' AND +person IS NOT NULL AND organisation IS NULL
), perhaps AS MATERIALIZED ( -- few values have two people, and these are counted
    SELECT 'address' AS kind, address AS value FROM buyer WHERE address IS NOT NULL GROUP BY address
    HAVING min(person) <> max(person) AND count(*) <= :hub_records
    UNION ALL
    SELECT 'phone', phone FROM buyer WHERE phone IS NOT NULL GROUP BY phone
    HAVING min(person) <> max(person) AND count(*) <= :hub_records
    UNION ALL
    SELECT 'document', document FROM buyer WHERE document IS NOT NULL GROUP BY document
    HAVING min(person) <> max(person) AND count(*) <= :hub_records
), numbered AS MATERIALIZED (
    SELECT kind, value, row_number() OVER () AS n FROM perhaps
), keyed AS NOT MATERIALIZED (
    SELECT s.n AS n, b.person AS person, b.record AS record
    FROM numbered s CROSS JOIN buyer b ON b.address = s.value WHERE s.kind = 'address'
    UNION ALL
    SELECT s.n, b.person, b.record
    FROM numbered s CROSS JOIN buyer b ON b.phone = s.value WHERE s.kind = 'phone'
    UNION ALL
    SELECT s.n, b.person, b.record
    FROM numbered s CROSS JOIN buyer b ON b.document = s.value WHERE s.kind = 'document'
), bought AS MATERIALIZED (
    SELECT k.n AS n, k.person AS person, k.record AS record, p.firearm AS firearm,
           date_days(p.purchase_date) AS day
    FROM keyed k CROSS JOIN purchases p ON p.record = k.record
    WHERE p.person = k.person AND p.purchase_date IS NOT NULL AND p.kind <> 'multiple-sale'
), next AS ( -- where any two people bought within a year, two that follow each other did
    SELECT n, day - lag(day) OVER line AS days, person <> lag(person) OVER line AS other
    FROM bought
    WINDOW line AS (PARTITION BY n ORDER BY day)
), close AS MATERIALIZED (
    SELECT DISTINCT n FROM next WHERE other AND days <= :window_days
), chosen AS MATERIALIZED (
    SELECT kind, value, n FROM numbered WHERE n IN close
), holder AS ( -- whoever has it, whatever he bought
    SELECT s.n AS n, b.person AS person
    FROM chosen s CROSS JOIN buyer b ON b.address = s.value WHERE s.kind = 'address'
    UNION ALL
    SELECT s.n, b.person FROM chosen s CROSS JOIN buyer b ON b.phone = s.value
    WHERE s.kind = 'phone'
    UNION ALL
    SELECT s.n, b.person FROM chosen s CROSS JOIN buyer b ON b.document = s.value
    WHERE s.kind = 'document'
), shared AS MATERIALIZED (
    SELECT n FROM holder GROUP BY n HAVING count(DISTINCT person) <= :hub_people
), near AS (
    SELECT *, min(person) OVER time AS least, max(person) OVER time AS most,
           min(firearm) OVER time AS gun, max(firearm) OVER time AS other_gun
    FROM bought WHERE n IN shared
    WINDOW time AS (PARTITION BY n ORDER BY day
                    RANGE BETWEEN :window_days PRECEDING AND :window_days FOLLOWING)
)
SELECT kind || ' ' || value AS subject, record AS record,
       CASE kind WHEN 'address' THEN :address_bits WHEN 'phone' THEN :phone_bits
                 ELSE :document_bits END AS bits,
       'its buyer shares the ' || kind || ' with the buyer of another traced firearm'
           AS explanation
FROM near CROSS JOIN numbered v ON v.n = near.n
WHERE least <> most AND gun <> other_gun
