-- id: I9
-- rev: 2
-- title: Serial number obliterated, altered or restored
-- title.fr: Numéro de série oblitéré, modifié ou restauré
-- text: serial number recorded as {kind}
-- text.fr: numéro de série consigné comme {kind}
-- text: the text says that the serial number was removed
-- text.fr: le texte dit que le numéro de série a été enlevé
-- word.fr: obliterated = oblitéré
-- word.fr: altered = modifié
-- word.fr: restored = restauré
-- status: stable
-- severity: medium
-- source: YCGII; Criminal Code s.108
-- falsepositives: corrosion; a refinished antique
-- param: min_probability = 0.5
-- bits: 1.5
-- example: hit cases/I9/ground-off.case
-- example: hit cases/I9/restored-in-the-laboratory.case
-- example: miss cases/I9/not-recorded.case
-- example: miss cases/I9/intact.case

-- Subject: the firearm. Bits: 7 to 9 % of crime handguns in large cities; those who traffic
-- remove numbers about three times as often, those who travel with their own gun hardly ever.
SELECT firearm AS subject, record AS record, 1.5 AS bits,
       'serial number recorded as ' || lower(serial_kind) AS explanation
FROM firearms
WHERE serial_kind IN ('OBLITERATED', 'ALTERED', 'RESTORED')
UNION ALL
SELECT f.firearm, m.record, 1.5, 'the text says that the serial number was removed'
FROM markers m JOIN firearms f ON f.record = m.record
WHERE m.category = 'OBLITERATED' AND m.probability >= :min_probability
