-- id: I7
-- rev: 2
-- title: Bought in one state, recovered far away
-- title.fr: Achetée dans un État, récupérée loin de là
-- text: bought in {state}, recovered in {region} after {days} days
-- text.fr: achetée en {state}, récupérée en {region} après {days} jours
-- status: stable
-- severity: low
-- source: NFCTA (interstate recoveries of short time to crime)
-- falsepositives: a buyer who moved; a traveller on holiday
-- valid: 1968-12-16..
-- param: short_days = 1095 days
-- param: far_bits = 0.3 bits
-- param: near_bits = 0.1 bits
-- bits: 0.3
-- example: hit cases/I7/georgia-to-ontario.case
-- example: hit cases/I7/ohio-to-ontario.case
-- example: miss cases/I7/same-state.case
-- example: miss cases/I7/four-years.case

-- Recovered within three years in Canada, or in another state than it was bought in. Subject: the
-- firearm. Bits: that a gun came to Canada is what every lead rests on already, so that little
-- is left: Georgia, Florida and Texas are sources of trafficked guns as often as the states along
-- the border, while those who cross with a gun of their own live mostly along it.
WITH moved AS (
    SELECT firearm, record, ffl_state, recovered_region, recovered_country, ttc_days,
           ffl_state IN ('ME', 'NH', 'VT', 'NY', 'PA', 'OH', 'MI', 'WI', 'MN', 'ND', 'MT', 'ID',
                         'WA', 'AK') AS border
    FROM purchases
    WHERE ttc_days BETWEEN 0 AND :short_days AND ffl_state IS NOT NULL
      AND recovered_region IS NOT NULL AND ffl_state <> recovered_region
)
SELECT firearm AS subject, record AS record,
       iif(recovered_country = 'CAN' AND NOT border, :far_bits, :near_bits) AS bits,
       'bought in ' || ffl_state || ', recovered in ' || recovered_region || ' after ' ||
           ttc_days || ' days' AS explanation
FROM moved
