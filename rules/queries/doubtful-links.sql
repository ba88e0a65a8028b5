-- id: doubtful-links
-- title: links that are neither sure nor excluded, the most open first
-- param: low = 0.2
-- param: high = 0.8

SELECT "left", "right", tier, bits, probability, chance_matches
FROM links
WHERE probability BETWEEN :low AND :high
ORDER BY abs(probability - 0.5), "left", "right"
