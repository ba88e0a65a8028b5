-- id: I8
-- rev: 3
-- title: Bought in another state than the buyer's
-- title.fr: Achetée dans un autre État que celui de l'acheteur
-- text: bought in {state} by a resident of {home}
-- text.fr: achetée en {state} par un résident de {home}
-- status: stable
-- severity: low
-- source: 18 USC 922(b)(3); FBI Law Enforcement Bulletin 1998
-- falsepositives: a buyer who moved; a long gun bought on a journey, which is lawful
-- valid: 1968-12-16..
-- param: handgun_bits = 0.7 bits
-- param: other_bits = 0.3 bits
-- bits: 0.7
-- example: hit cases/I8/handgun-in-another-state.case
-- example: hit cases/I8/rifle-in-another-state.case
-- example: miss cases/I8/at-home.case
-- example: miss cases/I8/residence-not-known.case
-- example: miss cases/I8/company.case

-- The buyer's residence and the dealer lie in different states. Subject: the firearm. Bits: a
-- dealer may not hand a handgun to a resident of another state, so that such a sale was made on a
-- false paper or its record is wrong; long guns are sold so every day, and all to licensees.
SELECT firearm AS subject, record AS record, iif(handgun, :handgun_bits, :other_bits) AS bits,
       'bought in ' || ffl_state || ' by a resident of ' || purchaser_state AS explanation
FROM purchases
WHERE purchaser_state IS NOT NULL AND ffl_state IS NOT NULL AND purchaser_state <> ffl_state
  AND person IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.record = purchases.record
                  AND q.role = 'purchaser' AND q.organisation IS NOT NULL)
