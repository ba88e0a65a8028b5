-- id: I18
-- rev: 1
-- title: Ghost guns or kits again and again
-- status: stable
-- severity: high
-- source: ATF PMF tracing figures; Project Reproduction (2023)
-- falsepositives: a forwarding address; a hobbyist with one order in several parcels
-- param: min_probability = 0.5
-- param: min_seizures = 2
-- param: strong_seizures = 3
-- param: hub_seizures = 40
-- param: pattern_bits = 3 bits
-- param: strong_bits = 4.5 bits
-- bits: 4.5
-- example: hit cases/I18/two-kits-to-one-consignee.case
-- example: hit cases/I18/two-names-one-address.case
-- example: miss cases/I18/one-parcel.case
-- example: miss cases/I18/unrelated-consignees.case

-- Records with a ghost-gun marker from two or more different seizures or cases that share a person, or
-- an address under different names. Subject: the person or the address. An address of more
-- than hub_seizures says where parcels pass through. Bits: one kit may be a hobby; who receives them
-- again and again after a seizure is building for others.
WITH ghost AS MATERIALIZED (
    SELECT DISTINCT m.record AS record, ifnull(f.case_no, m.record) AS event
    FROM markers m JOIN firearms f ON f.record = m.record
    WHERE m.category IN ('PMF', 'PMF_KIT', 'PRINTED', 'CONVERSION')
      AND m.probability >= :min_probability
), held AS MATERIALIZED (
    SELECT g.record AS record, g.event AS event, p.person AS person, p.address_key AS address
    FROM ghost g JOIN people p ON p.record = g.record
    WHERE p.role IN ('traveller', 'shipper', 'consignee', 'possessor') AND p.person IS NOT NULL
), groups AS MATERIALIZED (
    SELECT 'person' AS kind, person AS subject, count(DISTINCT event) AS n
    FROM held GROUP BY person
    HAVING n BETWEEN :min_seizures AND :hub_seizures
    UNION ALL
    SELECT 'address', address, count(DISTINCT event) AS n
    FROM held WHERE address IS NOT NULL GROUP BY address
    HAVING n BETWEEN :min_seizures AND :hub_seizures AND count(DISTINCT person) >= 2
)
SELECT g.subject AS subject, h.record AS record,
       CASE WHEN g.n >= :strong_seizures THEN :strong_bits ELSE :pattern_bits END AS bits,
       'ghost gun or kit, one of ' || g.n || ' seizures or cases of one ' || g.kind AS explanation
FROM groups g JOIN held h ON h.person = g.subject
WHERE g.kind = 'person'
UNION
SELECT g.subject, h.record,
       CASE WHEN g.n >= :strong_seizures THEN :strong_bits ELSE :pattern_bits END,
       'ghost gun or kit, one of ' || g.n || ' seizures or cases of one ' || g.kind
FROM groups g JOIN held h ON h.address = g.subject
WHERE g.kind = 'address'
