-- id: I19
-- rev: 5
-- title: Parts shipments to one consignee or address
-- title.fr: Envois de pièces à un même destinataire ou à une même adresse
-- text: ghost gun of one {kind} with {n} seized parts shipments and a ghost gun
-- text.fr: arme fantôme pour {kind}, avec {n} envois de pièces saisis et une arme fantôme
-- text: parts of one {kind} with {n} seized parts shipments and a ghost gun
-- text.fr: pièces pour {kind}, avec {n} envois de pièces saisis et une arme fantôme
-- text: ghost gun of one {kind} with {n} seized parts shipments
-- text.fr: arme fantôme pour {kind}, avec {n} envois de pièces saisis
-- text: parts of one {kind} with {n} seized parts shipments
-- text.fr: pièces pour {kind}, avec {n} envois de pièces saisis
-- word.fr: consignee = un même destinataire
-- word.fr: address = une même adresse
-- status: stable
-- severity: medium
-- source: CBSA seizures by mode 2018-2022; Project Reproduction (2023)
-- falsepositives: a gunsmith; a freight forwarder
-- param: min_parcels = 2
-- param: hub_parcels = 40
-- param: min_probability = 0.5
-- param: repeat_bits = 2 bits
-- param: built_bits = 4 bits
-- bits: 4
-- example: hit cases/I19/two-slide-parcels.case
-- example: hit cases/I19/parcel-and-recovered-ghost-gun.case
-- example: miss cases/I19/one-parcel.case
-- example: miss cases/I19/magazines.case
-- example: miss cases/I19/two-parcels-of-one-day.case

-- Postal or courier seizures of slides, barrels, frames, silencers or parts for one consignee or one
-- address: repeatedly, or beside a ghost gun recovered from the same person or place. What came up on
-- one day is one event. Subject: the consignee, or the address. Bits: 96 % of these seizures are
-- postal and most are single orders; a second parcel is less common, and parts together with a
-- finished gun show what they are for.
WITH parcels AS MATERIALIZED (
    SELECT record, coalesce(date, seizure_no, record) AS parcel, consignee,
           consignee_address AS address
    FROM seizures
    WHERE mode IN ('POSTAL', 'COURIER')
      AND commodity IN ('FRAME_RECEIVER', 'BARREL', 'SLIDE', 'SILENCER', 'PARTS')
), ghost AS (
    SELECT DISTINCT m.record AS record, coalesce(f.event_date, f.case_no, m.record) AS event
    FROM markers m JOIN firearms f ON f.record = m.record
    WHERE m.category IN ('PMF', 'PMF_KIT', 'PRINTED') AND m.probability >= :min_probability
      AND (f.event_type = 'RECOVERED'
           OR EXISTS (SELECT 1 FROM seizures s
                      WHERE s.record = m.record AND s.commodity = 'FIREARM'))
), built AS MATERIALIZED (
    SELECT g.record AS record, g.event AS event, p.person AS person, p.address_key AS address
    FROM ghost g JOIN people p ON p.record = g.record
    WHERE p.role IN ('possessor', 'traveller', 'consignee')
), all_keyed AS MATERIALIZED (
    SELECT 'consignee' AS kind, consignee AS subject, record, parcel, parcel AS event, 0 AS gun
    FROM parcels WHERE consignee IS NOT NULL
    UNION ALL
    SELECT 'address', address, record, parcel, parcel, 0 FROM parcels WHERE address IS NOT NULL
    UNION ALL
    SELECT 'consignee', person, record, NULL, event, 1 FROM built WHERE person IS NOT NULL
    UNION ALL
    SELECT 'address', address, record, NULL, event, 1 FROM built WHERE address IS NOT NULL
), perhaps AS MATERIALIZED ( -- most stand alone
    SELECT kind, subject FROM all_keyed GROUP BY subject, kind
    HAVING min(event) <> max(event) OR :min_parcels < 2
), keyed AS MATERIALIZED (
    SELECT k.* FROM all_keyed k CROSS JOIN perhaps p ON p.subject = k.subject AND p.kind = k.kind
), groups AS MATERIALIZED (
    SELECT kind, subject, count(DISTINCT parcel) AS parcels, max(gun) AS gun
    FROM keyed GROUP BY subject, kind
    HAVING parcels BETWEEN 1 AND :hub_parcels AND count(DISTINCT event) >= :min_parcels
)
SELECT DISTINCT g.subject AS subject, k.record AS record,
       CASE WHEN g.gun THEN :built_bits ELSE :repeat_bits END AS bits,
       CASE WHEN k.gun THEN 'ghost gun' ELSE 'parts' END || ' of one ' || g.kind || ' with ' ||
           g.parcels || ' seized parts shipments' ||
           CASE WHEN g.gun THEN ' and a ghost gun' ELSE '' END AS explanation
FROM groups g JOIN keyed k ON k.subject = g.subject AND k.kind = g.kind
