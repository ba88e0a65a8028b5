-- id: shared-addresses
-- title: addresses that several different people gave
-- param: people = 2

SELECT address_key, count(DISTINCT person) AS people, count(DISTINCT record) AS records,
       group_concat(DISTINCT last) AS names
FROM people
WHERE address_key IS NOT NULL AND person IS NOT NULL AND organisation IS NULL
GROUP BY address_key HAVING count(DISTINCT person) >= :people
ORDER BY people DESC, address_key
