-- id: C3
-- rev: 2
-- title: Bought by a licensee, company or agency
-- title.fr: Achetée par un titulaire de permis, une entreprise ou un organisme
-- text: first bought by an organisation
-- text.fr: d'abord achetée par une organisation
-- text: traced to a government or police purchase
-- text.fr: retracée jusqu'à un achat d'un gouvernement ou d'une police
-- status: stable
-- severity: low
-- source: trace dispositions (GOV); records of dealer-to-dealer sales
-- falsepositives: a company that is a straw buyer
-- param: organisation_bits = -1.5 bits
-- param: agency_bits = -2 bits
-- bits: -2
-- example: hit cases/C3/sold-to-another-dealer.case
-- example: hit cases/C3/police-agency.case
-- example: miss cases/C3/private-buyer.case
-- example: miss cases/C3/surname-like-a-trade.case

-- Counter-indicator. The first buyer is an organisation, or the gun was a government purchase and was
-- traded in. Subject: the firearm. Bits: such a sale is no straw purchase; the trace ends there, and who
-- had the gun afterwards is not known, so it counts for no more than this.
SELECT p.firearm AS subject, p.record AS record, :organisation_bits AS bits,
       'first bought by an organisation' AS explanation
FROM people b JOIN purchases p ON p.record = b.record
WHERE b.role = 'purchaser' AND b.organisation IS NOT NULL
UNION ALL
SELECT firearm, record, :agency_bits, 'traced to a government or police purchase'
FROM purchases
WHERE disposition = 'GOV'
