-- id: I21
-- rev: 2
-- title: A suspect gun was recovered
-- title.fr: Une arme suspecte a été récupérée
-- text: entered as a suspect gun on {entered} ({record}), came up on {day}
-- text.fr: inscrite comme arme suspecte le {entered} ({record}), réapparue le {day}
-- text: entered as a suspect gun ({record}), came up on {day}
-- text.fr: inscrite comme arme suspecte ({record}), réapparue le {day}
-- status: stable
-- severity: high
-- source: ATF F 3312.1 supporting statement (suspect guns)
-- falsepositives: a wrong serial number in the entry
-- valid: 1968-12-16..
-- bits: 4
-- example: hit cases/I21/entered-then-recovered.case
-- example: hit cases/I21/entered-then-seized.case
-- example: miss cases/I21/recovered-before-the-entry.case
-- example: miss cases/I21/another-number.case

-- A firearm that was entered as a suspect gun, believed to be in the hands of traffickers and not
-- yet found, has come up since. Subject: the firearm. Bits: somebody suspected this very gun before
-- it was found; what remains is that the suspicion was wrong.
WITH suspect AS MATERIALIZED (
    SELECT firearm, record, request_date FROM firearms WHERE disposition = 'SUS'
)
SELECT s.firearm AS subject, f.record AS record, 4.0 AS bits,
       'entered as a suspect gun' || ifnull(' on ' || s.request_date, '') || ' (' || s.record ||
           '), came up on ' || f.event_date AS explanation
FROM suspect s JOIN firearms f ON f.firearm = s.firearm
WHERE f.record <> s.record AND f.event_type IN ('SEIZED', 'RECOVERED')
  AND ifnull(f.disposition, '') <> 'SUS' AND f.event_date >= ifnull(s.request_date, '')
