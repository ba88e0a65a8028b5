-- id: I16
-- rev: 2
-- title: Sold by a pawnbroker
-- title.fr: Vendue par un prêteur sur gages
-- text: sold by a pawnbroker (licence type 02)
-- text.fr: vendue par un prêteur sur gages (permis de type 02)
-- status: stable
-- severity: low
-- source: ATF, Following the Gun (second-hand firearms in 40 % of trafficking cases)
-- falsepositives: any lawful purchase at a pawnbroker
-- valid: 1968-12-16..
-- bits: 0.3
-- example: hit cases/I16/licence-of-type-02.case
-- example: hit cases/I16/two-pawned-pistols.case
-- example: miss cases/I16/dealer.case
-- example: miss cases/I16/no-licence-number.case

-- The dealer's licence is a pawnbroker's (type 02): the firearm was second-hand. Subject: the
-- firearm. Bits: traffickers like used guns a little more than others do. Its time to crime counts from
-- the sale that the trace knows and not from the first one, so that I1 gives it its weakest bits.
SELECT firearm AS subject, record AS record, 0.3 AS bits,
       'sold by a pawnbroker (licence type 02)' AS explanation
FROM purchases
WHERE ffl_type = '02' AND purchase_date IS NOT NULL
