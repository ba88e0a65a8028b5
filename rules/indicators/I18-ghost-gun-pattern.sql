-- id: I18
-- rev: 8
-- title: Ghost guns or kits again and again
-- title.fr: Armes fantômes ou ensembles à répétition
-- text: ghost gun or kit, one of {n} seizures or cases of one {kind}
-- text.fr: arme fantôme ou ensemble, l'une de {n} saisies ou affaires pour {kind}
-- word.fr: person = une même personne
-- word.fr: address = une même adresse
-- word.fr: vehicle = un même véhicule
-- word.fr: licensee prefix = un même préfixe de titulaire
-- word.fr: run of tracking numbers = une même suite de numéros de suivi
-- word.fr: kit and month = un même ensemble et un même mois
-- word.fr: design and month = un même modèle et un même mois
-- status: stable
-- severity: high
-- source: ATF PMF tracing figures; 27 CFR 478.92; Project Reproduction (2023)
-- falsepositives: a forwarding address; a hobbyist with one order in several parcels; a kit in fashion
-- param: min_probability = 0.5
-- param: min_person = 0.9
-- param: min_seizures = 2
-- param: strong_seizures = 3
-- param: hub_seizures = 40
-- param: tracking_gap = 20
-- param: pattern_bits = 3 bits
-- param: strong_bits = 4.5 bits
-- param: many_seizures = 5
-- param: many_bits = 6.5 bits
-- param: shape_bits = 1 bits
-- param: shape_hub = 6
-- bits: 6.5
-- example: hit cases/I18/two-kits-to-one-consignee.case
-- example: hit cases/I18/two-names-one-address.case
-- example: hit cases/I18/one-licensee-prefix.case
-- example: hit cases/I18/five-of-one-licensee-prefix.case
-- example: hit cases/I18/one-vehicle.case
-- example: hit cases/I18/tracking-numbers-in-a-row.case
-- example: hit cases/I18/one-kit-one-port-one-month.case
-- example: hit cases/I18/parts-in-a-row-with-a-kit.case
-- example: miss cases/I18/one-parcel.case
-- example: miss cases/I18/parts-in-a-row.case
-- example: miss cases/I18/one-shop-sends-to-strangers.case
-- example: miss cases/I18/unrelated-consignees.case
-- example: miss cases/I18/other-month.case
-- example: miss cases/I18/two-parcels-of-one-day.case

-- Records with a ghost-gun marker from two or more different seizures or cases that share a person, an
-- address under different names, a vehicle, the licensee's prefix of the marking (first three and last
-- five digits of a licence), tracking numbers in a row (parcels of parts among them count too), or, for less, one kit, printed design or device
-- at one place in one month. What one person, door, vehicle or port had on one day is one event,
-- however many papers tell of it. Subject: what is shared. What more than hub_seizures share says where
-- things pass through. Bits: one kit may be a hobby; who receives them again and again after a
-- seizure is building for others; a kit that many order in one month is in fashion.
WITH ghost AS MATERIALIZED (
    SELECT DISTINCT m.record AS record, ifnull(f.case_no, m.record) AS event, f.serial AS serial,
           coalesce(f.event_date, f.case_no, m.record) AS day, m.category AS category,
           CASE WHEN m.category = 'PMF' THEN NULL -- what it is, where and when; most are of no shape
                WHEN m.category = 'PMF_KIT' THEN f.make || ' ' || f.model
                WHEN length(m.excerpt) <= 24 THEN upper(m.excerpt) END || ' ' ||
               ifnull(f.office_code, f.city) || ' ' || substr(f.event_date, 1, 7) AS shape
    FROM markers m JOIN firearms f ON f.record = m.record
    WHERE m.category IN ('PMF', 'PMF_KIT', 'PRINTED', 'CONVERSION')
      AND m.probability >= :min_probability
), held AS MATERIALIZED (
    SELECT DISTINCT g.record AS record, g.day AS event, p.person AS person,
           p.address_key AS address
    FROM ghost g JOIN people p ON p.record = g.record
    WHERE p.role IN ('traveller', 'shipper', 'consignee', 'possessor') AND p.person IS NOT NULL
      AND p.probability >= :min_person
      AND (p.role <> 'shipper' OR p.organisation IS NULL) -- a shop sends to strangers
), seized AS MATERIALIZED (
    SELECT DISTINCT g.day AS day, g.record AS record,
           s.vehicle_plate || ' ' || ifnull(s.vehicle_region, '') AS vehicle
    FROM ghost g CROSS JOIN seizures s ON s.record = g.record
    WHERE s.vehicle_plate IS NOT NULL
), parcels AS (
    SELECT s.record AS record, ifnull(s.seizure_no, s.record) AS event,
           g.record IS NOT NULL AS ghost,
           serial_series(s.tracking_no) AS series, serial_number(s.tracking_no) AS number
    FROM seizures s LEFT JOIN (SELECT DISTINCT record FROM ghost) g ON g.record = s.record
    WHERE s.tracking_no IS NOT NULL
      AND (g.record IS NOT NULL
           OR s.commodity IN ('FRAME_RECEIVER', 'BARREL', 'SLIDE', 'PARTS', 'PROHIBITED_DEVICE'))
), rows_of_parcels AS (
    SELECT *, iif(number - lag(number) OVER line <= :tracking_gap, 0, 1) AS begins
    FROM parcels WHERE series IS NOT NULL AND number IS NOT NULL
    WINDOW line AS (PARTITION BY series ORDER BY number, record)
), runs AS (
    SELECT record, event, series, number, ghost,
           sum(begins) OVER (PARTITION BY series ORDER BY number, record) AS run
    FROM rows_of_parcels
), ghost_runs AS (
    SELECT series, run FROM runs GROUP BY series, run HAVING max(ghost)
), all_keyed AS MATERIALIZED (
    SELECT 'person' AS kind, person AS subject, record, event, NULL AS person FROM held
    UNION ALL
    SELECT 'address', address, record, event, person FROM held WHERE address IS NOT NULL
    UNION ALL
    SELECT 'vehicle', 'vehicle ' || vehicle, record, day, NULL FROM seized
    UNION ALL
    SELECT 'licensee prefix', 'prefix ' || substr(serial, 1, 8), record, event, NULL FROM ghost
    WHERE serial GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]?*'
    UNION ALL
    SELECT 'run of tracking numbers', 'parcels ' || series || ' ' || run, record, event, NULL
    FROM runs WHERE (series, run) IN (SELECT series, run FROM ghost_runs)
    UNION ALL
    SELECT iif(category = 'PMF_KIT', 'kit and month', 'design and month'), shape, record, day, NULL
    FROM ghost WHERE shape IS NOT NULL
), perhaps AS MATERIALIZED ( -- most stand alone
    SELECT kind, subject FROM all_keyed GROUP BY subject, kind
    HAVING min(event) <> max(event) OR :min_seizures < 2
), keyed AS MATERIALIZED (
    SELECT k.* FROM all_keyed k CROSS JOIN perhaps p ON p.subject = k.subject AND p.kind = k.kind
), groups AS MATERIALIZED (
    SELECT kind, subject, count(DISTINCT event) AS n
    FROM keyed GROUP BY subject, kind
    HAVING count(DISTINCT event) >= :min_seizures
       AND count(DISTINCT event) <= iif(kind LIKE '% and month', :shape_hub, :hub_seizures)
       AND (kind <> 'address' OR count(DISTINCT person) >= 2)
)
SELECT DISTINCT g.subject AS subject, k.record AS record,
       CASE WHEN g.kind LIKE '% and month' THEN :shape_bits
            WHEN g.n >= :many_seizures THEN :many_bits
            WHEN g.n >= :strong_seizures THEN :strong_bits ELSE :pattern_bits END AS bits,
       'ghost gun or kit, one of ' || g.n || ' seizures or cases of one ' || g.kind AS explanation
FROM groups g JOIN keyed k ON k.subject = g.subject AND k.kind = g.kind
