-- id: C7
-- rev: 2
-- title: Transferred to a licensed collector
-- title.fr: Cédée par un collectionneur titulaire de permis
-- text: through a licensed collector (licence type 03)
-- text.fr: par un collectionneur titulaire de permis (type 03)
-- status: stable
-- severity: low
-- source: 27 CFR 478.41 (licence type 03, collector of curios and relics)
-- falsepositives: a collector who sells on
-- param: collector_bits = -1.5 bits
-- bits: -1.5
-- example: hit cases/C7/licence-of-type-03.case
-- example: hit cases/C7/two-buyers-from-one-collector.case
-- example: miss cases/C7/dealer.case
-- example: miss cases/C7/pawnbroker.case

-- Counter-indicator. The licence on the trace is a collector's (type 03), who is no dealer. Subject:
-- the firearm. Bits: curios and relics are old, and whoever holds that licence has been known to
-- ATF for years; traffickers want new pistols.
SELECT firearm AS subject, record AS record, :collector_bits AS bits,
       'through a licensed collector (licence type 03)' AS explanation
FROM purchases
WHERE ffl_type = '03'
