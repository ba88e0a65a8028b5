-- id: I13
-- rev: 4
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
WITH buyer AS MATERIALIZED (
    SELECT person, record, address_key AS address, phone, doc_no AS document
    FROM people
    WHERE role = 'purchaser' AND person IS NOT NULL AND organisation IS NULL
), shared AS MATERIALIZED (
    SELECT 'address' AS kind, address AS value FROM buyer WHERE address IS NOT NULL GROUP BY address
    HAVING count(*) <= :hub_records AND count(DISTINCT person) BETWEEN 2 AND :hub_people
    UNION ALL
    SELECT 'phone', phone FROM buyer WHERE phone IS NOT NULL GROUP BY phone
    HAVING count(*) <= :hub_records AND count(DISTINCT person) BETWEEN 2 AND :hub_people
    UNION ALL
    SELECT 'document', document FROM buyer WHERE document IS NOT NULL GROUP BY document
    HAVING count(*) <= :hub_records AND count(DISTINCT person) BETWEEN 2 AND :hub_people
), keyed AS (
    SELECT 'address' AS kind, address AS value, person, record FROM buyer
    WHERE address IN (SELECT value FROM shared WHERE kind = 'address')
    UNION ALL
    SELECT 'phone', phone, person, record FROM buyer
    WHERE phone IN (SELECT value FROM shared WHERE kind = 'phone')
    UNION ALL
    SELECT 'document', document, person, record FROM buyer
    WHERE document IN (SELECT value FROM shared WHERE kind = 'document')
), bought AS (
    SELECT k.kind AS kind, k.value AS value, k.person AS person, k.record AS record,
           p.firearm AS firearm, date_days(p.purchase_date) AS day
    FROM keyed k CROSS JOIN purchases p ON p.record = k.record
    WHERE p.person = k.person AND p.purchase_date IS NOT NULL AND p.kind <> 'multiple-sale'
), near AS (
    SELECT *, min(person) OVER time AS least, max(person) OVER time AS most,
           min(firearm) OVER time AS gun, max(firearm) OVER time AS other_gun
    FROM bought
    WINDOW time AS (PARTITION BY kind, value ORDER BY day
                    RANGE BETWEEN :window_days PRECEDING AND :window_days FOLLOWING)
)
SELECT kind || ' ' || value AS subject, record AS record,
       CASE kind WHEN 'address' THEN :address_bits WHEN 'phone' THEN :phone_bits
                 ELSE :document_bits END AS bits,
       'its buyer shares the ' || kind || ' with the buyer of another traced firearm'
           AS explanation
FROM near
WHERE least <> most AND gun <> other_gun
