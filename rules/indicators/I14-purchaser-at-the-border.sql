-- id: I14
-- rev: 5
-- title: Buyer, possessor or associate tied to border activity
-- title.fr: Acheteur, détenteur ou associé lié à des faits à la frontière
-- text: {role} here, {other} in seizure {seizure}
-- text.fr: {role} ici, {other} dans la saisie {seizure}
-- text: {role} here, {other} of another firearm in {trace}
-- text.fr: {role} ici, {other} pour une autre arme dans {trace}
-- word.fr: purchaser = acheteur
-- word.fr: possessor = détenteur
-- word.fr: associate = associé
-- word.fr: traveller = voyageur
-- word.fr: shipper = expéditeur
-- word.fr: consignee = destinataire
-- status: stable
-- severity: high
-- source: seizures and traces side by side
-- falsepositives: two people of one name and birth date; an owner whose other gun was stolen
-- valid: 1968-12-16..
-- param: min_probability = 0.9
-- param: purchaser_bits = 3.5 bits
-- param: possessor_bits = 2.5 bits
-- param: associate_bits = 2 bits
-- param: event_days = 3 days
-- bits: 3.5
-- example: hit cases/I14/buyer-carries-another-gun.case
-- example: hit cases/I14/possessor-is-a-traveller.case
-- example: miss cases/I14/own-gun-at-the-border.case
-- example: miss cases/I14/namesake.case
-- example: miss cases/I14/two-own-guns-at-the-border.case
-- example: miss cases/I14/same-event-traced.case

-- Someone who bought, had or was with one firearm is traveller, shipper or consignee in the seizure
-- of another one. Subject: the person. A traveller with a gun that he bought himself is no hit, nor is
-- a trace that names the seizure as its case, or tells of a find within event_days of it: that is what
-- the seizure held, written down a second time. Bits: few people with a traced gun are also stopped with
-- a different one, but owners of several guns are among them, and wrong identities; a buyer is there
-- for a reason more often than a possessor or an associate.
WITH border AS MATERIALIZED (
    SELECT p.person AS person, p.role AS role, p.record AS record, s.firearm AS firearm,
           s.seizure_no AS seizure_no, date_days(s.date) AS day
    FROM people p JOIN seizures s ON s.record = p.record
    WHERE p.role IN ('traveller', 'shipper', 'consignee') AND p.person IS NOT NULL
      AND p.organisation IS NULL AND p.probability >= :min_probability
), handled AS MATERIALIZED (
    SELECT p.person AS person, p.role AS role, p.record AS record, f.firearm AS firearm,
           f.case_no AS case_no, date_days(f.event_date) AS day
    FROM people p JOIN firearms f ON f.record = p.record
    WHERE p.role IN ('purchaser', 'possessor', 'associate')
      AND p.person IN (SELECT person FROM border)
      AND p.organisation IS NULL AND p.probability >= :min_probability
      AND iif((p.person, f.firearm) IN (SELECT person, firearm FROM border), 0, 1)
), pairs AS MATERIALIZED (
    SELECT b.person AS person, b.record AS seizure, b.role AS seizure_role, b.seizure_no AS seizure_no,
           h.record AS trace, h.role AS trace_role,
           CASE h.role WHEN 'purchaser' THEN :purchaser_bits
                       WHEN 'possessor' THEN :possessor_bits
                       ELSE :associate_bits END AS bits
    FROM border b JOIN handled h ON h.person = b.person
    WHERE h.firearm <> b.firearm AND h.case_no IS NOT b.seizure_no
      AND ifnull(abs(h.day - b.day) > :event_days, 1)
), of_trace AS ( -- of several that weigh the same the first by name, whatever order rows come in
    SELECT *, row_number() OVER (PARTITION BY person, trace
                                 ORDER BY bits DESC, seizure, seizure_role, trace_role) AS n
    FROM pairs
), of_seizure AS (
    SELECT *, row_number() OVER (PARTITION BY person, seizure
                                 ORDER BY bits DESC, trace, trace_role, seizure_role) AS n
    FROM pairs
)
SELECT person AS subject, trace AS record, bits AS bits,
       trace_role || ' here, ' || seizure_role || ' in seizure ' || seizure_no AS explanation
FROM of_trace WHERE n = 1
UNION ALL
SELECT person, seizure, bits,
       seizure_role || ' here, ' || trace_role || ' of another firearm in ' || trace
FROM of_seizure WHERE n = 1
