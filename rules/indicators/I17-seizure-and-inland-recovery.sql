-- id: I17
-- rev: 4
-- title: One buyer's guns seized at the border and recovered inland
-- title.fr: Armes d'un même acheteur saisies à la frontière et récupérées à l'intérieur
-- text: seized at the border; another firearm of the same buyer was recovered inland
-- text.fr: saisie à la frontière; une autre arme du même acheteur a été récupérée à l'intérieur
-- text: recovered inland; another firearm of the same buyer was seized at the border
-- text.fr: récupérée à l'intérieur; une autre arme du même acheteur a été saisie à la frontière
-- status: stable
-- severity: high
-- source: seizures and traces side by side
-- falsepositives: a stolen collection
-- valid: 1968-12-16..
-- param: event_days = 3 days
-- param: young_days = 1095 days
-- param: young_bits = 4 bits
-- param: old_bits = 1.5 bits
-- bits: 4
-- example: hit cases/I17/one-seized-one-recovered.case
-- example: hit cases/I17/recovered-before-the-seizure.case
-- example: hit cases/I17/bought-long-ago.case
-- example: miss cases/I17/buyer-is-the-traveller.case
-- example: miss cases/I17/other-gun-not-recovered.case
-- example: miss cases/I17/same-event-traced.case

-- A firearm seized at the border was bought by somebody of whom another firearm was recovered inland,
-- from another person, and not in the days of the seizure itself. Subject: the buyer. Bits: two guns
-- of one buyer on both sides of the border are I3 with the border crossing proved; less than its sum
-- with I3, since they say much the same. A gun that came up more than three years after its sale has
-- mostly been stolen, or sold, by then.
WITH carried AS MATERIALIZED (
    SELECT DISTINCT p.person AS person, p.firearm AS firearm, p.record AS record,
           date_days(s.date) AS day, p.ttc_days BETWEEN 0 AND :young_days AS young
    FROM seizures s JOIN purchases p ON p.firearm = s.firearm
    WHERE p.person IS NOT NULL AND s.traveller IS NOT p.person
), inland AS MATERIALIZED (
    SELECT DISTINCT p.person AS person, p.firearm AS firearm, p.record AS record,
           p.ttc_days BETWEEN 0 AND :young_days AS young
    FROM purchases p JOIN firearms r ON r.firearm = p.firearm
    WHERE p.person IN (SELECT person FROM carried)
      AND r.event_type = 'RECOVERED' AND r.event_date IS NOT NULL
      AND (p.possessor IS NULL OR p.possessor <> p.person)
      AND p.firearm NOT IN (SELECT firearm FROM seizures)
      AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.person = p.person
                      AND abs(c.day - date_days(r.event_date)) <= :event_days)
      AND (r.case_no IS NULL
           OR r.case_no NOT IN (SELECT seizure_no FROM seizures WHERE seizure_no IS NOT NULL))
), both AS MATERIALIZED (
    SELECT c.person AS person, iif(max(c.young) AND max(i.young), :young_bits, :old_bits) AS bits
    FROM carried c JOIN inland i ON i.person = c.person
    GROUP BY c.person
)
SELECT DISTINCT b.person AS subject, c.record AS record, b.bits AS bits,
       'seized at the border; another firearm of the same buyer was recovered inland' AS explanation
FROM both b JOIN carried c ON c.person = b.person
UNION ALL
SELECT b.person, i.record, b.bits,
       'recovered inland; another firearm of the same buyer was seized at the border'
FROM both b JOIN inland i ON i.person = b.person
