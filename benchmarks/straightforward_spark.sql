-- straightforward.sql in Spark's own words.
-- kpis
SELECT trunc(ordered_at, 'MM') AS period, sum(amount) AS revenue, count(DISTINCT order_id) AS orders, count(DISTINCT customer_id) AS customers
FROM sales GROUP BY 1 ORDER BY 1;
-- rfm
WITH c AS (SELECT customer_id, datediff(DATE '2025-12-31', max(to_date(ordered_at))) AS r, count(DISTINCT to_date(ordered_at)) AS f, sum(amount) AS m
           FROM sales WHERE customer_id IS NOT NULL AND quantity > 0 GROUP BY 1),
     s AS (SELECT *, ntile(5) OVER (ORDER BY r DESC) AS rs, ntile(5) OVER (ORDER BY f) AS fs, ntile(5) OVER (ORDER BY m) AS ms FROM c)
SELECT rs, fs, count(*), sum(m) FROM s GROUP BY 1, 2 ORDER BY 1, 2;
-- cpm
WITH d AS (SELECT customer_id, to_date(ordered_at) AS day, sum(amount) AS m, count(DISTINCT order_id) AS o FROM sales
           WHERE customer_id IS NOT NULL AND quantity > 0 GROUP BY 1, 2),
     bar AS (SELECT 7 * sum(m) / sum(o) AS v FROM d),
     c AS (SELECT customer_id, count(*) AS n, min(day) AS a, max(day) AS z, sum(m) AS m FROM d GROUP BY 1),
     t AS (SELECT customer_id, count(*) AS n, min(day) AS a, max(day) AS z, sum(m) AS m FROM d WHERE day <= date_sub(DATE '2025-12-31', 90) GROUP BY 1),
     g AS (SELECT CASE WHEN n = 1 THEN 1 WHEN datediff(z, a) < 90 THEN 2 WHEN m < v THEN 3 WHEN datediff(z, a) < 210 THEN 4 ELSE 5 END AS k,
                  datediff(DATE '2025-12-31', z) < 240 AS active, m FROM c CROSS JOIN bar),
     p AS (SELECT CASE WHEN t.n = 1 THEN 1 WHEN datediff(t.z, t.a) < 90 THEN 2 WHEN t.m < v THEN 3 WHEN datediff(t.z, t.a) < 210 THEN 4 ELSE 5 END AS k,
                  datediff(DATE '2025-12-31', t.z) - 90 < 240 AS active, c.z > date_sub(DATE '2025-12-31', 90) AS back
           FROM t JOIN c ON t.customer_id = c.customer_id CROSS JOIN bar),
     b AS (SELECT k, active, avg(CAST(back AS INT)) AS returned FROM p GROUP BY 1, 2)
SELECT g.k, g.active, count(*), sum(m), max(returned) FROM g LEFT JOIN b ON b.k = g.k AND b.active = g.active GROUP BY 1, 2 ORDER BY 1, 2;
-- concentration
WITH c AS (SELECT customer_id, sum(amount) AS m, count(DISTINCT order_id) AS o FROM sales WHERE customer_id IS NOT NULL GROUP BY 1),
     t AS (SELECT *, ntile(10) OVER (ORDER BY m DESC) AS decile FROM c)
SELECT decile, count(*), sum(m), sum(o) FROM t GROUP BY 1 ORDER BY 1;
-- retention
WITH a AS (SELECT DISTINCT customer_id, trunc(ordered_at, 'MM') AS month FROM sales WHERE customer_id IS NOT NULL AND quantity > 0),
     f AS (SELECT customer_id, min(month) AS cohort FROM a GROUP BY 1)
SELECT cohort, CAST(months_between(month, cohort) AS INT) AS age, count(*) FROM a JOIN f ON f.customer_id = a.customer_id GROUP BY 1, 2 ORDER BY 1, 2
