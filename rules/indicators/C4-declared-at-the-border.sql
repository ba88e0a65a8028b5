-- id: C4
-- rev: 3
-- title: Declared at the border
-- title.fr: Déclarée à la frontière
-- text: {how} at the border on {day}
-- text.fr: {how} à la frontière le {day}
-- text: {how} at the border
-- text.fr: {how} à la frontière
-- word.fr: declared = déclarée
-- word.fr: abandoned = abandonnée
-- status: stable
-- severity: low
-- source: Customs Act s.12; CBSA practice with travellers in transit
-- falsepositives: a declaration of one gun that hides another
-- param: declared_bits = -2 bits
-- bits: -2
-- example: hit cases/C4/declared-rifle.case
-- example: hit cases/C4/abandoned-to-the-crown.case
-- example: hit cases/C4/date-not-used.case
-- example: miss cases/C4/undeclared.case
-- example: miss cases/C4/misdeclared.case

-- Counter-indicator. The firearm was declared, or given up, by the person who carried it. Subject: the
-- firearm. Bits: 85 % of seized guns were not declared; of smuggled ones nearly all.
SELECT firearm AS subject, record AS record, :declared_bits AS bits,
       lower(declared) || ' at the border' || ifnull(' on ' || date, '') AS explanation
FROM seizures
WHERE declared IN ('DECLARED', 'ABANDONED') AND mode NOT IN ('POSTAL', 'COURIER')
