-- What an analyst would write: each analysis straight from the order lines. Refunds are netted on their own date, not matched.
-- kpis by month
SELECT date_trunc('month', ordered_at) AS period, sum(amount) AS revenue, count(DISTINCT order_id) AS orders, count(DISTINCT customer_id) AS customers
FROM sales GROUP BY 1 ORDER BY 1;
-- rfm
WITH c AS (SELECT customer_id, date_diff('day', max(ordered_at)::date, DATE '2025-12-31') AS r, count(DISTINCT ordered_at::date) AS f, sum(amount) AS m
           FROM sales WHERE customer_id IS NOT NULL AND quantity > 0 GROUP BY 1),
     s AS (SELECT *, ntile(5) OVER (ORDER BY r DESC) AS rs, ntile(5) OVER (ORDER BY f) AS fs, ntile(5) OVER (ORDER BY m) AS ms FROM c)
SELECT rs, fs, count(*), sum(m) FROM s GROUP BY 1, 2 ORDER BY 1, 2;
-- cpm, now and ninety days ago with who came back
WITH d AS (SELECT customer_id, ordered_at::date AS day, sum(amount) AS m, count(DISTINCT order_id) AS o FROM sales
           WHERE customer_id IS NOT NULL AND quantity > 0 GROUP BY 1, 2),
     bar AS (SELECT 7 * sum(m) / sum(o) AS v FROM d),
     c AS (SELECT customer_id, count(*) AS n, min(day) AS a, max(day) AS z, sum(m) AS m FROM d GROUP BY 1),
     t AS (SELECT customer_id, count(*) AS n, min(day) AS a, max(day) AS z, sum(m) AS m FROM d WHERE day <= DATE '2025-12-31' - 90 GROUP BY 1),
     g AS (SELECT CASE WHEN n = 1 THEN 1 WHEN z - a < 90 THEN 2 WHEN m < v THEN 3 WHEN z - a < 210 THEN 4 ELSE 5 END AS k,
                  DATE '2025-12-31' - z < 240 AS active, m FROM c, bar),
     p AS (SELECT CASE WHEN t.n = 1 THEN 1 WHEN t.z - t.a < 90 THEN 2 WHEN t.m < v THEN 3 WHEN t.z - t.a < 210 THEN 4 ELSE 5 END AS k,
                  DATE '2025-12-31' - 90 - t.z < 240 AS active, c.z > DATE '2025-12-31' - 90 AS back FROM t JOIN c USING (customer_id), bar)
SELECT k, active, count(*), sum(m), (SELECT avg(back::int) FROM p WHERE p.k = g.k AND p.active = g.active) FROM g GROUP BY 1, 2 ORDER BY 1, 2;
-- concentration
WITH c AS (SELECT customer_id, sum(amount) AS m, count(DISTINCT order_id) AS o FROM sales WHERE customer_id IS NOT NULL GROUP BY 1),
     t AS (SELECT *, ntile(10) OVER (ORDER BY m DESC) AS decile FROM c)
SELECT decile, count(*), sum(m), sum(o) FROM t GROUP BY 1 ORDER BY 1;
-- retention
WITH a AS (SELECT DISTINCT customer_id, date_trunc('month', ordered_at)::date AS month FROM sales WHERE customer_id IS NOT NULL AND quantity > 0),
     f AS (SELECT customer_id, min(month) AS cohort FROM a GROUP BY 1)
SELECT cohort, date_diff('month', cohort, month) AS age, count(*) FROM a JOIN f USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2;
